"""Turns dropped data into local paths; reads nothing from disk. Called by the window's drop events."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl


@dataclass(frozen=True, slots=True)
class Dropped:
    """Absolute local paths in the order dropped, without repeats, and addresses that are not on this machine."""

    paths: tuple[str, ...]
    refused: tuple[str, ...]


def has_files(mime: QMimeData) -> bool:
    """Tell whether anything with an address is dragged; plain text is left to the text fields."""
    return mime.hasUrls()


def dropped(mime: QMimeData) -> Dropped:
    """Sort the dropped addresses into local paths and refused ones.

    A file address that names a host is refused: opening it could reach over the network.
    """
    paths: dict[str, None] = {}
    refused: list[str] = []
    for url in mime.urls():
        path = _local(url)
        if path:
            paths[path] = None
        else:
            refused.append(url.toDisplayString())
    return Dropped(tuple(paths), tuple(refused))


def _local(url: QUrl) -> str:
    if not url.isLocalFile() or url.host() not in ("", "localhost"):
        return ""
    text = QUrl.fromLocalFile(url.path()).toLocalFile()
    if not text or "\0" in text or text.startswith(("//", "\\\\")):
        return ""
    path = Path(text)
    return str(path) if path.is_absolute() else ""
