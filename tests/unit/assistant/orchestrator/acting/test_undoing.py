"""Undo never loses what a person did since: it refuses, leaves, merges, or keeps both."""

from pathlib import Path

import pytest

from assistant.domain.plan import Reconciling, Run
from tests.flows.tree import look
from tests.unit.assistant.orchestrator.acting.conftest import Around

TEXT = "first old\n" + "same\n" * 10 + "last old\n"
REPLACE = 'replace "old" with "new" in {root}/a.txt'


async def done(around: Around, request: str) -> Run:
    deeds = around.room.deeds
    proposal = await deeds.acting.plan(request.format(root=around.root), "window", [str(around.root)])
    assert proposal.state == "ready", proposal.model_dump_json(indent=1)
    assert proposal.preview is not None
    run = await deeds.acting.approve(proposal.id, proposal.preview.digest, "window")
    ended = await deeds.history.ended(run.id)
    assert (ended.state, ended.reason) == ("done", "")
    return ended


@pytest.fixture
def file(around: Around) -> Path:
    path = around.root / "a.txt"
    path.write_text(TEXT, "utf-8")
    return path


async def test_a_file_edited_since_is_not_overwritten(around: Around, file: Path) -> None:
    run = await done(around, REPLACE)
    file.write_text("mine\n", "utf-8")
    refused = await around.room.deeds.history.undo(run.id, "window")
    assert (refused.changes, [conflict.path for conflict in refused.conflicts]) == (0, [str(file)])
    assert file.read_text("utf-8") == "mine\n"
    left = await around.room.deeds.history.undo(run.id, "window", conflicts="skip")
    assert len(left.conflicts) == 1
    assert file.read_text("utf-8") == "mine\n"


async def test_both_are_kept(around: Around, file: Path) -> None:
    run = await done(around, REPLACE)
    file.write_text("mine\n", "utf-8")
    kept = await around.room.deeds.history.undo(run.id, "window", conflicts="keep both")
    assert kept.kept_both == (str(around.root / "a (before).txt"),)
    assert (around.root / "a (before).txt").read_text("utf-8") == TEXT
    assert file.read_text("utf-8") == "mine\n"


async def test_lines_are_merged_and_where_they_clash_both_are_kept(around: Around, file: Path) -> None:
    run = await done(around, REPLACE)
    file.write_text(file.read_text("utf-8").replace("same\n" * 10, "same\n" * 5 + "mine\n" + "same\n" * 5), "utf-8")
    merged = await around.room.deeds.history.undo(run.id, "window", conflicts="merge")
    assert merged.merged == (str(file),)
    assert file.read_text("utf-8") == TEXT.replace("same\n" * 10, "same\n" * 5 + "mine\n" + "same\n" * 5)


async def test_a_clash_keeps_both(around: Around, file: Path) -> None:
    run = await done(around, REPLACE)
    file.write_text("first changed by me\n", "utf-8")
    merged = await around.room.deeds.history.undo(run.id, "window", conflicts="merge")
    assert merged.kept_both == (str(around.root / "a (before).txt"),)
    assert file.read_text("utf-8") == "first changed by me\n"


async def test_a_file_that_was_moved_and_edited_goes_back_with_the_edit(around: Around, file: Path) -> None:
    (around.root / "to").mkdir()
    run = await done(around, "move {root}/a.txt to {root}/to")
    (around.root / "to" / "a.txt").write_text("edited\n", "utf-8")
    assert not (await around.room.deeds.history.undo(run.id, "window")).conflicts
    assert file.read_text("utf-8") == "edited\n"


@pytest.mark.parametrize("how", ["refuse", "keep both"])
async def test_what_came_back_to_its_old_place_is_not_overwritten(around: Around, file: Path, how: Reconciling) -> None:
    run = await done(around, "delete {root}/a.txt")
    file.write_text("another one\n", "utf-8")
    found = await around.room.deeds.history.undo(run.id, "window", conflicts=how)
    assert file.read_text("utf-8") == "another one\n"
    if how == "refuse":
        assert len(found.conflicts) == 1
    else:
        assert (around.root / "a (before).txt").read_text("utf-8") == TEXT


async def test_a_folder_that_was_made_stays_when_there_is_something_of_mine_in_it(around: Around, file: Path) -> None:
    run = await done(around, "sort the files in {root} by type")
    (folder,) = [path for path in around.root.iterdir() if path.is_dir()]
    (folder / "mine.txt").write_text("mine", "utf-8")
    assert (await around.room.deeds.history.undo(run.id, "window")).conflicts
    await around.room.deeds.history.undo(run.id, "window", conflicts="skip")
    assert file.exists()
    assert (folder / "mine.txt").exists()


async def test_undo_and_redo_may_be_repeated(around: Around, file: Path) -> None:
    before = look(around.root)
    run = await done(around, REPLACE)
    for _ in range(3):
        assert not (await around.room.deeds.history.undo("", "window")).conflicts
        assert look(around.root) == before
        assert not (await around.room.deeds.history.redo("", "window")).conflicts
        assert "new" in file.read_text("utf-8")
    assert (await around.room.deeds.history.run(run.id))[0].state == "done"


async def test_what_was_renamed_in_a_folder_that_then_went_to_the_trash_comes_back(around: Around) -> None:
    """A folder takes what was changed in it along; alone, the step before it cannot be taken back."""
    folder = around.root / "drafts"
    folder.mkdir()
    (folder / "note.txt").write_text("mine\n", "utf-8")
    before = look(around.root)
    request = "rename the files in {root}/drafts by number, then move {root}/drafts to the trash"
    run = await done(around, request)
    preview = (await around.room.deeds.history.run(run.id))[1]
    assert [change.kind.value for change in preview.changes] == ["move", "trash"]
    assert not folder.exists()
    history = around.room.deeds.history
    first = run.steps[0].step.id
    assert [one.path for one in (await history.undo(run.id, "window", first)).conflicts] == [preview.changes[0].to]
    assert not (await history.undo(run.id, "window")).conflicts
    assert look(around.root) == before
