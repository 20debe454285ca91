"""Gives the application its palette and style sheet. Called by `ui.main` and when the theme changes."""

from pathlib import Path
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from ui.theme.colours import DARK, LIGHT, Colours

SHEET = Path(__file__).resolve().parents[2] / "resources" / "qss" / "mneme.qss"

LEAST_POINTS = 9.0
SIZES = {"size_small": 0.88, "size_body": 1.2, "size_heading": 1.3, "size_title": 2.1}
"""Text sizes of the style sheet as multiples of the system's own size, so that a person's larger text stays larger."""


def is_dark(theme: str) -> bool:
    """Tell whether `theme` (system, light, dark) means dark here and now."""
    if theme == "system":
        return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return theme == "dark"


def apply(app: QApplication, theme: str) -> Colours:
    """Dress the whole application in `theme` (system, light, dark); returns the colours used."""
    chosen = DARK if is_dark(theme) else LIGHT
    app.setStyle("Fusion")
    app.setPalette(palette(chosen))
    names = {name: getattr(chosen, name) for name in Colours.__slots__ if name not in ("dark", "code", "states")}
    base = max(app.font().pointSizeF(), LEAST_POINTS)
    names |= {name: f"{base * factor:.1f}pt" for name, factor in SIZES.items()}
    names["veil"] = "#ea" + chosen.accent_soft.removeprefix("#")  # Qt reads #aarrggbb
    app.setStyleSheet(Template(SHEET.read_text("utf-8")).substitute(names))
    return chosen


def palette(chosen: Colours) -> QPalette:
    """Return the Qt palette of these colours."""
    made = QPalette()
    roles = QPalette.ColorRole
    for role, colour in {
        roles.Window: chosen.window,
        roles.WindowText: chosen.text,
        roles.Base: chosen.surface,
        roles.AlternateBase: chosen.raised,
        roles.Text: chosen.text,
        roles.Button: chosen.raised,
        roles.ButtonText: chosen.text,
        roles.BrightText: chosen.bad,
        roles.Highlight: chosen.accent,
        roles.HighlightedText: chosen.on_accent,
        roles.Link: chosen.accent,
        roles.LinkVisited: chosen.accent,
        roles.PlaceholderText: chosen.muted,
        roles.ToolTipBase: chosen.raised,
        roles.ToolTipText: chosen.text,
        roles.Mid: chosen.line,
        roles.Accent: chosen.accent,
    }.items():
        made.setColor(role, QColor(colour))
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(chosen.muted))
    return made
