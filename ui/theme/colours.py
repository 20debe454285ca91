"""The colours of the window, light and dark; widgets ask `colours(self)` when they paint."""

from dataclasses import dataclass, field

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QWidget

from assistant.api.views import SourceState


@dataclass(frozen=True, slots=True)
class Colours:
    """Names by role, values as #rrggbb; `states` by source state, `code` by kind of token."""

    dark: bool
    window: str
    surface: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    accent_soft: str
    on_accent: str
    question: str
    mark: str
    good: str
    warn: str
    bad: str
    code: dict[str, str] = field(default_factory=dict[str, str])
    states: dict[str, str] = field(default_factory=dict[str, str])


def _states(good: str, busy: str, wait: str, bad: str, warn: str) -> dict[str, str]:
    return {
        SourceState.QUEUED: wait,
        SourceState.READING: busy,
        SourceState.SEARCHABLE: busy,
        SourceState.EMBEDDING: busy,
        SourceState.READY: good,
        SourceState.FAILED: bad,
        SourceState.EXCLUDED: wait,
        SourceState.OFFLINE: warn,
        SourceState.NEEDS_UPDATE: warn,
    }


LIGHT = Colours(
    dark=False,
    window="#f5f5f7",
    surface="#ffffff",
    raised="#fbfbfd",
    line="#dfe0e6",
    text="#1c1d22",
    muted="#666a75",
    accent="#3b5bdb",
    accent_soft="#e6ebfc",
    on_accent="#ffffff",
    question="#e6ebfc",
    mark="#fff1b8",
    good="#2b8a3e",
    warn="#a85d00",
    bad="#c92a2a",
    code={
        "keyword": "#8a2be2",
        "name": "#1c1d22",
        "function": "#1f5fbf",
        "type": "#00707c",
        "string": "#2b7a3e",
        "number": "#a8500a",
        "comment": "#6f7480",
        "operator": "#4d515c",
    },
    states=_states("#2b8a3e", "#3b5bdb", "#666a75", "#c92a2a", "#a85d00"),
)

DARK = Colours(
    dark=True,
    window="#17181c",
    surface="#1f2126",
    raised="#26282e",
    line="#34373f",
    text="#e8e9ed",
    muted="#9a9eaa",
    accent="#8ea6ff",
    accent_soft="#2c3558",
    on_accent="#10131f",
    question="#2c3558",
    mark="#5a4a12",
    good="#69c17d",
    warn="#f0ad4e",
    bad="#ff7b7b",
    code={
        "keyword": "#c792ea",
        "name": "#e8e9ed",
        "function": "#82aaff",
        "type": "#6fd3d8",
        "string": "#9fd88f",
        "number": "#f2a86f",
        "comment": "#858a96",
        "operator": "#b4b8c4",
    },
    states=_states("#69c17d", "#8ea6ff", "#9a9eaa", "#ff7b7b", "#f0ad4e"),
)


def colours(widget: QWidget) -> Colours:
    """Return the colours in force where this widget stands."""
    # The application's palette: one that the style sheet gave a transparent background would seem dark.
    return DARK if QApplication.palette(widget).color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def state_colour(widget: QWidget, state: str) -> str:
    """Return the colour of a source state as #rrggbb; an unknown state is muted."""
    here = colours(widget)
    return here.states.get(state, here.muted)
