"""One trash folder as the Trash specification lays it out: where it is, its info files, free names. Used by `trash`. Blocking."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

from assistant.adapters.acting.drafts import draft
from assistant.adapters.acting.grounds import Spot
from assistant.adapters.acting.threads import Halt

FILES, INFO, SUFFIX = "files", "info", ".trashinfo"
LONGEST_NAME = 230
"""Bytes of a name in the trash: the specification's suffix and a number have to fit behind it."""


@dataclass(frozen=True, slots=True)
class TrashFolder:
    """One trash folder; `top` is where its disk is mounted, "" for the home trash, whose paths are absolute."""

    path: str
    top: str = ""

    def tells(self, path: str) -> str:
        """Return a path as it is written into an info file."""
        return quote(os.path.relpath(path, self.top) if self.top else path)

    def told(self, line: str) -> str:
        """Return the absolute path that an info file tells."""
        return os.path.join(self.top, os.fsdecode(unquote_to_bytes(line)))


@dataclass(frozen=True, slots=True)
class OpenTrash:
    """The two folders of a trash, opened."""

    can: TrashFolder
    files: int
    info: int

    def item(self, name: str) -> Spot:
        """Return the place of a trashed thing."""
        return Spot(os.path.join(self.can.path, FILES, name), self.files, name)


def names_for(name: str) -> Iterator[str]:
    """Yield names for the trash until one is free."""
    short = short_name(name)
    yield short
    for number in range(2, 100_000):
        yield f"{short}.{number}"


def short_name(name: str) -> str:
    """Return how every name in the trash begins that a thing of this name gets."""
    return name.encode()[:LONGEST_NAME].decode("utf-8", "ignore")


def write_info(trash: OpenTrash, name: str, content: bytes, halt: Halt) -> None:
    """Write an info file under a free name, whole or not at all; raises FileExistsError."""
    spot = Spot(os.path.join(trash.can.path, INFO, name), trash.info, name)
    with draft(spot, halt, 0o600) as made:
        with made.stream() as stream:
            stream.write(content)
        made.place(spot)


def read_info(name: str, folder: int) -> tuple[str, str] | None:
    """Return path and date as an info file tells them; None for anything else."""
    if not name.endswith(SUFFIX):
        return None
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        with os.fdopen(descriptor, encoding="utf-8") as file:
            lines = file.read(2**16).splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    told = dict(line.split("=", 1) for line in lines[1:] if "=" in line)
    return (told["Path"], told.get("DeletionDate", "")) if "Path" in told else None
