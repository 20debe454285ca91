"""files.duplicates and files.list_duplicates: files with the same contents, or nearly the same text; one of each always stays."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from assistant.domain.change import Entry
from assistant.domain.simhash import distance, simhash
from assistant.domain.tool import Arguments, Outcome, Table
from assistant.tools.builtin.reading import text_of
from assistant.tools.changes import Draft
from assistant.tools.command import Sight
from assistant.tools.selection import MIB, Chosen, below

_NEAR_BITS = 3
_BLOCKS = 4
"""Fingerprints that differ in at most three bits are alike in one of four blocks."""
_NEAR_LEAST = 200
"""Characters a text needs for its likeness to tell anything."""
_NEAR_MOST = 2 * MIB
_BATCH = 100
_MASK = (1 << 64) - 1


Order = tuple[int, int, str]


class Group(NamedTuple):
    """A file that stays, and those that say the same, each with the bits of 64 in which its fingerprint differs (-1: none)."""

    kept: Entry
    extra: tuple[tuple[Entry, int], ...]


async def duplicates(arguments: Arguments, sight: Sight) -> Outcome:
    """Want all but one of each in the trash."""
    groups, found = await _groups(arguments, sight)
    draft = Draft(sight.files, sight.blobs)
    for group in groups:
        for entry, bits in group.extra:
            await draft.trash(entry, _why(group.kept, bits, sight))
    count, size = _sums(groups)
    text = sight.say(
        f"Extra files: {count} ({_mib(size)} MiB); one of each stays, {len(groups)} in all.",
        f"Лишних файлов: {count} ({_mib(size)} МиБ); по одному остаётся, всего {len(groups)}.",
    )
    return Outcome(
        changes=tuple(draft.changes),
        text=" ".join(filter(None, [text, found.said(sight)])),
        table=_table(groups, sight),
        expects=draft.expects(),
        empty=not groups,
    )


async def list_duplicates(arguments: Arguments, sight: Sight) -> Outcome:
    """Show what is there twice; nothing is wanted."""
    groups, found = await _groups(arguments, sight)
    count, size = _sums(groups)
    text = sight.say(
        f"Files that are there again: {count} ({_mib(size)} MiB), of {len(groups)}.",
        f"Повторов: {count} ({_mib(size)} МиБ), у {len(groups)} файлов.",
    )
    return Outcome(text=" ".join(filter(None, [text, found.said(sight)])), table=_table(groups, sight), empty=not groups)


def grouped(
    entries: Iterable[Entry], digests: dict[str, str], prints: dict[str, int], better: Callable[[Entry], Order]
) -> list[Group]:
    """Put entries with the same digest, or with fingerprints that hardly differ, together; the best of each by `better` is kept.

    Every entry is in one group at most, and the kept one in no other.
    """
    same: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        same[digests.get(entry.path) or entry.path].append(entry)
    piles = sorted((sorted(pile, key=better) for pile in same.values()), key=lambda pile: better(pile[0]))
    blocks: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    groups: list[tuple[Entry, list[tuple[Entry, int]]]] = []
    marks: list[int] = []
    for pile in piles:
        mark = prints.get(pile[0].path)
        near = _nearest(mark, blocks, marks) if mark is not None else None
        if near is not None:
            number, bits = near
            groups[number][1].extend((entry, bits) for entry in pile)
            continue
        marks.append(mark or 0)
        groups.append((pile[0], [(entry, -1) for entry in pile[1:]]))
        for key in _keys(mark):
            blocks[key].append(len(groups) - 1)
    return [Group(kept, tuple(extra)) for kept, extra in groups if extra]


def _nearest(mark: int, blocks: dict[tuple[int, int], list[int]], marks: Sequence[int]) -> tuple[int, int] | None:
    near = ((distance(mark, marks[n]), n) for key in _keys(mark) for n in blocks.get(key, ()))
    bits, number = min(near, default=(_NEAR_BITS + 1, 0))
    return (number, bits) if bits <= _NEAR_BITS else None


def _keys(mark: int | None) -> list[tuple[int, int]]:
    return [] if mark is None else [(n, ((mark & _MASK) >> (16 * n)) & 0xFFFF) for n in range(_BLOCKS)]


async def _groups(arguments: Arguments, sight: Sight) -> tuple[list[Group], Chosen]:
    folders = arguments.get("folders")
    named = [*map(str, folders)] if isinstance(folders, list) else [str(arguments["folder"])]
    found = await _files(named, str(arguments.get("glob") or ""), sight)
    by_size: defaultdict[int, list[Entry]] = defaultdict(list)
    for entry in found.entries:
        by_size[entry.stamp.size].append(entry)
    suspects = [entry.path for pile in by_size.values() if len(pile) > 1 for entry in pile]
    digests = await sight.files.digests(suspects, sight.tell)
    prints = await _prints(found.entries, sight) if arguments.get("near") else {}
    rules: dict[str, Callable[[Entry], Order]] = {
        "oldest": lambda one: (one.stamp.mtime_ns, len(one.path), one.path),
        "newest": lambda one: (-one.stamp.mtime_ns, len(one.path), one.path),
        "shortest path": lambda one: (len(one.path), 0, one.path),
    }
    return grouped(found.entries, digests, prints, rules[str(arguments.get("keep") or "oldest")]), found


async def _files(folders: Sequence[str], glob: str, sight: Sight) -> Chosen:
    """Return files each of which stands for contents of its own: neither empty, nor one more name for another one."""
    found = Chosen()
    seen: set[tuple[int, int] | str] = set()
    for folder in dict.fromkeys(folders):
        more = await below(folder, sight, glob)
        found.left.update(more.left)
        for entry in more.entries:
            stamp = entry.stamp
            names = {(stamp.inode, stamp.device), entry.path} if stamp.inode else {entry.path}
            if entry.path not in seen and names & seen:
                found.left[sight.say("other names of the same file", "другие имена того же файла")] += 1
            elif entry.path not in seen and stamp.size:
                found.entries.append(entry)
            elif not stamp.size:
                found.left[sight.say("empty", "пустые")] += 1
            seen |= names
    return found


async def _prints(entries: Sequence[Entry], sight: Sight) -> dict[str, int]:
    """Return fingerprints of the texts among the files, by path."""
    prints: dict[str, int] = {}
    for n, entry in enumerate(entries):
        if n % _BATCH == 0:
            sight.tell(n, len(entries), "")
        text = await text_of(entry, sight, _NEAR_MOST)
        normal = " ".join((text or "").split())
        if len(normal) >= _NEAR_LEAST:
            prints[entry.path] = await asyncio.to_thread(simhash, normal)
    return prints


def _why(kept: Entry, bits: int, sight: Sight) -> str:
    if bits < 0:
        return sight.say(f"same contents as {kept.path}, which stays", f"то же содержимое, что в {kept.path}; он остаётся")
    return sight.say(
        f"nearly the same text as {kept.path}, which stays ({bits} of 64 bits differ)",
        f"почти тот же текст, что в {kept.path}; он остаётся (различие {bits} бит из 64)",
    )


def _sums(groups: Sequence[Group]) -> tuple[int, int]:
    return sum(len(group.extra) for group in groups), sum(one.stamp.size for group in groups for one, _ in group.extra)


def _mib(size: int) -> str:
    return f"{size / MIB:.1f}"


def _table(groups: Sequence[Group], sight: Sight) -> Table:
    columns = sight.say("stays|again|bytes|how", "остаётся|повтор|байт|как").split("|")
    same, near = sight.say("same", "то же"), sight.say("nearly the same", "почти то же")
    return Table(
        columns=tuple(columns),
        rows=tuple(
            (group.kept.path, entry.path, str(entry.stamp.size), same if bits < 0 else near)
            for group in groups
            for entry, bits in group.extra
        ),
    )
