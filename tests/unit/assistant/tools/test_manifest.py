"""A tool.json is taken as it is or refused with what is wrong in it."""

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.errors import ConfigError
from assistant.tools import parse_manifest, read_manifest

GUIDE = {
    "title": {"en": "Echo", "ru": "Эхо"},
    "summary": {"en": "Says it again.", "ru": "Повторяет."},
    "examples": {"en": ["say it"], "ru": ["скажи"]},
}
SCHEMA = {"type": "object", "additionalProperties": False, "properties": {"text": {"type": "string"}}}


def declared(**replaced: Any) -> dict[str, Any]:
    command = {"name": "echo", "arguments": SCHEMA, "effects": ["read"], "permissions": [], "guide": GUIDE} | replaced
    return {"name": "sound", "version": "1", "commands": [command]}


def test_a_manifest_is_read_from_its_file(tmp_path: Path):
    file = tmp_path / "tool.json"
    file.write_text(json.dumps(declared()), "utf-8")
    manifest = read_manifest(file)
    assert manifest.commands[0].guide.title["ru"] == "Эхо"
    with pytest.raises(ConfigError, match=r"gone\.json cannot be used: it cannot be read: No such file"):
        read_manifest(tmp_path / "gone.json")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"not json", "the file: Invalid JSON"),
        (json.dumps(declared(effects=["explode"])).encode(), "commands.0.effects.0: Input should be"),
        (json.dumps({**declared(), "sudo": True}).encode(), "sudo: Extra inputs"),
        (json.dumps({**declared(), "commands": declared()["commands"] * 2}).encode(), "a command is declared twice"),
        (json.dumps(declared(arguments={"type": 5})).encode(), "echo: its schema of arguments is none"),
        (json.dumps(declared(arguments={"type": "object"})).encode(), "without additional properties"),
        (json.dumps(declared(arguments={"type": "array", "additionalProperties": False})).encode(), "has to be an object"),
        (json.dumps(declared(effects=[])).encode(), "it declares no effects"),
        (json.dumps(declared(guide={**GUIDE, "examples": {"en": ["x"]}})).encode(), "are missing in: ru"),
    ],
)
def test_what_is_wrong_is_said(content: bytes, why: str):
    with pytest.raises(ConfigError) as caught:
        parse_manifest(content, "sound")
    assert why in str(caught.value)
    assert caught.value.what.startswith("The tool sound cannot be used: ")
