"""Damaged files of an index are set aside under a name that says when, never silently deleted. Called by `app`."""

import shutil
from datetime import datetime
from pathlib import Path

ASIDE = ".damaged-"
LOCK = "lock"


def set_aside(place: Path, folder: Path, at: datetime) -> Path | None:
    """Move the files of a damaged index to `folder`, under a name that says when; None when there are none.

    Its lock stays, since this process may hold it.
    """
    aside = folder / f"{place.name}{ASIDE}{at:%Y%m%d-%H%M%S-%f}"
    if place.is_file():
        place.rename(aside)
        return aside
    if not place.is_dir():
        return None
    moved = [child for child in place.iterdir() if child.name != LOCK]
    if not moved:
        return None
    aside.mkdir()
    for child in moved:
        child.rename(aside / child.name)
    return aside


def discard_aside(folder: Path, name: str = f"*{ASIDE}*") -> int:
    """Delete what was set aside (all of it, or that of one name); return how much that was, in files and folders."""
    found = list(folder.glob(name))
    for aside in found:
        if aside.is_dir():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            aside.unlink(missing_ok=True)
    return len(found)
