"""Which files and folders a request means: named ones, or those in a folder by pattern, age and size. Used by commands."""

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.domain.change import Entry
from assistant.domain.errors import NotFoundError
from assistant.domain.tool import Arguments
from assistant.tools.command import Sight
from assistant.tools.globs import matcher

OWNED = frozenset({"node_modules", "__pycache__", "site-packages", "venv", "$recycle.bin", "system volume information"})
"""Folders whose contents belong to programs: nothing in them is taken up by a pattern."""

MIB = 1024 * 1024
_BATCH = 2000
DAY_NS = 24 * 3600 * 10**9


@dataclass(slots=True)
class Chosen:
    """What was chosen, ordered by path, and how many were passed over for which reason."""

    entries: list[Entry] = field(default_factory=list[Entry])
    left: Counter[str] = field(default_factory=Counter[str])

    def said(self, sight: Sight) -> str:
        """Return a sentence about what was passed over, "" when nothing was."""
        reasons = ", ".join(f"{reason}: {count}" for reason, count in self.left.most_common())
        return sight.say(f"Left alone: {reasons}.", f"Не тронуто: {reasons}.") if reasons else ""


async def chosen(arguments: Arguments, sight: Sight, *, whole: bool = False) -> Chosen:
    """Return the files that `paths`, or `folder` with `glob` and the rest, name; with `whole` named folders as they are.

    Links are never chosen. Raises NotFoundError for a named path at which nothing stands.
    """
    found = Chosen()
    fits = _fitting(arguments, sight)
    paths = arguments.get("paths")
    if isinstance(paths, list):
        for path in dict.fromkeys(map(str, paths)):
            await _named(path, found, fits, sight, whole)
    else:
        await _within(str(arguments["folder"]), found, fits, sight, deep=bool(arguments.get("deep")), glob=_glob(arguments))
    found.entries.sort(key=lambda entry: entry.path)
    return found


async def below(folder: str, sight: Sight, glob: str = "", *, deep: bool = True) -> Chosen:
    """Return the files in a folder, hidden ones and those of programs passed over."""
    found = Chosen()
    await _within(folder, found, lambda _: True, sight, deep=deep, glob=glob)
    return found


def private(rest: str, glob: str = "") -> bool:
    """Tell whether a path from the chosen folder is hidden or in a folder of programs; a glob may ask for hidden names."""
    *folders, name = rest.split(os.sep)  # noqa: PTH206
    if any(one.startswith(".") or one.casefold() in OWNED for one in folders):
        return True
    return name.startswith(".") and not glob.rpartition("/")[2].startswith(".")


def _glob(arguments: Arguments) -> str:
    return str(arguments.get("glob") or "")


def _fitting(arguments: Arguments, sight: Sight) -> Callable[[Entry], bool]:
    """Return a test for age and size."""
    now = int(sight.now.timestamp() * 1e9)
    older, newer = _number(arguments, "older_days"), _number(arguments, "newer_days")
    larger, smaller = _number(arguments, "larger_bytes"), _number(arguments, "smaller_bytes")

    def fits(entry: Entry) -> bool:
        age = now - (entry.stamp.mtime_ns or now)
        return (
            (older is None or age >= older * DAY_NS)
            and (newer is None or age <= newer * DAY_NS)
            and (larger is None or entry.stamp.size > larger)
            and (smaller is None or entry.stamp.size < smaller)
        )

    return fits


def _number(arguments: Arguments, name: str) -> float | None:
    value = arguments.get(name)
    return float(value) if isinstance(value, int | float) else None


async def _named(path: str, found: Chosen, fits: Callable[[Entry], bool], sight: Sight, whole: bool) -> None:
    stamp = await sight.files.stamp(path)
    if stamp is None:
        raise NotFoundError(f"There is nothing at {path}.", kept="Nothing was done.", remedy="Check the name.")
    if stamp.kind == "link":
        found.left[sight.say("links", "ссылки")] += 1
    elif stamp.kind == "folder" and not whole:
        await _within(path, found, fits, sight, deep=True, glob="")
    elif stamp.kind == "folder" or fits(Entry(path=path, stamp=stamp)):
        found.entries.append(Entry(path=path, stamp=stamp))


async def _within(folder: str, found: Chosen, fits: Callable[[Entry], bool], sight: Sight, *, deep: bool, glob: str) -> None:
    wanted = matcher(glob) if glob else None
    start = len(folder.rstrip(os.sep)) + 1
    hidden, links = sight.say("hidden or of programs", "скрытые или программные"), sight.say("links", "ссылки")
    for n, entry in enumerate(await sight.files.listing(folder, deep=deep, tell=sight.tell)):
        if n % _BATCH == 0:
            await asyncio.sleep(0)
        rest = entry.path[start:]
        if entry.stamp.kind == "folder" or (wanted is not None and not wanted(rest.replace(os.sep, "/"))):
            continue
        if private(rest, glob):
            found.left[hidden] += 1
        elif entry.stamp.kind == "link":
            found.left[links] += 1
        elif fits(entry):
            found.entries.append(entry)
