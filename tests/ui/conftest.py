"""The window's tests: async tests run on a qasync loop over one offscreen QApplication."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, cast

import pytest
import pytest_asyncio
import qasync
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from tests.fakes.assistant import FakeAssistant
from ui.bridge import Bridge

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
DEADLINE = 10.0


def _loop() -> asyncio.AbstractEventLoop:
    app = QApplication.instance() or QApplication([])
    return cast("asyncio.AbstractEventLoop", qasync.QEventLoop(app))


def pytest_asyncio_loop_factories(config: object, item: object) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run every async test of this folder on Qt's loop."""
    return {"qasync": _loop}


@pytest.fixture
def app() -> Iterator[QApplication]:
    """The one application; windows left over are destroyed, so that no timer outlives its test."""
    found = QApplication.instance() or QApplication([])
    app = cast("QApplication", found)
    app.setQuitOnLastWindowClosed(False)
    yield app
    for widget in app.topLevelWidgets():
        widget.close()
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def assistant(app: QApplication) -> FakeAssistant:
    """A scripted core."""
    return FakeAssistant()


@pytest_asyncio.fixture
async def bridge(app: QApplication, assistant: FakeAssistant) -> AsyncIterator[Bridge]:
    """A started bridge over the scripted core."""
    made = Bridge(assistant)
    made.start()
    await asyncio.sleep(0)
    yield made
    await made.close()


@pytest.fixture
def until() -> Callable[[Callable[[], Any]], Any]:
    """Return `await until(condition)`: let Qt and the loop turn until it is true, or fail at the deadline."""

    async def wait(condition: Callable[[], Any]) -> None:
        async with asyncio.timeout(DEADLINE):
            while not condition():
                await asyncio.sleep(0.005)

    return wait
