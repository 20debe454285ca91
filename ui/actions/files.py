"""Shows a file in the file manager, opens it in its own program. Called by docks and shell; never by anything a text says."""

import os
import re
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QUrl
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher
from PySide6.QtGui import QDesktopServices

_PROGRAM = re.compile(
    r"\.(appimage|app|application|bat|bin|cmd|com|command|cpl|csh|desktop|dll|docm|exe|gadget|hta|inf|ins|jar|js|jse|ksh|lnk|msc"
    r"|msi|msp|mst|pif|pl|potm|pptm|ps1|psm1|py|pyw|rb|reg|run|scf|scr|sh|terminal|tool|url|vb|vbe|vbs|webloc|workflow|ws|wsf|wsh"
    r"|xlsm|zsh)[. ]*$",
    re.IGNORECASE,
)


def runs_when_opened(path: str) -> bool:
    """Tell whether opening this file may run it: by its ending, or because it is marked as executable."""
    return _PROGRAM.search(path) is not None or (sys.platform != "win32" and os.access(path, os.X_OK))


def open_outside(path: str) -> bool:
    """Open a file in the program that the system has for it; False when there is none. Ask first if `runs_when_opened`."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(path))


def reveal(path: str, parent: QObject) -> None:
    """Show a file in the file manager, selected where the system can do that; `parent` owns the pending request."""
    if sys.platform == "win32":
        QProcess.startDetached("explorer.exe", ["/select,", os.path.normpath(path)])
    elif sys.platform == "darwin":
        QProcess.startDetached("/usr/bin/open", ["-R", path])
    else:
        _reveal_by_bus(path, parent)


def _open_folder(path: str) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(path).parent)))


def _reveal_by_bus(path: str, parent: QObject) -> None:
    """Ask the file manager over D-Bus, which can select the file; open its folder when nobody answers."""
    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        _open_folder(path)
        return
    service = "org.freedesktop.FileManager1"
    message = QDBusMessage.createMethodCall(service, "/org/freedesktop/FileManager1", service, "ShowItems")
    message.setArguments([[QUrl.fromLocalFile(path).toString()], ""])
    watcher = QDBusPendingCallWatcher(bus.asyncCall(message), parent)

    def answered(call: QDBusPendingCallWatcher) -> None:
        if call.isError():
            _open_folder(path)
        call.deleteLater()

    watcher.finished.connect(answered)
