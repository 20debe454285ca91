"""What the list of sources shows and in which order: words of the path, state group, sort order. Used by the source model."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from assistant.api.views import SourceView
from ui.i18n.visible import homely, visible
from ui.item_models.states import GROUPS, RANKS, StateGroup


class Order(StrEnum):
    """By what the list can be sorted: names upwards, states that need a person first, newest first, largest first."""

    NAME = "name"
    STATE = "state"
    UPDATED = "updated"
    CHUNKS = "chunks"


class SourceRow:
    """A source with what is asked of it often, worked out once."""

    __slots__ = ("folder", "haystack", "name", "path", "view")

    def __init__(self, view: SourceView) -> None:
        path = PurePath(view.path)
        self.view = view
        self.path = view.path
        self.name = visible(path.name)
        self.folder = homely(_folder(path, view.project))
        self.haystack = view.path.casefold()

    def key(self, order: Order) -> tuple[float, str]:
        """Return the sort key; equal ones are ordered by path."""
        match order:
            case Order.NAME:
                return 0, f"{self.name.casefold()}\0{self.haystack}"
            case Order.STATE:
                return RANKS[self.view.state], self.haystack
            case Order.UPDATED:
                return -self.view.updated.timestamp(), self.haystack
            case Order.CHUNKS:
                return -self.view.chunks, self.haystack


def _folder(path: PurePath, project: str) -> str:
    """Return the folder of a file from its project on, where one can be seen in it."""
    parts = path.parent.parts
    return str(PurePath(*parts[parts.index(project) :])) if project in parts else str(path.parent)


@dataclass(frozen=True, slots=True)
class Shape:
    """Which sources are shown, under headings or not, and in which order."""

    words: tuple[str, ...] = ()
    group: StateGroup = StateGroup.ALL
    order: Order = Order.NAME
    grouped: bool = True

    def passes(self, row: SourceRow) -> bool:
        """Tell whether the state belongs to the chosen group and the path contains every word."""
        if self.group is not StateGroup.ALL and GROUPS[row.view.state] is not self.group:
            return False
        return all(word in row.haystack for word in self.words)

    def arrange(self, rows: Iterable[SourceRow]) -> dict[str, list[SourceRow]]:
        """Give the rows to show by project, projects by name; without grouping all are under the empty name."""
        found: dict[str, list[SourceRow]] = {}
        for row in rows:
            if self.passes(row):
                found.setdefault(row.view.project if self.grouped else "", []).append(row)
        for members in found.values():
            members.sort(key=lambda row: row.key(self.order))
        return dict(sorted(found.items(), key=lambda item: item[0].casefold()))


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Join ascending numbers into inclusive runs: 1 2 3 7 -> (1, 3) (7, 7)."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
