"""files.move, files.copy and files.trash: entries to another place, their likes at another place, or out of the way."""

import asyncio
import os
from collections.abc import Sequence

from assistant.domain.change import Entry
from assistant.domain.errors import MnemeError, OccupiedError, TooMuchError
from assistant.domain.file_names import unfit
from assistant.domain.tool import Arguments, Outcome
from assistant.tools.changes import Draft, entry_at
from assistant.tools.command import Sight
from assistant.tools.names import ending, folder_of, joined, name_of, within
from assistant.tools.selection import MIB, Chosen, chosen

_BATCH = 500


async def move(arguments: Arguments, sight: Sight) -> Outcome:
    """Want entries in a folder, which is made if need be; a name that is taken there gets a number."""
    found = await chosen(arguments, sight, whole=True)
    draft = Draft(sight.files, sight.blobs)
    target, renamed = await _target(arguments, found.entries, sight)
    why = sight.say(f"asked into {target}", f"по просьбе в {target}")
    for n, entry in enumerate(_outermost(found.entries)):
        await _breathe(n, len(found.entries), sight)
        to = target if renamed else joined(target, name_of(entry.path))
        if to == entry.path:
            found.left[sight.say("already there", "уже там")] += 1
        elif entry.stamp.kind == "folder" and within(target, entry.path):
            draft.clash(entry.path, "A folder cannot be moved into itself.")
        else:
            await _placed(draft, entry, to, why, await _items(entry, sight))
    return _outcome(draft, found, sight, ("Entries to move", "Переместить объектов"))


async def copy(arguments: Arguments, sight: Sight) -> Outcome:
    """Want files, and folders with all in them, a second time; times and permissions stay. Links are not copied."""
    found = await chosen(arguments, sight, whole=True)
    draft = Draft(sight.files, sight.blobs)
    target, renamed = await _target(arguments, found.entries, sight)
    for n, entry in enumerate(_outermost(found.entries)):
        await _breathe(n, len(found.entries), sight)
        to = target if renamed else joined(target, name_of(entry.path))
        why = sight.say(f"copy of {entry.path}", f"копия {entry.path}")
        placed = _copy_folder if entry.stamp.kind == "folder" else _copy_file
        try:
            await placed(draft, found, entry, await draft.free(to), why, sight)
        except OccupiedError as error:
            draft.clash(to, error.what)
    return _outcome(draft, found, sight, ("Files to copy", "Скопировать файлов"))


async def trash(arguments: Arguments, sight: Sight) -> Outcome:
    """Want entries in the trash, a folder with all in it."""
    found = await chosen(arguments, sight, whole=True)
    draft = Draft(sight.files, sight.blobs)
    why = sight.say("asked into the trash", "по просьбе в корзину")
    for n, entry in enumerate(_outermost(found.entries)):
        await _breathe(n, len(found.entries), sight)
        items, size = await weight(entry, sight)
        await draft.trash(entry, why, items=items, size=size)
    return _outcome(draft, found, sight, ("Entries for the trash", "В корзину объектов"))


async def weight(entry: Entry, sight: Sight) -> tuple[int, int]:
    """Return how many entries go with one, itself included, and their bytes."""
    if entry.stamp.kind != "folder":
        return 1, entry.stamp.size
    below = await sight.files.listing(entry.path, deep=True)
    return 1 + len(below), sum(one.stamp.size for one in below if one.stamp.kind == "file")


async def _items(entry: Entry, sight: Sight) -> int:
    return (await weight(entry, sight))[0]


async def _target(arguments: Arguments, entries: Sequence[Entry], sight: Sight) -> tuple[str, bool]:
    """Return where to, and whether that is the new path of the only entry rather than a folder."""
    target = str(arguments["target"])
    if len(entries) != 1:
        return target, False
    there = await entry_at(sight.files, target)
    alike = entries[0].stamp.kind == "file" and ending(target) != "" and ending(target) == ending(entries[0].path)
    return target, alike and (there is None or there.stamp.kind != "folder")


def _outermost(entries: Sequence[Entry]) -> list[Entry]:
    """Leave out what lies in a chosen folder: it goes with it. Entries are ordered by path."""
    kept: list[Entry] = []
    folders: set[str] = set()
    for entry in sorted(entries, key=lambda one: one.path.split(os.sep)):  # noqa: PTH206
        above = folder_of(entry.path)
        while above not in folders and above != folder_of(above):
            above = folder_of(above)
        if above in folders:
            continue
        kept.append(entry)
        if entry.stamp.kind == "folder":
            folders.add(entry.path)
    return kept


async def _placed(draft: Draft, entry: Entry, to: str, why: str, items: int) -> None:
    try:
        await draft.folder(folder_of(to), why)
        await draft.move(entry, await draft.free(to), why, items=items)
    except OccupiedError as error:
        draft.clash(to, error.what)


async def _copy_folder(draft: Draft, found: Chosen, entry: Entry, to: str, why: str, sight: Sight) -> None:
    await draft.folder(to, why)
    start = len(entry.path)
    for n, one in enumerate(await sight.files.listing(entry.path, deep=True, tell=sight.tell)):
        await _breathe(n, 0, sight)
        place = to + one.path[start:]
        if within(place, entry.path) and within(one.path, to):
            continue  # the copy does not hold itself
        if one.stamp.kind == "folder":
            await draft.folder(place, why)
        elif one.stamp.kind == "file":
            await _copy_file(draft, found, one, place, why, sight)
        else:
            found.left[sight.say("links", "ссылки")] += 1


async def _copy_file(draft: Draft, found: Chosen, entry: Entry, to: str, why: str, sight: Sight) -> None:
    if unfit(name_of(to)):
        found.left[sight.say("odd names", "негодные имена")] += 1
        return
    try:
        content = await sight.files.read(entry.path, sight.settings.undo_file_mb * MIB)
    except TooMuchError:
        found.left[sight.say("too large to copy", "слишком велики для копии")] += 1
    except MnemeError:
        found.left[sight.say("unreadable", "не читаются")] += 1
    else:
        await draft.create(to, content, why, mode=entry.stamp.mode, mtime_ns=entry.stamp.mtime_ns)


async def _breathe(n: int, total: int, sight: Sight) -> None:
    if n % _BATCH == 0:
        sight.tell(n, total, "")
        await asyncio.sleep(0)


def _outcome(draft: Draft, found: Chosen, sight: Sight, title: tuple[str, str]) -> Outcome:
    counts = draft.expects()
    text = f"{sight.say(*title)}: {sum(counts.values())}."
    return Outcome(
        changes=tuple(draft.changes),
        conflicts=tuple(draft.conflicts),
        text=" ".join(filter(None, [text, found.said(sight)])),
        expects=counts,
        empty=not draft.changes and not draft.conflicts,
    )
