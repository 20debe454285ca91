"""`mneme migrate` as a person and a script meet it."""

import json

from assistant.domain.errors import InUseError
from assistant.domain.upkeep import Comparison
from tests.unit.assistant.cli.conftest import FakeDoors, Run


def test_it_says_what_it_does_and_what_moved(mneme: Run, doors: FakeDoors) -> None:
    agreed = Comparison(name="passages in the text index", expected=3, found=3, agrees=True)
    doors.moved = doors.moved.model_copy(update={"comparisons": (agreed,)})
    ended = mneme("migrate", "--sparse", "fts5")
    assert ended.exit_code == 0
    assert doors.asked_to_move == [(None, "fts5")]
    assert "passages in the text index: 3 of 3" in ended.stdout
    assert "Text search: moved from tantivy to fts5." in ended.stdout
    assert "Vectors" not in ended.stdout
    assert "2 passages had no cached vector" in ended.stdout
    assert ended.stderr.splitlines() == ["writing text", "removing what is not used"]


def test_scripts_get_json_alone(mneme: Run) -> None:
    ended = mneme("migrate", "--json")
    assert json.loads(ended.stdout)["sparse"] == "fts5"
    assert ended.stderr == ""


def test_a_memory_that_is_there_already(mneme: Run, doors: FakeDoors) -> None:
    doors.moved = doors.moved.model_copy(update={"moved": False})
    assert "kept in edge and fts5 already" in mneme("migrate").stdout


def test_wrong_engines_are_wrong_usage(mneme: Run) -> None:
    assert mneme("migrate", "--dense", "tantivy").exit_code == 2


def test_a_memory_in_use_is_refused_at_once(mneme: Run, doors: FakeDoors) -> None:
    async def refuse(*_args: object) -> None:
        raise InUseError("This memory is in use by another Mneme.", remedy="Close it first.")

    doors.migrate = refuse  # type: ignore[assignment,method-assign]
    ended = mneme("migrate")
    assert ended.exit_code == 1
    assert "in use" in ended.stderr
