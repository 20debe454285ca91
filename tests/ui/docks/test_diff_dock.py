"""The diff dock: changed files with their lines, hunks taken or left, moves, binary files, git, before and after."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from assistant.api.views import ChangeKind, DiffLine, FileDiff, Hunk, PlanEdit, Proposal, Stamp
from tests.fakes.assistant import FakeAssistant
from tests.fakes.deeds import change, proposal, step
from ui.bridge import Bridge
from ui.deeds import Deed, Desk
from ui.docks.diff import DiffDock

Until = Callable[[Callable[[], Any]], Any]
FILE = Stamp(kind="file", size=2000, mode=0o644, mtime_ns=1)
EVIL = "<img src=http://evil.example/x.png>\u202e"
CHANGES = [
    change("write", "/p/notes.md", before=FILE, size=2100),
    change("write", "/p/photo.png", before=FILE, size=2100),
    change("move", "/p/a.txt", "/q/a.txt", before=FILE),
    change("trash", "/p/old.txt", before=FILE),
]
REPLACE = step(1, "text.replace", "Replace", arguments={"find": "x"}, effects=("write",))


def hunk(n: int, at: int) -> Hunk:
    lines = (
        DiffLine(sign=" ", text="kept", old=at, new=at),
        DiffLine(sign="-", text="old", old=at + 1),
        DiffLine(sign="+", text=EVIL, new=at + 1),
    )
    return Hunk(n=n, old_start=at, new_start=at, lines=lines)


NOTES = FileDiff(path="/p/notes.md", kind=ChangeKind.WRITE, old_size=2000, new_size=2100, hunks=(hunk(0, 1), hunk(1, 40)))
READY = proposal("replace", "ready", [REPLACE], CHANGES)


def replanned(shown: Proposal, edit: PlanEdit) -> Proposal:
    steps = [view.model_copy(update={"left_out": {**view.left_out, **edit.left_out}}) for view in shown.steps]
    kept = [one for one in shown.preview.changes if one.path not in edit.skip] if shown.preview else []
    digest = f"d{len(edit.left_out)}{len(kept)}{sorted(edit.left_out.values())}"
    return proposal(shown.request, "ready", steps, kept, digest=digest)


@pytest.fixture
def dock(assistant: FakeAssistant, bridge: Bridge) -> DiffDock:
    assistant.acting.proposals["replace"] = READY
    assistant.acting.diffs["/p/notes.md"] = NOTES
    assistant.acting.diffs["/p/photo.png"] = NOTES.model_copy(update={"path": "/p/photo.png", "binary": True, "hunks": ()})
    assistant.acting.edited = replanned
    desk = Desk()
    made = DiffDock(desk)
    desk.attach(bridge)
    made.attach(bridge)
    made.resize(1000, 420)
    made.show()
    return made


async def shown(dock: DiffDock, until: Until, path: str = "") -> Deed:
    deed = dock.desk.do("replace")
    assert deed is not None
    await until(lambda: deed.waits)
    dock.show_changes("", path)
    await until(lambda: dock.model.rowCount() == 4)
    return deed


async def test_lines_are_asked_for_as_files_are_looked_at(dock: DiffDock, assistant: FakeAssistant, until: Until) -> None:
    assert dock.pages.currentWidget() is dock.empty
    await shown(dock, until)
    page = dock.file.unified
    await until(lambda: dock.file.pages.currentWidget() is page)
    assert assistant.called("acting.diff") == [("plan_1", "/p/notes.md")]
    assert page.toPlainText().split("\n")[:4] == [
        *("@@ -1,2 +1,2 @@", "kept", "old"),
        "<img src=http://evil.example/x.png>⟨U+202E⟩",
    ]
    dock.file.beside.click()
    assert dock.file.pages.currentWidget() is dock.file.both
    assert dock.file.left.toPlainText().split("\n")[2] == "old"
    assert dock.file.left.blockCount() == dock.file.right.blockCount()
    dock.file.right.verticalScrollBar().setValue(1)
    assert dock.file.left.verticalScrollBar().value() == dock.file.right.verticalScrollBar().value()
    dock.list.setCurrentIndex(dock.model.index(1, 0))
    await until(lambda: "This is no text" in dock.file.message.text())
    dock.list.setCurrentIndex(dock.model.index(0, 0))
    assert len(assistant.called("acting.diff")) == 2, "what was looked at is kept"


async def test_a_hunk_is_left_out_and_taken_again(dock: DiffDock, assistant: FakeAssistant, until: Until) -> None:
    deed = await shown(dock, until)
    page = dock.file.unified
    await until(lambda: dock.file.pages.currentWidget() is page)
    dock.file.next_button.click()
    assert page.hunk() == 1
    assert dock.file.count.text() == "hunk 2 of 2"
    QTest.keyClick(page, Qt.Key.Key_Space)
    await until(lambda: page.left_out == (1,))
    assert not dock.file.take.isChecked()
    assert "1 left out" in dock.file.count.text()
    assert page.hunk() == 1, "the place that was looked at stays"
    dock.file.take.click()
    await until(lambda: page.left_out == ())
    edits = [call[1] for call in assistant.called("acting.edit")]
    assert edits == [PlanEdit(left_out={"/p/notes.md": (1,)}), PlanEdit(left_out={"/p/notes.md": ()})]
    dock.desk.deny(deed)
    assert not dock.file.take.isVisibleTo(dock), "what does not wait is not edited"


async def test_a_file_is_left_out(dock: DiffDock, assistant: FakeAssistant, until: Until) -> None:
    await shown(dock, until, "/p/old.txt")
    assert dock.file.message.text() == "Goes to the system’s trash (2.0 kB); Undo brings it back.\n\n/p/old.txt"
    dock.file.skip.click()
    await until(lambda: dock.model.rowCount() == 3)
    assert assistant.called("acting.edit") == [("plan_1", PlanEdit(skip=("/p/old.txt",)))]


async def test_moves_say_where_from_and_where_to(dock: DiffDock, until: Until) -> None:
    await shown(dock, until, "/q/a.txt")
    assert dock.file.message.text() == "Moves.\n\n/p/a.txt\n→ /q/a.txt"
    assert dock.file.title.text() == "/q/a.txt"


async def test_chips_and_words_narrow_the_list(dock: DiffDock, until: Until) -> None:
    await shown(dock, until)
    dock.bar.chips[(ChangeKind.MOVE,)].click()
    assert dock.model.rowCount() == 1
    assert dock.bar.chips[(ChangeKind.MOVE,)].text() == "moved 1"
    assert not dock.bar.chips[(ChangeKind.CREATE,)].isVisibleTo(dock)
    dock.bar.all.click()
    dock.bar.field.setText("old")
    assert dock.model.rowCount() == 1


async def test_before_and_after_open_the_file(dock: DiffDock, until: Until) -> None:
    await shown(dock, until)
    dock.bar.tree.click()
    assert dock.pages.currentWidget() is dock.simulation
    tree = dock.simulation.after
    folders = [tree.model().index(row, 0) for row in range(2)]
    assert [str(one.data()) for one in folders] == ["/p", "/q"]
    moved = tree.model().index(0, 0, folders[1])
    assert moved.data() == "a.txt · moved"
    tree.clicked.emit(moved)
    assert dock.pages.currentWidget() is dock.files
    row = dock.model.row(dock.list.currentIndex())
    assert row is not None
    assert row.to == "/q/a.txt"


async def test_a_run_shows_what_it_changed(dock: DiffDock, assistant: FakeAssistant, until: Until) -> None:
    run = assistant.history.begin(READY)
    dock.show_changes(run.id, "")
    await until(lambda: dock.model.rowCount() == 4)
    assert not dock.file.skip.isVisibleTo(dock)


async def test_the_git_working_tree_is_a_second_source(dock: DiffDock, assistant: FakeAssistant, until: Until) -> None:
    assistant.history.tree = [NOTES.model_copy(update={"path": "/r/a.py"})]
    dock.show_worktree("/r")
    await until(lambda: dock.model.rowCount() == 1)
    assert dock.bar.title.text() == "Working tree: /r"
    assert dock.file.pages.currentWidget() is dock.file.unified
    assert not dock.file.take.isVisibleTo(dock)
    assert assistant.called("acting.diff") == []
    dock.bar.again.click()
    await until(lambda: len(assistant.called("history.worktree")) == 2)


async def test_a_narrow_dock_has_the_file_below(dock: DiffDock, until: Until) -> None:
    await shown(dock, until)
    assert dock.files.orientation() == Qt.Orientation.Horizontal
    dock.resize(400, 700)
    await until(lambda: dock.files.orientation() == Qt.Orientation.Vertical)


async def test_what_cannot_be_shown_is_said(dock: DiffDock, assistant: FakeAssistant, until: Until) -> None:
    del assistant.acting.diffs["/p/notes.md"]
    await shown(dock, until)
    await until(lambda: dock.file.message.text().startswith("Nothing is known of this file."))
