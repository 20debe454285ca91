"""How the window looks: colours light and dark, fonts, spacing, icons, the style sheet."""

from ui.theme.apply import apply, is_dark
from ui.theme.buttons import IconButton, restyle
from ui.theme.colours import DARK, LIGHT, Colours, colours, state_colour
from ui.theme.icons import icon, pixmap
from ui.theme.metrics import GAP, LARGE, MARGIN, RADIUS, SMALL, mono

__all__ = [
    "DARK",
    "GAP",
    "LARGE",
    "LIGHT",
    "MARGIN",
    "RADIUS",
    "SMALL",
    "Colours",
    "IconButton",
    "apply",
    "colours",
    "icon",
    "is_dark",
    "mono",
    "pixmap",
    "restyle",
    "state_colour",
]
