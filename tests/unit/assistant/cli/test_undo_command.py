"""`undo`, `redo` and `finish`: what is passed on, what is told, and what happens to files changed since."""

import json
from collections.abc import Callable

import pytest

from assistant.api.views import Conflict, Reverted
from assistant.domain.errors import InUseError, NotFoundError, UndoError
from tests.fakes.assistant import FakeAssistant
from tests.fakes.deeds import change, proposal, run_of, step
from tests.unit.assistant.cli.conftest import FakeDoors, Run

SORTED = proposal("sort these", "ready", [step(1, "files.sort", "Sort 2 files")], [change("move", "/d/a", "/d/x/a")] * 2)
DONE = run_of(SORTED, "done")


@pytest.fixture
def deed(fake: FakeAssistant) -> FakeAssistant:
    fake.history.kept[DONE.id] = DONE
    return fake


@pytest.mark.parametrize(("command", "verb"), [("undo", "Taken back"), ("redo", "Done again")])
def test_the_last_one_or_one_by_its_id(mneme: Run, deed: FakeAssistant, command: str, verb: str) -> None:
    result = mneme(command)
    assert (result.exit_code, result.stdout) == (0, f"{verb}: 2 changes of “sort these”.\n")
    assert mneme(command, DONE.id, "--step", "s1", "--conflicts", "keep-both").exit_code == 0
    assert deed.called(f"history.{command}") == [("", "cli", "", "refuse"), (DONE.id, "cli", "s1", "keep both")]


@pytest.mark.parametrize("command", ["undo", "redo"])
def test_json_is_what_came_of_it(mneme: Run, deed: FakeAssistant, command: str) -> None:
    told = json.loads(mneme(command, "--json").stdout)
    assert set(told) == {"run", "changes", "conflicts", "kept_both", "merged"}
    assert (told["changes"], told["run"]["plan"]["request"]) == (2, "sort these")


@pytest.mark.parametrize("command", ["undo", "redo"])
def test_files_changed_since_stop_it_and_the_ways_out_are_named(mneme: Run, deed: FakeAssistant, command: str) -> None:
    clash = Conflict(path="/d/x/a\n\u202e", reason="It has been changed since.")
    deed.history.clash = Reverted(run=DONE, changes=0, conflicts=(clash,))
    result = mneme(command)
    assert result.exit_code == 1
    assert result.stdout == "  ✗ /d/x/a␊⟨U+202E⟩: It has been changed since.\n"
    assert "Nothing was changed." in result.stderr
    assert "--conflicts skip, keep-both or merge" in result.stderr
    assert mneme(command, "--conflicts", "skip").exit_code == 0


def test_what_was_merged_kept_beside_and_left_is_listed(mneme: Run, deed: FakeAssistant) -> None:
    left = Conflict(path="/d/c", reason="It is gone.")
    deed.history.clash = Reverted(run=DONE, changes=1, conflicts=(left,), kept_both=("/d/a (before)",), merged=("/d/b",))
    result = mneme("undo")
    assert result.exit_code == 1
    for line in ("Taken back: 1 change of", "another name:\n  /d/a (before)", "changed since:\n  /d/b", "✗ /d/c: It is gone."):
        assert line in result.stdout
    assert "--conflicts" not in result.stderr


@pytest.mark.parametrize("command", ["undo", "redo"])
@pytest.mark.parametrize(
    "failure", [NotFoundError("There is no run x.", remedy="mneme log --runs lists them."), UndoError("Nothing stands.")]
)
def test_what_cannot_be_is_1(mneme: Run, deed: FakeAssistant, command: str, failure: Exception) -> None:
    deed.failures[f"history.{command}"] = failure
    result = mneme(command, "x", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert str(failure.args[0]).split(".", maxsplit=1)[0] in result.stderr


def test_an_unknown_way_with_conflicts_is_wrong_usage(mneme: Run, deed: FakeAssistant) -> None:
    assert mneme("undo", "--conflicts", "overwrite").exit_code == 2
    assert deed.calls == []


@pytest.mark.parametrize(
    ("more", "finish", "said"),
    [((), True, "done: 2 changes of 2 stand."), (("--take-back",), False, "cancelled: 0 changes of 2 stand.")],
)
def test_what_was_cut_off_is_finished_or_taken_back(
    mneme: Run, fake: FakeAssistant, more: tuple[str, ...], finish: bool, said: str
) -> None:
    fake.history.kept[DONE.id] = DONE.model_copy(update={"state": "interrupted", "standing": 1})
    result = mneme("finish", DONE.id, *more)
    assert (result.exit_code, said in result.stdout) == (0, True)
    assert fake.called("history.resume") == [(DONE.id, "cli", finish)]
    assert fake.called("history.ended") == [(DONE.id,)]


def test_what_could_not_all_be_taken_back_fails(mneme: Run, fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.history.kept[DONE.id] = DONE
    fake.history.end(DONE.id, "cancelled", standing=1, reason="1 of 2 changes stand.")

    async def resume(run_id: str, origin: str, finish: bool) -> object:
        return fake.history.kept[run_id]

    monkeypatch.setattr(fake.history, "resume", resume)
    assert mneme("finish", DONE.id, "--take-back").exit_code == 1
    assert mneme("finish", DONE.id).exit_code == 1


def test_finishing_tells_json_and_fails_where_it_failed(mneme: Run, fake: FakeAssistant) -> None:
    fake.history.kept[DONE.id] = DONE.model_copy(update={"state": "interrupted"})
    assert json.loads(mneme("finish", DONE.id, "--json").stdout)["state"] == "done"
    fake.failures["history.resume"] = UndoError("This run was not cut off.")
    assert mneme("finish", DONE.id).exit_code == 1
    assert mneme("finish").exit_code == 2


CUT = InUseError("The Mneme that holds this memory was closed while it worked on this.")


@pytest.fixture
def cut_once(deed: FakeAssistant, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the first call of a method of the history be cut off."""

    def cut(name: str) -> None:
        real, left = getattr(deed.history, name), [1]

        async def called(*args: object) -> object:
            if left[0]:
                left[0] -= 1
                raise CUT
            return await real(*args)

        monkeypatch.setattr(deed.history, name, called)

    return cut


@pytest.mark.parametrize("command", ["undo", "redo"])
def test_a_run_by_its_id_is_gone_on_with_through_the_next_mneme(
    mneme: Run, deed: FakeAssistant, cut_once: Callable[[str], None], doors: FakeDoors, command: str
) -> None:
    cut_once(command)
    assert (mneme(command, DONE.id).exit_code, doors.opened) == (0, 2)


@pytest.mark.parametrize("command", ["undo", "redo"])
def test_the_last_one_is_not_guessed_again(
    mneme: Run, deed: FakeAssistant, cut_once: Callable[[str], None], command: str
) -> None:
    """It may have come to its end, and the last one would be another by now."""
    cut_once(command)
    result = mneme(command)
    assert (result.exit_code, deed.called(f"history.{command}")) == (1, [])
    assert f"mneme {command} ID" in result.stderr


@pytest.mark.parametrize("name", ["resume", "ended"])
def test_finishing_is_gone_on_with_where_it_is_not_over(
    mneme: Run, deed: FakeAssistant, cut_once: Callable[[str], None], doors: FakeDoors, name: str
) -> None:
    deed.history.kept[DONE.id] = DONE.model_copy(update={"state": "interrupted", "standing": 1})
    cut_once(name)
    assert (mneme("finish", DONE.id).exit_code, doors.opened) == (0, 2)
    assert len(deed.called("history.resume")) == 1
