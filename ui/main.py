"""Opens the window: one Qt application, one asyncio loop over it, one core. Started by `mneme` and by `python -m ui.main`."""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

import qasync
from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from assistant.api.contract import Assistant
from assistant.app import bootstrap
from assistant.app.bootstrap import Logbook
from ui import i18n, theme
from ui.bridge import Bridge, Failure, QtExecutor, failure_of
from ui.deeds import Desk
from ui.docks.diff import DiffDock
from ui.docks.health import HealthDock
from ui.docks.memory import MemoryDock
from ui.docks.plan import PlanDock
from ui.docks.preview import PreviewDock
from ui.docks.timeline import TimelineDock
from ui.i18n import tr
from ui.shell import Collector, FailedStart, Finishing, MainWindow, Mishaps, Neighbour, Panels, Unlock, ViewStore

log = logging.getLogger(__name__)

FINISHING_AFTER_MS = 300
SIGNALS_MS = 250
IN_USE = "in_use"


class Wardrobe:
    """Dresses the application in the chosen theme, and again when the choice or the system's colours change."""

    def __init__(self, app: QApplication, configured: str, chosen: str) -> None:
        self._app = app
        self._configured = configured
        self._chosen = chosen
        app.styleHints().colorSchemeChanged.connect(self._dress)
        self._dress()

    def choose(self, chosen: str) -> None:
        """Take a theme, or what the settings say when it is empty."""
        self._chosen = chosen
        self._dress()

    def _dress(self) -> None:
        theme.apply(self._app, self._chosen or self._configured)


def main(argv: Sequence[str] | None = None) -> int:
    """Run until the window is closed and everything is written down; returns the exit code."""
    app = QApplication(list(sys.argv if argv is None else argv))
    app.setApplicationName("mneme")
    app.setApplicationDisplayName("Mneme")
    app.setDesktopFileName("mneme")
    app.setQuitOnLastWindowClosed(False)  # the loop ends when the core has finished, not when the window has gone
    collector = Collector(app)
    try:
        with qasync.QEventLoop(app) as loop:
            return int(loop.run_until_complete(run(app)))
    finally:
        collector.stop()


async def run(app: QApplication) -> int:
    """Show the window, open the core behind it, wait until it is closed, let the core finish; 1 when Mneme could not start."""
    try:
        env = bootstrap.environment()
    except Exception as error:
        i18n.install(app, "")
        theme.apply(app, "system")
        return await _explain(failure_of(error))
    store = ViewStore(env.places.config)
    i18n.install(app, store.choice("language") or env.settings.interface.language)
    wardrobe = Wardrobe(app, env.settings.interface.theme, store.choice("theme"))
    app.setWindowIcon(QIcon(theme.pixmap("mneme", theme.LIGHT.accent, 128)))
    mishaps, logbook = Mishaps(), Logbook(env.places.logs, env=env)
    try:
        with mishaps.watched(asyncio.get_running_loop()):
            return await _run(env, store, wardrobe, mishaps)
    finally:
        logbook.close()


async def _run(env: bootstrap.Environment, store: ViewStore, wardrobe: Wardrobe, mishaps: Mishaps) -> int:
    """Run the window over a core of its own."""
    bridge = Bridge()
    window = MainWindow(bridge, _panels(), store)
    window.themeChosen.connect(wardrobe.choose)
    mishaps.happened.connect(window.banners.failure)
    closed = asyncio.Event()
    window.closing.connect(closed.set)
    finishing = Finishing()
    _heed_signals(window, lambda: finishing.close() if closed.is_set() else window.close())
    late = QTimer(finishing, interval=FINISHING_AFTER_MS, singleShot=True)
    late.timeout.connect(finishing.show)
    pool = QtExecutor(bootstrap.THREADS)
    # Whether the memory is free is known before the loop turns again: a second start shows no second window.
    showing = asyncio.get_running_loop().call_soon(window.show)
    begun = False
    unlock = Unlock()
    asking = replace(
        bootstrap.asking(env, unlock.answer),
        leaving=lambda leaving: finishing.show_going(leaving.going, leaving.stop, leaving.cut),
    )
    window.closing.connect(unlock.close)
    try:
        async with bootstrap.running(asking, pool) as assistant:
            begun = True
            neighbour = Neighbour(env.places.config, window)
            await _show(assistant, window, bridge, closed, neighbour)
            neighbour.called.disconnect(window.come_forward)  # it has gone, and its core is closing
            neighbour.called.connect(finishing.come_forward)
            late.start()
    except Exception as error:
        showing.cancel()
        late.stop()
        finishing.over()
        window.hide()
        if not begun and getattr(error, "code", "") == IN_USE and await _called_first(Neighbour(env.places.config)):
            print(tr("Mneme is already open; its window was brought to the front."))
            return 0
        log.exception("the core ended with an error" if begun else "the core did not open")
        return await _explain(failure_of(error), begun)
    finally:
        await asyncio.to_thread(pool.shutdown)
        late.stop()
        finishing.over()
        unlock.deleteLater()
        window.deleteLater()
    return 0


def _panels() -> Panels:
    """Make every panel of the window."""
    desk, memory, preview = Desk(), MemoryDock(), PreviewDock()
    return Panels(
        memory=memory,
        preview=preview,
        timeline=TimelineDock(desk),
        viewer=preview,
        search=memory.focus_search,
        health=HealthDock(),
        plan=PlanDock(desk),
        diff=DiffDock(desk),
        desk=desk,
    )


async def _show(assistant: Assistant, window: MainWindow, bridge: Bridge, closed: asyncio.Event, neighbour: Neighbour) -> None:
    """Give the window its core, until it is closed."""
    bridge.start(assistant)
    neighbour.called.connect(window.come_forward)
    neighbour.listen()
    if not closed.is_set():
        window.attach()
    await closed.wait()
    await bridge.close()


def _heed_signals(window: MainWindow, close: Callable[[], object]) -> None:
    """Close the window, or what is left after it, on Ctrl+C in the terminal and when the session ends."""
    awake = QTimer(window, interval=SIGNALS_MS)  # Qt sleeps in C; Python sees Ctrl+C only when it is called now and then
    awake.timeout.connect(lambda: None)
    awake.start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: close())


async def _called_first(neighbour: Neighbour) -> bool:
    """Call the window that holds the memory to the front; False when whoever holds it is no window."""
    answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    neighbour.answered.connect(answer.set_result)
    neighbour.call()
    return await answer


async def _explain(failure: Failure, begun: bool = False) -> int:
    """Show why Mneme cannot start, or could not end well, until a person has read it."""
    print(failure.what, failure.remedy, file=sys.stderr)
    notice = FailedStart(failure, begun)
    read = asyncio.Event()
    notice.done.connect(read.set)
    notice.show()
    await read.wait()
    return 1


if __name__ == "__main__":
    sys.exit(main())
