"""Checks the arguments of a command against its JSON Schema, and says in plain words what is wrong. Used by the invoker."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from pydantic import JsonValue

from assistant.domain.errors import ArgumentError
from assistant.domain.tool import Arguments
from assistant.tools.names import is_literal_path

if TYPE_CHECKING:
    from jsonschema import ValidationError

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


def checked(schema: dict[str, Any], arguments: Arguments) -> Arguments:
    """Return the arguments with the defaults of the schema; raises ArgumentError naming the first that does not fit."""
    filled = _with_defaults(schema, arguments)
    error = _first(schema, filled)
    if error is not None:
        raise _told(error)
    return filled


def misfit(schema: dict[str, Any], arguments: Arguments) -> str:
    """Return the name of the first argument that is missing or does not fit, "" when all fit.

    What an earlier step is to find ({"from": step, "take": part}) cannot be told yet, and fits.
    """
    later = {name for name, value in arguments.items() if isinstance(value, dict) and value.keys() == {"from", "take"}}
    error = _first(schema, arguments, later)
    if error is None:
        return ""
    path = list(error.absolute_path)
    return str(path[0]) if path else _lacking(error)


def _first(schema: dict[str, Any], arguments: Arguments, later: Collection[str] = ()) -> ValidationError | None:
    errors = (error for error in _errors(schema, arguments) if not error.absolute_path or error.absolute_path[0] not in later)
    names = [*cast(dict[str, Any], schema.get("properties", {}))]
    return min(errors, key=lambda error: _place(error, names), default=None)


def _errors(schema: dict[str, Any], arguments: Arguments) -> Iterator[ValidationError]:
    from jsonschema import Draft202012Validator, FormatChecker  # noqa: PLC0415 a start without requests does not wait for it

    formats = FormatChecker(())
    formats.checks("path")(lambda value: not isinstance(value, str) or is_literal_path(value))
    return Draft202012Validator(schema, format_checker=formats).iter_errors(arguments)


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
    match error.validator:
        case "required":
            return f"It is not said what “{_lacking(error)}” is."
        case "additionalProperties":
            return f"There is no argument “{_lacking(error)}”."
        case "anyOf":
            return f"At least one of these has to be said: {', '.join(_ways(error))}."
        case "oneOf":
            return f"Exactly one of these has to be said: {', '.join(_ways(error))}."
        case _:
            return "The arguments do not fit together."


def _lacking(error: ValidationError) -> str:
    """Return the argument that an error about all of them is about: the missing one, the unknown one, the first way; else ""."""
    given = cast(Mapping[str, JsonValue], error.instance)
    match error.validator:
        case "required":
            return next(name for name in cast(list[str], error.validator_value) if name not in given)
        case "additionalProperties":
            known = cast(dict[str, Any], error.schema.get("properties", {}))
            return next(name for name in given if name not in known)
        case "anyOf" | "oneOf":
            return _ways(error)[0]
        case _:
            return ""


def _ways(error: ValidationError) -> list[str]:
    ways = cast(list[dict[str, list[str]]], error.validator_value)
    return list(dict.fromkeys(name for way in ways for name in way["required"]))


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
