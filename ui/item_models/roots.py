"""How the roots of memory stand: watched, not watched, offline. Used by the source model and the memory dock's menu."""

from collections.abc import Iterable, Sequence
from pathlib import PurePath

from assistant.api.views import WatchedRoot
from ui.i18n import tr


def root_of(path: str, roots: Iterable[WatchedRoot]) -> WatchedRoot | None:
    """Return the innermost root that a path belongs to."""
    around = [root for root in roots if PurePath(path).is_relative_to(root.path)]
    return max(around, key=lambda root: len(root.path), default=None)


def marks(roots: Sequence[WatchedRoot]) -> dict[str, str]:
    """Return by project what is out of the ordinary about its roots; those that are watched and there are left out."""
    found: dict[str, str] = {}
    for root in sorted(roots, key=lambda root: root.online):  # offline is told first
        word = tr("offline") if not root.online else tr("not watched") if not root.watched else ""
        if word:
            found.setdefault(root.project, word)
    return found
