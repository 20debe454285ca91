"""Icons: SVG drawings of resources/icons, painted in a colour of the theme."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "icons"


def pixmap(name: str, colour: str, size: int, ratio: float = 2.0) -> QPixmap:
    """Draw resources/icons/`name`.svg with currentColor set, `size` device-independent pixels wide and high."""
    drawing = (FOLDER / f"{name}.svg").read_text("utf-8").replace("currentColor", colour)
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def icon(name: str, colour: str, size: int = 20, off: str = "") -> QIcon:
    """Return an icon sharp on plain and on dense screens; `off` is its colour where nothing can be done with it."""
    drawn = QIcon()
    for ratio in (1.0, 2.0):
        drawn.addPixmap(pixmap(name, colour, size, ratio))
        if off:
            drawn.addPixmap(pixmap(name, off, size, ratio), QIcon.Mode.Disabled)
    return drawn
