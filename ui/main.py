"""Opens the window: one Qt application, one asyncio loop over it, one core. Started by `mneme` and by `python -m ui.main`."""

import asyncio
import logging
import signal
import sys
from collections.abc import Sequence

import qasync
from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from assistant.api.contract import Assistant
from assistant.app import bootstrap
from ui import i18n, theme
from ui.bridge import Bridge, Failure, QtExecutor, failure_of
from ui.docks.memory import MemoryDock
from ui.docks.preview import PreviewDock
from ui.docks.timeline import TimelineDock
from ui.shell import FailedStart, Finishing, MainWindow, Panels, ViewStore

log = logging.getLogger(__name__)

FINISHING_AFTER_MS = 300
SIGNALS_MS = 250


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
    with qasync.QEventLoop(app) as loop:
        return int(loop.run_until_complete(run(app)))


async def run(app: QApplication) -> int:
    """Start the core, show the window, wait until it is closed, let the core finish; 1 when Mneme could not start."""
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
    finishing = Finishing()
    late = QTimer(finishing, interval=FINISHING_AFTER_MS, singleShot=True)
    late.timeout.connect(finishing.show)
    pool = QtExecutor(bootstrap.THREADS)
    begun = False
    try:
        async with bootstrap.running(env, pool) as assistant:
            begun = True
            await _show(assistant, store, wardrobe)
            late.start()
    except Exception as error:
        log.exception("the core ended with an error")
        late.stop()
        finishing.close()
        return await _explain(failure_of(error), begun)
    finally:
        await asyncio.to_thread(pool.shutdown)
        late.stop()
        finishing.close()
    return 0


async def _show(assistant: Assistant, store: ViewStore, wardrobe: Wardrobe) -> None:
    """Show the window until it is closed."""
    bridge = Bridge(assistant)
    bridge.start()
    memory, preview = MemoryDock(), PreviewDock()
    window = MainWindow(bridge, Panels(memory, preview, TimelineDock(), preview, memory.focus_search), store)
    window.themeChosen.connect(wardrobe.choose)
    closed = asyncio.Event()
    window.closing.connect(closed.set)
    awake = QTimer(window, interval=SIGNALS_MS)  # Qt sleeps in C; Python sees Ctrl+C only when it is called now and then
    awake.timeout.connect(lambda: None)
    awake.start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: window.close())
    window.show()
    window.attach()
    await closed.wait()
    await bridge.close()
    window.deleteLater()


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
