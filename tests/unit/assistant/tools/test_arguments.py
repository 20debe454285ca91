"""Arguments that do not fit their schema are named in plain words, the most telling first."""

from typing import Any

import pytest

from assistant.domain.errors import ArgumentError
from assistant.domain.tool import Arguments
from assistant.tools.arguments import checked, misfit

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["by"],
    "properties": {
        "paths": {"type": "array", "minItems": 1, "items": {"type": "string", "format": "path"}},
        "folder": {"type": "string", "format": "path"},
        "by": {"enum": ["month", "year"]},
        "deep": {"type": "boolean", "default": False},
        "days": {"type": ["integer", "string"], "minimum": 1, "maximum": 9},
        "name": {"type": "string", "minLength": 1, "maxLength": 3, "pattern": "^[a-z]*$"},
    },
    "oneOf": [{"required": ["paths"]}, {"required": ["folder"]}],
}


def test_defaults_are_filled_in():
    given: Arguments = {"folder": "/a", "by": "year"}
    assert checked(SCHEMA, given) == {"folder": "/a", "by": "year", "deep": False}
    assert checked(SCHEMA, {**given, "deep": True})["deep"] is True
    assert checked({"type": "object"}, {}) == {}


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ({"folder": "/a"}, "It is not said what “by” is."),
        ({"foldr": "/a"}, "There is no argument “foldr”."),
        ({"by": "year"}, "Exactly one of these has to be said: paths, folder."),
        ({"by": "year", "folder": "/a", "paths": ["/b"]}, "Exactly one of these has to be said: paths, folder."),
        ({"by": "week", "folder": "/a"}, "The argument “by” has to be one of: month, year."),
        ({"by": "year", "folder": 5}, "The argument “folder” has to be a text."),
        ({"by": "year", "folder": "/a", "days": []}, "The argument “days” has to be a whole number or a text."),
        ({"by": "year", "folder": "/a", "days": 0}, "The argument “days” is too small."),
        ({"by": "year", "folder": "/a", "days": 10}, "The argument “days” is too large."),
        ({"by": "year", "folder": "/a", "name": ""}, "The argument “name” is empty."),
        ({"by": "year", "folder": "/a", "name": "A"}, "The argument “name” is malformed."),
        ({"by": "year", "paths": []}, "The argument “paths” is empty."),
        ({"by": "year", "paths": ["a"]}, "The argument “paths” has to be a full path without “..”."),
        ({"by": "year", "paths": ["/a/../b"]}, "The argument “paths” has to be a full path without “..”."),
        ({"by": "week", "paths": ["a"]}, "The argument “paths” has to be a full path without “..”."),
    ],
)
def test_the_first_that_does_not_fit_is_named(arguments: dict[str, Any], what: str):
    with pytest.raises(ArgumentError) as caught:
        checked(SCHEMA, arguments)
    assert caught.value.what == what


def test_other_rules_are_told_as_such():
    with pytest.raises(ArgumentError, match="do not fit together"):
        checked({"type": "object", "not": {"required": ["a"]}, "properties": {"a": {}}}, {"a": 1})
    with pytest.raises(ArgumentError, match="“b” is malformed"):
        checked({"type": "object", "additionalProperties": {"pattern": "x"}}, {"b": "y"})


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"by": "year", "folder": "/a"}, ""),
        ({"folder": "/a"}, "by"),
        ({"by": "year"}, "paths"),
        ({"by": "week", "folder": "/a"}, "by"),
        ({"by": "year", "folder": "/a", "other": 1}, "other"),
        ({"by": "year", "paths": {"from": "s1", "take": "paths"}}, ""),
        ({"by": "year", "paths": {"from": "s1"}}, "paths"),
    ],
)
def test_the_first_misfit_is_named(arguments: dict[str, Any], name: str):
    assert misfit(SCHEMA, arguments) == name


def test_what_is_about_all_arguments_names_none():
    assert misfit({"type": "object", "not": {"required": ["a"]}}, {"a": 1}) == ""
    with pytest.raises(ArgumentError, match="At least one of these has to be said: a, b"):
        checked({"type": "object", "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, {})
