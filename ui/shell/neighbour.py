"""One window per memory: a second start calls the first one to the front through a file both know. Used by ui.main."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

LOOK_MS = 400
PATIENCE = 8
"""So many looks until the caller gives up: whoever holds the memory is then no window."""


class Neighbour(QObject):
    """The first start `listen`s and is `called`; a second one `call`s and is `answered` with whether a window heard it."""

    called = Signal()
    answered = Signal(bool)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = folder / "window.call"
        self._looks = 0
        self._timer = QTimer(self, interval=LOOK_MS)

    def listen(self) -> None:
        """Look for calls from now on; one left over from a crash is nobody's."""
        self._taken()
        self._timer.timeout.connect(self._heard)
        self._timer.start()

    def call(self) -> None:
        """Call the first window."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.touch()
        except OSError:
            self._looks = PATIENCE
        self._timer.timeout.connect(self._looked)
        self._timer.start()

    def _heard(self) -> None:
        if self._taken():
            self.called.emit()

    def _looked(self) -> None:
        self._looks += 1
        gone = not self._file.exists()
        if not gone and self._looks < PATIENCE:
            return
        self._timer.stop()
        heard = gone and self._looks <= PATIENCE
        self._taken()
        self.answered.emit(heard)

    def _taken(self) -> bool:
        """Remove the call; True when there was one."""
        try:
            self._file.unlink()
        except OSError:
            return False
        return True
