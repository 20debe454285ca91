"""Commands are found by their full names, and a tool is only taken whole."""

import json

import pytest

from assistant.domain.errors import ConfigError, NotFoundError
from assistant.domain.tool import Arguments, Outcome, ToolManifest
from assistant.tools import Command, Registry, Sight, parse_manifest

GUIDE = {
    "title": {"en": "Echo", "ru": "Эхо"},
    "summary": {"en": "Says it again.", "ru": "Повторяет."},
    "examples": {"en": ["say it"], "ru": ["скажи"]},
}


async def echo(arguments: Arguments, sight: Sight) -> Outcome:
    return Outcome(text=str(arguments["text"]))


def manifest(name: str = "sound") -> ToolManifest:
    schema = {"type": "object", "additionalProperties": False}
    command = {"name": "echo", "arguments": schema, "effects": ["read"], "permissions": [], "guide": GUIDE}
    return parse_manifest(json.dumps({"name": name, "version": "1", "commands": [command], "requires": ["ear"]}).encode(), name)


def test_a_command_is_found_by_its_full_name():
    registry = Registry(lambda: [(manifest(), {"echo": echo}), (manifest("music"), {"echo": echo})])
    spec, command = registry.command("sound.echo")
    assert (spec.name, command) == ("echo", echo)
    assert list(registry.all()) == ["sound.echo", "music.echo"]
    assert [one.name for one in registry.manifests()] == ["sound", "music"]
    assert registry.requires("music.echo") == ("ear",)
    assert spec.guide.tags == ("sound", "echo")


def test_what_there_is_not_is_not_found():
    with pytest.raises(NotFoundError, match=r"no command sound\.shout"):
        Registry(lambda: [(manifest(), {"echo": echo})]).command("sound.shout")


def test_a_manifest_and_its_commands_name_the_same():
    with pytest.raises(ConfigError, match="differ in: echo, shout"):
        Registry(lambda: [(manifest(), {"shout": echo})]).all()
    with pytest.raises(ConfigError, match="another tool has this name"):
        Registry(lambda: [(manifest(), {"echo": echo}), (manifest(), {"echo": echo})]).manifests()


def test_tools_are_looked_at_once_and_not_before_one_is_asked_for():
    asked: list[str] = []

    def tools() -> list[tuple[ToolManifest, dict[str, Command]]]:
        asked.append("asked")
        return [(manifest(), {"echo": echo})]

    registry = Registry(tools)
    assert asked == []
    assert registry.manifests() == registry.manifests()
    assert list(registry.all()) == ["sound.echo"]
    assert asked == ["asked"]
