"""The window's tests: async tests run on a qasync loop over one offscreen QApplication."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio
import qasync
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from assistant.api.views import Cite
from tests.fakes.assistant import FakeAssistant
from ui.bridge import Bridge
from ui.deeds import Desk
from ui.docks.base import DockBase
from ui.docks.diff import DiffDock
from ui.docks.plan import PlanDock
from ui.docks.timeline import TimelineDock
from ui.shell import MainWindow, Panels, ViewStore

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
DEADLINE = 10.0


def _loop() -> asyncio.AbstractEventLoop:
    app = QApplication.instance() or QApplication([])
    return cast("asyncio.AbstractEventLoop", qasync.QEventLoop(app))


def pytest_asyncio_loop_factories(config: object, item: object) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run every async test of this folder on Qt's loop."""
    return {"qasync": _loop}


@pytest.fixture(autouse=True)
def collected_here() -> Iterator[None]:
    """Collect garbage between tests only, on this thread: a dead widget collected on a worker thread, or inside a
    callback of its own, takes the process with it. The window does the same, see `ui.shell.collector`."""
    gc.disable()
    yield
    gc.collect(1)
    gc.enable()


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


class PlainDock(DockBase):
    """A dock that only writes down what it is asked to show."""

    def __init__(self, name: str) -> None:
        super().__init__(name, name.title())
        self.shown: list[tuple[Cite, str]] = []
        self.attached = False
        self.setWidget(QLineEdit())

    def attach(self, bridge: Bridge) -> None:
        self.attached = True

    def show_place(self, cite: Cite, quote: str) -> None:
        self.shown.append((cite, quote))


def plain_panels() -> Panels:
    """Docks for tests of the frame."""
    memory, preview = PlainDock("memory"), PlainDock("preview")
    return Panels(memory, preview, PlainDock("timeline"), preview, memory.widget().setFocus)


@pytest_asyncio.fixture
async def window(bridge: Bridge, tmp_path: Path) -> AsyncIterator[MainWindow]:
    """The window over the scripted core, shown and attached."""
    made = MainWindow(bridge, plain_panels(), ViewStore(tmp_path))
    made.show()
    made.activateWindow()
    made.attach()
    await asyncio.sleep(0.05)
    yield made
    made.close()


@pytest_asyncio.fixture
async def acting_window(bridge: Bridge, tmp_path: Path) -> AsyncIterator[MainWindow]:
    """The window with real panels for plans, changes and the timeline, shown and attached."""
    desk = Desk()
    plain = plain_panels()
    acting = {"desk": desk, "plan": PlanDock(desk), "diff": DiffDock(desk), "timeline": TimelineDock(desk)}
    made = MainWindow(bridge, replace(plain, **acting), ViewStore(tmp_path))
    made.show()
    made.activateWindow()
    made.attach()
    await asyncio.sleep(0.05)
    yield made
    made.close()
