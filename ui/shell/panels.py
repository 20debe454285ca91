"""The docks of the window, by role. Made once by ui.main; tests give their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from assistant.api.views import Cite
from ui.docks.base import DockBase


class ShowsPlaces(Protocol):
    """A preview: shows a source at a place, with the quote marked."""

    def show_place(self, cite: Cite, quote: str) -> None:
        """Show it."""
        ...


@dataclass(frozen=True, slots=True)
class Panels:
    """`viewer` is what shows places, usually the preview dock itself; `search` puts the cursor into the memory's search field.

    `health` may be missing.
    """

    memory: DockBase
    preview: DockBase
    timeline: DockBase
    viewer: ShowsPlaces
    search: Callable[[], None]
    health: DockBase | None = None

    def all(self) -> tuple[DockBase, ...]:
        """Return the docks from left to right."""
        return (self.memory, self.preview, self.timeline, *([self.health] if self.health else []))
