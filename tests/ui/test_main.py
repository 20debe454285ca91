"""The run of the window: starts, explains what keeps it from starting, and lets the core finish when closed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from assistant.app import bootstrap
from assistant.domain.errors import ConfigError, InUseError
from tests.fakes.assistant import FakeAssistant
from ui import main
from ui.shell import FailedStart, MainWindow


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
