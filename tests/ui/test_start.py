"""The start and the end of the window: shown before the core is open, one window per memory, mishaps told, nothing lost."""

import asyncio
import logging
import sys
from contextlib import asynccontextmanager

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from assistant.api.views import SourceState
from assistant.app import bootstrap
from assistant.domain.errors import InUseError
from tests.fakes.assistant import FakeAssistant
from ui import main
from ui.bridge import QtExecutor
from ui.docks.memory import MemoryDock
from ui.docks.preview import PreviewDock
from ui.docks.timeline import TimelineDock
from ui.shell import FailedStart, MainWindow, Mishaps, Neighbour, Panels, ViewStore

FILES = 40


@pytest.fixture
def settled(monkeypatch, tmp_path):
    """A memory of its own, in English, with text search alone."""
    env = {"MNEME_HOME": str(tmp_path / "home"), "MNEME_INTERFACE__LANGUAGE": "en", "MNEME_EMBEDDING__MODEL": ""}
    found = bootstrap.environment(env)
    monkeypatch.setattr(main.bootstrap, "environment", lambda: found)
    return found


def shown(kind):
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]


async def test_the_window_is_there_before_its_core_and_keeps_what_it_is_given(app, settled, monkeypatch, until):
    opened = asyncio.Event()
    core = FakeAssistant()

    @asynccontextmanager
    async def running(env, executor):
        await opened.wait()
        yield core

    monkeypatch.setattr(main.bootstrap, "running", running)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(main.run(app))
        await until(lambda: shown(MainWindow))
        window = shown(MainWindow)[0]
        assert window.summary.text() == "Opening your memory…"
        window.remember(("/garden",))
        assert core.called("estimate") == []
        opened.set()
        await until(lambda: core.called("estimate"))
        window.close()
    assert task.result() == 0


async def test_closed_before_its_core_is_open_it_still_ends_in_order(app, settled, monkeypatch, until):
    opened, ended = asyncio.Event(), []

    @asynccontextmanager
    async def running(env, executor):
        await opened.wait()
        yield FakeAssistant()
        ended.append(True)

    monkeypatch.setattr(main.bootstrap, "running", running)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(main.run(app))
        await until(lambda: shown(MainWindow))
        shown(MainWindow)[0].close()
        opened.set()
    assert (task.result(), ended) == (0, [True])


async def test_a_second_start_calls_the_first_window(app, settled, monkeypatch, until, capsys):
    held = []

    @asynccontextmanager
    async def running(env, executor):
        if held:
            raise InUseError("This memory is in use by another Mneme.")
        held.append(True)
        yield FakeAssistant()

    monkeypatch.setattr(main.bootstrap, "running", running)
    async with asyncio.TaskGroup() as group:
        first = group.create_task(main.run(app))
        await until(lambda: [one for one in shown(MainWindow) if one.chat.box.ready])
        window = shown(MainWindow)[0]
        second = group.create_task(main.run(app))
        await until(second.done)
        assert shown(MainWindow) == [window]
        assert shown(FailedStart) == []
        assert [one.head for one in window.banners.shown()] == ["Mneme is already open: this is its window."]
        window.close()
    assert (first.result(), second.result()) == (0, 0)
    assert "already open" in capsys.readouterr().out


def test_a_call_left_over_is_nobodys(app, tmp_path):
    (tmp_path / "window.call").touch()
    neighbour = Neighbour(tmp_path)
    calls = []
    neighbour.called.connect(lambda: calls.append(True))
    neighbour.listen()
    assert not (tmp_path / "window.call").exists()
    assert calls == []


async def test_a_mishap_in_a_slot_or_callback_is_logged_and_told(app, caplog, until):
    mishaps, told, before = Mishaps(), [], sys.excepthook
    mishaps.happened.connect(told.append)
    loop = asyncio.get_running_loop()

    def fail():
        raise ZeroDivisionError("a secret")

    with mishaps.watched(loop), caplog.at_level(logging.ERROR, "ui.shell.mishaps"):
        QTimer.singleShot(0, fail)
        await until(lambda: len(told) == 1)
        loop.call_soon(fail)
        await until(lambda: len(told) == 2)
    assert sys.excepthook is before
    assert all("ZeroDivisionError" in one.what and "secret" not in one.what for one in told)
    assert len(caplog.records) == 2


async def test_closing_while_indexing_loses_nothing(app, settled, tmp_path, until):
    notes = tmp_path / "notes"
    notes.mkdir()
    for number in range(FILES):
        (notes / f"note {number}.md").write_text(f"# Note {number}\n\nThe lantern {number} hangs in the harbour.\n")
    async with asyncio.TaskGroup() as group:
        task = group.create_task(main.run(app))
        await until(lambda: [one for one in shown(MainWindow) if one.chat.box.ready])
        window = shown(MainWindow)[0]
        accepting = [one for one in window.findChildren(QWidget) if one.acceptDrops()]
        assert accepting == [], "a drop anywhere is the window's"
        window.remember((str(notes),))
        await until(window.sheet.remember.isEnabled)
        window.sheet.remember.click()
        await until(lambda: window.sheet.isHidden())
        window.close()
    assert task.result() == 0
    pool = QtExecutor(bootstrap.THREADS)
    async with bootstrap.running(settled, pool) as assistant, asyncio.timeout(60):
        while (status := await assistant.status()).totals.by_state != {SourceState.READY: FILES}:
            await asyncio.sleep(0.05)
        answer = await assistant.ask("Where does the lantern 7 hang?", "window")
    await asyncio.to_thread(pool.shutdown)
    assert len(status.sources) == FILES
    assert answer.citations or answer.nearest


async def test_esc_empties_the_search_and_answers_a_question_before_it_reaches_the_window(app, bridge, tmp_path, until):
    memory, preview = MemoryDock(), PreviewDock()
    window = MainWindow(bridge, Panels(memory, preview, TimelineDock(), preview, memory.focus_search), ViewStore(tmp_path))
    window.show()
    window.activateWindow()
    window.attach()
    window.banners.say("warning", "Stay")
    window.commands.search.trigger()
    await until(memory.search.hasFocus)
    QTest.keyClicks(memory.search, "tide")
    QTest.keyClick(memory.search, Qt.Key.Key_Escape)
    assert memory.search.text() == ""
    memory.notice.say("Forget it?", "warning", (("Yes", None), ("No", None)), focus=True)
    await until(lambda: memory.notice.buttons[-1].hasFocus())
    QTest.keyClick(memory.notice.buttons[-1], Qt.Key.Key_Escape)
    assert memory.notice.isHidden()
    assert memory.search.hasFocus(), "the keyboard is back where it was"
    agreed = []
    memory.notice.say("Forget it?", "warning", (("Yes", lambda: agreed.append(True)), ("No", None)), focus=True)
    QTest.keyClick(memory.notice.buttons[0], Qt.Key.Key_Return)
    assert agreed == [True]
    assert [one.head for one in window.banners.shown()] == ["Stay"]
    window.close()
