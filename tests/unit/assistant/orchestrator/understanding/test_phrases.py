"""What people say for every command, in both languages: each phrase becomes it, with arguments that fit its schema."""

from pathlib import Path

import pytest

from assistant.domain.tool import Arguments
from assistant.tools.arguments import misfit
from assistant.tools.manifest import read_manifest
from tests.unit.assistant.orchestrator.understanding import (
    phrases_english,
    phrases_english_texts,
    phrases_russian,
    phrases_russian_texts,
)
from tests.unit.assistant.orchestrator.understanding.desk_of_anna import outcome, understood

BUILTIN = Path(__file__).resolve().parents[5] / "assistant" / "tools" / "builtin"
SCHEMAS = {
    f"{manifest.name}.{command.name}": command.arguments
    for path in sorted(BUILTIN.glob("*/tool.json"))
    for manifest in [read_manifest(path)]
    for command in manifest.commands
}
TABLES = {
    "en": {**phrases_english.PHRASES, **phrases_english_texts.PHRASES},
    "ru": {**phrases_russian.PHRASES, **phrases_russian_texts.PHRASES},
}
ROWS = [
    (language, command, phrase)
    for language, table in TABLES.items()
    for command, block in table.items()
    for phrase in block.strip().splitlines()
]


@pytest.mark.parametrize(("language", "command", "phrase"), ROWS)
async def test_a_phrase_becomes_its_command(language: str, command: str, phrase: str) -> None:
    found = await understood(phrase)
    assert outcome(found) == command
    for intent in found.intents:
        literal: Arguments = {name: "…" if isinstance(value, dict) else value for name, value in intent.arguments.items()}
        assert intent.tool not in SCHEMAS or misfit(SCHEMAS[intent.tool], literal) == ""
    assert found.intents[0].language == language or phrase.startswith("git ")


def test_every_command_has_a_dozen_phrases_in_both_languages() -> None:
    assert TABLES["en"].keys() == TABLES["ru"].keys()
    few = {
        (language, command)
        for language, table in TABLES.items()
        for command, block in table.items()
        if block.strip().count("\n") < 11
    }
    assert not few
