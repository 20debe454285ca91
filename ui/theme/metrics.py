"""Distances in device-independent pixels, and fonts."""

from PySide6.QtGui import QFont, QFontDatabase

SMALL = 4
GAP = 8
MARGIN = 16
LARGE = 32
RADIUS = 10


def mono(points: float = 0.0) -> QFont:
    """Return the platform's fixed-width font, at `points` or its own size."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    if points:
        font.setPointSizeF(points)
    return font
