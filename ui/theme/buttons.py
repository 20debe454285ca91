"""Buttons whose icons follow the theme, and restyling by role. Used by every part of the window."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from ui.theme.colours import colours
from ui.theme.icons import icon


class IconButton(QToolButton):
    """A button with a drawing of resources/icons and, if wanted, a text beside it.

    `name` is what a screen reader says and the tooltip shows; `role` is a look of the style sheet.
    """

    def __init__(self, drawing: str, name: str, text: str = "", role: str = "ghost", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self.setProperty("role", role)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setIconSize(QSize(18, 18))
        self.name(name)
        if text:
            self.setText(text)
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._paint()

    def name(self, name: str) -> None:
        """Say what the button does, to eyes and to screen readers."""
        self.setAccessibleName(name)
        self.setToolTip(name)

    def draw(self, drawing: str) -> None:
        """Change the drawing."""
        if drawing != self._drawing:
            self._drawing = drawing
            self._paint()

    def _paint(self) -> None:
        here = colours(self)
        role = str(self.property("role"))
        tint = {"primary": here.on_accent, "ghost": here.muted, "inline": here.muted}.get(role, here.text)
        self.setIcon(icon(self._drawing, tint, 18, here.muted if role == "primary" else here.line))

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint()


def restyle(widget: QWidget, **properties: object) -> None:
    """Set properties the style sheet looks at, and let it look again."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
