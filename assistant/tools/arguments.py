"""Checks the arguments of a command against its JSON Schema, and says in plain words what is wrong. Used by the invoker."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from pydantic import JsonValue

from assistant.domain.errors import ArgumentError
from assistant.domain.tool import Arguments
from assistant.tools.names import is_literal_path

KINDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "yes or no",
    "array": "a list",
    "object": "a set of named values",
    "null": "nothing",
}
ORDER = ("additionalProperties", "required", "anyOf", "oneOf")
"""What is told first: a name that is not known explains one that is missing."""

FORMATS = FormatChecker(())
FORMATS.checks("path")(lambda value: not isinstance(value, str) or is_literal_path(value))


def checked(schema: dict[str, Any], arguments: Arguments) -> Arguments:
    """Return the arguments with the defaults of the schema; raises ArgumentError naming the first that does not fit."""
    filled = _with_defaults(schema, arguments)
    errors = list(Draft202012Validator(schema, format_checker=FORMATS).iter_errors(filled))
    if errors:
        names = [*cast(dict[str, Any], schema.get("properties", {}))]
        raise _told(min(errors, key=lambda error: _place(error, names)))
    return filled


def _with_defaults(schema: dict[str, Any], arguments: Arguments) -> Arguments:
    properties = cast(dict[str, dict[str, JsonValue]], schema.get("properties", {}))
    defaults = {name: one["default"] for name, one in properties.items() if "default" in one and name not in arguments}
    return {**arguments, **defaults}


def _place(error: ValidationError, names: Sequence[str]) -> tuple[int, int]:
    path = list(error.absolute_path)
    if not path:
        return (ORDER.index(error.validator) if error.validator in ORDER else len(ORDER), 0)
    first = str(path[0])
    return (len(ORDER), names.index(first) if first in names else len(names))


def _told(error: ValidationError) -> ArgumentError:
    path = list(error.absolute_path)
    what = _of_one(str(path[0]), error) if path else _of_all(error)
    return ArgumentError(what, kept="Nothing was done.", remedy="Say it in other words, or correct the plan.")


def _of_all(error: ValidationError) -> str:
    given = cast(Mapping[str, JsonValue], error.instance)
    match error.validator:
        case "required":
            missing = next(name for name in cast(list[str], error.validator_value) if name not in given)
            return f"It is not said what “{missing}” is."
        case "additionalProperties":
            known = cast(dict[str, Any], error.schema.get("properties", {}))
            return f"There is no argument “{next(name for name in given if name not in known)}”."
        case "anyOf" | "oneOf":
            ways = [
                name for way in cast(list[dict[str, Any]], error.validator_value) for name in cast(list[str], way["required"])
            ]
            return f"Exactly one of these has to be said: {', '.join(dict.fromkeys(ways))}."
        case _:
            return "The arguments do not fit together."


def _of_one(name: str, error: ValidationError) -> str:
    wanted = error.validator_value
    match error.validator:
        case "type":
            kinds = cast(list[str], wanted) if isinstance(wanted, list) else [str(wanted)]
            return f"The argument “{name}” has to be {' or '.join(KINDS[kind] for kind in kinds)}."
        case "enum":
            return f"The argument “{name}” has to be one of: {', '.join(map(str, wanted))}."
        case "minimum" | "exclusiveMinimum":
            return f"The argument “{name}” is too small."
        case "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems":
            return f"The argument “{name}” is too large."
        case "minLength" | "minItems" | "minProperties":
            return f"The argument “{name}” is empty."
        case "format":
            return f"The argument “{name}” has to be a full path without “..”."
        case _:
            return f"The argument “{name}” is malformed."
