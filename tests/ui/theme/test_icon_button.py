"""Buttons with drawings wear the theme's colours, and those that can do nothing now are faint."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication

from ui.theme import DARK, LIGHT, Colours, IconButton, apply, colours


def inks(button: IconButton, mode: QIcon.Mode) -> set[str]:
    """Return the colours of what is fully painted of the icon."""
    picture = button.icon().pixmap(QSize(18, 18), 2.0, mode).toImage()
    points = [picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height())]
    return {QColor(point).name() for point in points if point.alpha() == 255}


@pytest.mark.parametrize(("theme", "wanted"), [("light", LIGHT), ("dark", DARK), ("light", LIGHT)])
def test_icons_follow_the_theme_behind_a_transparent_button(app: QApplication, theme: str, wanted: Colours) -> None:
    before = app.palette(), app.styleSheet()
    try:
        button = IconButton("up", "Up")
        button.show()
        apply(app, theme)
        assert colours(button) is wanted
        assert wanted.muted in inks(button, QIcon.Mode.Normal)
        assert wanted.line in inks(button, QIcon.Mode.Disabled)
    finally:
        app.setPalette(before[0])
        app.setStyleSheet(before[1])
