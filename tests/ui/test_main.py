"""The run of the window: starts, explains what keeps it from starting, and lets the core finish when closed."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from assistant.api.views import Undertaking
from assistant.app import bootstrap
from assistant.domain.errors import ConfigError, InUseError
from tests.fakes.assistant import FakeAssistant
from ui import main
from ui.shell import FailedStart, Finishing, MainWindow


@pytest.fixture
def home(monkeypatch, tmp_path):
    """A memory of its own, in English and light."""
    monkeypatch.setenv("MNEME_HOME", str(tmp_path))
    env = {"MNEME_HOME": str(tmp_path), "MNEME_INTERFACE__LANGUAGE": "en", "MNEME_INTERFACE__THEME": "light"}
    settled = bootstrap.environment(env)
    monkeypatch.setattr(main.bootstrap, "environment", lambda: settled)
    return tmp_path


def shown(kind):
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]


async def test_closing_waits_for_the_core_with_the_window_gone(app, home, monkeypatch, until):
    steps = []
    finish = asyncio.Event()

    @asynccontextmanager
    async def running(env, executor) -> AsyncIterator[FakeAssistant]:
        steps.append(await asyncio.get_running_loop().run_in_executor(executor, lambda: "pool"))
        yield FakeAssistant()
        steps.append("stopping")
        await finish.wait()
        steps.append("stopped")

    monkeypatch.setattr(main.bootstrap, "running", running)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(main.run(app))
        await until(lambda: shown(MainWindow))
        shown(MainWindow)[0].close()
        assert shown(MainWindow) == []
        await until(lambda: "stopping" in steps)
        assert not task.done()
        finish.set()
    assert task.result() == 0
    assert steps == ["pool", "stopping", "stopped"]
    assert (home / "config" / "window.ini").exists()


async def test_a_run_is_finished_after_the_window_has_gone_and_can_be_stopped(app, home, monkeypatch, until):
    """No process goes on without a window, and none without a way to end it."""
    asked = []
    over = asyncio.Event()

    class Leaving:
        going = (Undertaking(kind="run", what="move everything", run_id="run_1", done=1, total=9),)

        def stop(self):
            asked.append("stop")

        def cut(self):
            asked.append("cut")
            over.set()

    @asynccontextmanager
    async def running(env, executor) -> AsyncIterator[FakeAssistant]:
        yield FakeAssistant()
        env.leaving(Leaving())
        await over.wait()

    monkeypatch.setattr(main.bootstrap, "running", running)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(main.run(app))
        await until(lambda: shown(MainWindow))
        shown(MainWindow)[0].close()
        await until(lambda: shown(Finishing))
        os.kill(os.getpid(), signal.SIGTERM)  # the second wish to end, by whatever way it comes
        await until(lambda: asked == ["stop"])
        assert not task.done()
        shown(Finishing)[0].close()
        await until(lambda: asked == ["stop", "cut"])
    assert task.result() == 0
    assert shown(Finishing) == []


async def test_memory_in_use_is_explained(app, home, monkeypatch, until):
    @asynccontextmanager
    async def running(env, executor) -> AsyncIterator[FakeAssistant]:
        raise InUseError("This memory is in use by another Mneme.", remedy="Use the open window.")
        yield

    monkeypatch.setattr(main.bootstrap, "running", running)
    await _explained(app, until, "This memory is in use by another Mneme.")


async def test_wrong_setting_is_explained(app, monkeypatch, until):
    def broken():
        raise ConfigError("The setting recall.candidates cannot be used.")

    monkeypatch.setattr(main.bootstrap, "environment", broken)
    await _explained(app, until, "The setting recall.candidates cannot be used.")


async def _explained(app, until, what):
    async with asyncio.TaskGroup() as group:
        task = group.create_task(main.run(app))
        await until(lambda: shown(FailedStart))
        notice = shown(FailedStart)[0]
        assert what in [label.text() for label in notice.findChildren(QLabel)]
        notice.close()
    assert task.result() == 1
