"""Looking at paths by their names instead of by a listing. Used by `walker` for what a watch says has changed."""

import os
import stat
import sys
from pathlib import Path

CASE_COUNTS = sys.platform not in ("win32", "darwin")


class Named:
    """What a walk asks of a directory's entry, for a path that was named instead of listed."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.name = Path(path).name

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """See os.DirEntry.stat."""
        return Path(self.path).stat(follow_symlinks=follow_symlinks)

    def is_symlink(self) -> bool:
        """See os.DirEntry.is_symlink."""
        return Path(self.path).is_symlink()

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        """See os.DirEntry.is_dir."""
        return stat.S_ISDIR(self.stat(follow_symlinks=follow_symlinks).st_mode)


def parent_of(path: str) -> str:
    """Return the folder a path lies in."""
    return str(Path(path).parent)


def names_in(folder: str) -> frozenset[str]:
    """List a folder."""
    return frozenset(entry.name for entry in Path(folder).iterdir())


def is_there(path: str) -> bool:
    """Tell whether this very name stands there: where case does not count, a renamed file still answers to its old name."""
    try:
        Path(path).lstat()
        return CASE_COUNTS or Path(path).name in names_in(parent_of(path))
    except (OSError, ValueError):
        return False
