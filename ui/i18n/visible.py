"""Makes what hides in untrusted names and texts visible before a person reads them. Used for paths and texts of files."""

import os
from html import escape

from PySide6.QtCore import QDir

from assistant.api.visible import visible

__all__ = ["homely", "plain_tip", "visible"]


def homely(path: str) -> str:
    """Return a path as `visible`, with ~ for the person's own folder: shorter, and fit for a screen that others see."""
    home = QDir.homePath()
    inside = len(home) > 1 and (path == home or path.startswith((home + "/", home + os.sep)))
    return visible("~" + path[len(home) :] if inside else path)


def plain_tip(text: str) -> str:
    """Return a tooltip that shows `text` letter for letter: Qt guesses whether a tooltip is HTML, and HTML may load things."""
    return f'<p style="white-space: pre-wrap;">{escape(text)}</p>'
