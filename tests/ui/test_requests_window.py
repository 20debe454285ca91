"""Five requests of the first day, in both languages, through the window and its real core: typed, approved, undone by button."""

import asyncio
import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from assistant.app import bootstrap
from tests.flows.test_requests import CASES
from tests.flows.tree import look, prepare
from ui import main
from ui.shell import MainWindow

CHOSEN = ("sort by month", "duplicates", "todos", "replace across files", "pack")
SECONDS = 60.0


@pytest.fixture
def root(monkeypatch, tmp_path):
    """A prepared tree, and a memory of its own that searches by words alone."""
    env = {"MNEME_HOME": str(tmp_path / "home"), "MNEME_INTERFACE__LANGUAGE": "en", "MNEME_EMBEDDING__MODEL": ""}
    settled = bootstrap.environment(env)
    monkeypatch.setattr(main.bootstrap, "environment", lambda: settled)
    place = tmp_path.resolve() / "files"
    prepare(place)
    return place


async def until(condition):
    async with asyncio.timeout(SECONDS):
        while not condition():
            await asyncio.sleep(0.01)


def windows():
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow) and one.isVisible()]


async def remembered(window, root):
    """Let the window remember the tree, which also lets Mneme act in it."""
    window.remember((str(root),))
    await until(window.sheet.remember.isEnabled)
    QTest.mouseClick(window.sheet.remember, Qt.MouseButton.LeftButton)
    await until(window.sheet.isHidden)
    async with asyncio.timeout(SECONDS):
        while (await window._bridge.assistant.progress()).active:
            await asyncio.sleep(0.02)


@pytest.mark.skipif(shutil.which("git") is None, reason="the prepared tree holds a repository")
@pytest.mark.parametrize("language", ["english", "russian"])
@pytest.mark.parametrize("case", [case for case in CASES if case.name in CHOSEN], ids=lambda case: case.name)
async def test_a_request_goes_from_the_ask_box_to_undo(app, root, case, language):
    before = look(root)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(main.run(app))
        await until(lambda: [one for one in windows() if one.chat.box.ready])
        window = windows()[0]
        await remembered(window, root)
        window.chat.box.edit.setPlainText(getattr(case, language).format(root=root))
        QTest.keyClick(window.chat.box.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        card = window.chat.plans[0]
        await until(lambda: card.approval is not None or card.deed.failure is not None)
        assert card.approval is not None, (card.deed.failure, card.deed.proposal)
        assert look(root) == before, "a preview changes nothing"
        window.deeds.show_diff("", "")
        diff = window._panels.diff
        assert diff.model.rowCount() == len(card.deed.proposal.preview.changes)
        QTest.mouseClick(card.approval.buttons["once"], Qt.MouseButton.LeftButton)
        await until(lambda: card.receipt is not None and card.receipt.undo is not None)
        assert case.holds(root)
        QTest.mouseClick(card.receipt.undo, Qt.MouseButton.LeftButton)
        await until(lambda: card.receipt is not None and card.receipt.redo is not None)
        assert look(root) == before
        window.close()
    assert task.result() == 0
