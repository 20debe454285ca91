"""How well requests are understood that nobody looked at while the rules were written, and the examples of the tools' guides."""

from pathlib import Path

import pytest

from assistant.domain.change import EntryKind
from assistant.tools.manifest import read_manifest
from tests.unit.assistant.orchestrator.understanding.desk_of_anna import SEEN, WORK, analyzer, outcome, understood
from tests.unit.assistant.orchestrator.understanding.held_out import ENGLISH, RUSSIAN, Row

BUILTIN = Path(__file__).resolve().parents[5] / "assistant" / "tools" / "builtin"
FOLDERS = "Archive Inbox Camera Backup Project Notes Reports Scans Архив Входящие Камера Копия Проект Заметки Отчёты Сканы Фото"
GUIDES = [
    (f"{manifest.name}.{command.name}", example)
    for path in sorted(BUILTIN.glob("*/tool.json"))
    for manifest in [read_manifest(path)]
    for command in manifest.commands
    for examples in command.guide.examples.values()
    for example in examples
]


@pytest.mark.parametrize("rows", [ENGLISH, RUSSIAN], ids=["english", "russian"])
async def test_held_out_requests_are_understood(rows: tuple[Row, ...]) -> None:
    missed = list[str]()
    for request, wanted, arguments in rows:
        found = await understood(request)
        right = outcome(found) == wanted.replace("memory.ask", "question")
        if not right or (arguments and not arguments.items() <= found.intents[0].arguments.items()):
            missed.append(request)
    assert len(missed) <= 0.03 * len(rows), missed


@pytest.mark.parametrize(("command", "example"), GUIDES)
async def test_the_example_of_a_guide_becomes_its_command(command: str, example: str) -> None:
    seen: dict[str, EntryKind] = {**SEEN, **{f"{WORK}/{name}": "folder" for name in FOLDERS.split()}}
    found = await analyzer(seen).analyse(example, [WORK])
    assert outcome(found).replace("question", "memory.ask") == command
