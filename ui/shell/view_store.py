"""What the window keeps between runs: layout, theme, language; in window.ini of the configuration folder."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow

LAYOUT_VERSION = 1


class ViewStore:
    """Reads what it can and ignores what it cannot: a damaged file means the default layout, never a failed start."""

    def __init__(self, folder: Path) -> None:
        self._ini = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)

    def save_layout(self, window: QMainWindow) -> None:
        """Keep position, size and docks."""
        self._ini.setValue("layout/version", LAYOUT_VERSION)
        self._ini.setValue("layout/geometry", window.saveGeometry())
        self._ini.setValue("layout/docks", window.saveState(LAYOUT_VERSION))
        self._ini.sync()

    def restore_layout(self, window: QMainWindow) -> bool:
        """Bring back position, size and docks; False when there was nothing usable."""
        geometry, docks = self._ini.value("layout/geometry"), self._ini.value("layout/docks")
        if not isinstance(geometry, QByteArray) or not isinstance(docks, QByteArray):
            return False
        return window.restoreGeometry(geometry) and window.restoreState(docks, LAYOUT_VERSION)

    def forget_layout(self) -> None:
        """Drop the kept layout."""
        self._ini.remove("layout")
        self._ini.sync()

    def choice(self, name: str) -> str:
        """Return what a person chose for `name` (theme, language), or "" for what the settings say."""
        found = self._ini.value(f"choice/{name}", "")
        return found if isinstance(found, str) else ""

    def choose(self, name: str, value: str) -> None:
        """Keep a choice."""
        self._ini.setValue(f"choice/{name}", value)
        self._ini.sync()
