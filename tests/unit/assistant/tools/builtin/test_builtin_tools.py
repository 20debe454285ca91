"""Every tool that comes with Mneme declares itself whole, in both languages."""

import re

import pytest

from assistant.domain.tool import CommandSpec
from assistant.tools import Registry
from assistant.tools.builtin import builtin_tools

WRITING = {"create", "write", "move", "trash"}
COMMANDS = Registry(builtin_tools).all()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_described_for_people_and_machines(name: str):
    spec: CommandSpec = COMMANDS[name]
    guide = spec.guide
    for language in ("en", "ru"):
        assert len(guide.examples[language]) >= 3
        assert guide.summary[language].endswith(".")
        assert not guide.title[language].endswith(".")
        for text in (guide.title[language], guide.summary[language]):
            assert bool(re.search("[а-яё]", text)) is (language == "ru")
    assert ("fs.write" in spec.permissions) is any(
        effect.value in {"create", "write", "move", "trash"} for effect in spec.effects
    )
    assert spec.timeout_s <= 600


def test_no_example_stands_for_two_commands():
    found: dict[str, str] = {}
    for name, spec in COMMANDS.items():
        for example in {one for texts in spec.guide.examples.values() for one in texts}:
            assert found.setdefault(example, name) == name
