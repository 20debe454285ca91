"""The docks of the window, by role. Made once by ui.main; tests give their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from assistant.api.views import Cite
from ui.deeds import Deed, Desk
from ui.docks.base import DockBase


class ShowsPlaces(Protocol):
    """A preview: shows a source at a place, with the quote marked."""

    def show_place(self, cite: Cite, quote: str) -> None:
        """Show it."""
        ...


@runtime_checkable
class ShowsDeeds(Protocol):
    """A panel for plans."""

    def show_deed(self, deed: Deed) -> None:
        """Show a plan."""
        ...

    def answer(self) -> None:
        """Put the keyboard where the plan is answered."""
        ...


@runtime_checkable
class ShowsChanges(Protocol):
    """A panel for changes."""

    def show_changes(self, of: str, path: str) -> None:
        """Show what a plan or a run (by id, "" the one on show) changes, at a path ("" none in particular)."""
        ...


@dataclass(frozen=True, slots=True)
class Panels:
    """`viewer` is what shows places, usually the preview dock itself; `search` puts the cursor into the memory's search field.

    `health`, and `desk` with its panels `plan` and `diff`, may be missing.
    """

    memory: DockBase
    preview: DockBase
    timeline: DockBase
    viewer: ShowsPlaces
    search: Callable[[], None]
    health: DockBase | None = None
    plan: DockBase | None = None
    diff: DockBase | None = None
    desk: Desk | None = None

    def all(self) -> tuple[DockBase, ...]:
        """Return the docks from left to right."""
        return (self.memory, self.preview, self.timeline, *(dock for dock in (self.health, self.plan, self.diff) if dock))
