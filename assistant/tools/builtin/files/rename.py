"""files.rename: names by pattern, by a text replaced, by date, number, type or contents; swaps and chains come out right."""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from itertools import count

from assistant.domain.change import Entry
from assistant.domain.errors import ArgumentError, OccupiedError
from assistant.domain.file_names import folded, unfit
from assistant.domain.tool import Arguments, Outcome, Taint
from assistant.tools.builtin.files.moving import weight
from assistant.tools.builtin.files.naming import UNTRUSTED, Known, NamePattern, natural, parsed, plain, replaced
from assistant.tools.builtin.reading import text_of
from assistant.tools.changes import Draft
from assistant.tools.command import Sight
from assistant.tools.dates import date_of
from assistant.tools.names import folder_of, joined, name_of, numbered
from assistant.tools.ordering import ordered
from assistant.tools.selection import Chosen, chosen
from assistant.tools.taints import from_files, from_names

_BATCH = 500


async def rename(arguments: Arguments, sight: Sight) -> Outcome:
    """Work out new names of files, and of folders that are named themselves; a name that is taken gets a number.

    Raises ArgumentError.
    """
    found = await chosen(arguments, sight, whole=True)
    entries = sorted(found.entries, key=lambda entry: natural(entry.path))
    if arguments.get("find") is not None:
        names, titles = await _by_text(arguments, entries), dict[str, str]()
        taints = from_names(
            "replace", [entry for entry in entries if names.get(entry.path, name_of(entry.path)) != name_of(entry.path)]
        )
        why = sight.say(f"“{arguments['find']}” in the name is replaced", f"заменено «{arguments['find']}» в имени")
        whys = dict.fromkeys(names, why)
    else:
        pattern = _pattern(arguments, len(entries))
        names, whys, titles = await _by_pattern(pattern, arguments, entries, found, sight)
        taints = _tainted(pattern, entries, titles)
    taken = await _staying(entries, names, sight)
    targets = _targets(names, taken, found, sight)
    draft = Draft(sight.files, sight.blobs)
    await _move(draft, {entry.path: entry for entry in entries}, targets, _aside(entries, taken), whys, sight)
    text = sight.say(f"Files that get a new name: {len(targets)}.", f"Файлов получат новое имя: {len(targets)}.")
    return Outcome(
        changes=tuple(draft.changes),
        conflicts=tuple(draft.conflicts),
        text=" ".join(filter(None, [text, found.said(sight)])),
        taints=taints if targets else (),
        expects=draft.expects(),
        empty=not targets,
    )


def _pattern(arguments: Arguments, many: int) -> NamePattern:
    wanted = arguments.get("pattern")
    if wanted is None:
        width = max(2, len(str(many)))
        by = {
            "date": "{date:%Y-%m-%d}_{name}",
            "number": f"{{n:0{width}}}_{{name}}",
            "type": f"{{type}}_{{n:0{width}}}",
            "content": "{title}",
        }
        wanted = by[str(arguments["by"])]
    return parsed(str(wanted), many)


async def _by_text(arguments: Arguments, entries: Sequence[Entry]) -> dict[str, str]:
    find, replace = str(arguments["find"]), str(arguments.get("replace") or "")
    if not find:
        raise ArgumentError("It is not said what “find” is.", kept="Nothing was done.", remedy="Name the text to replace.")
    return {entry.path: replaced(entry.path, find, replace) for entry in entries}


async def _by_pattern(
    pattern: NamePattern, arguments: Arguments, entries: Sequence[Entry], found: Chosen, sight: Sight
) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Return new names, reasons and titles from contents, by path."""
    start = arguments.get("start")
    first = start if isinstance(start, int) else 1
    names, whys, titles = dict[str, str](), dict[str, str](), dict[str, str]()
    for n, entry in enumerate(entries):
        if n % _BATCH == 0:
            sight.tell(n, len(entries), "")
            await asyncio.sleep(0)
        title = ""
        if "title" in pattern.fields:
            title = plain(await _title(entry, sight))
            if not title:
                found.left[sight.say("no text to name it by", "нет текста для названия")] += 1
                continue
            titles[entry.path] = title
        date, by_name = date_of(name_of(entry.path), entry.stamp.mtime_ns, sight.now)
        known = Known(path=entry.path, n=first + n, date=date, language=sight.language, title=title)
        old, new = name_of(entry.path), pattern.name(known)
        dated = arguments.get("by") == "date" and old.startswith(f"{date:%Y-%m-%d}")
        names[entry.path] = old if dated else new
        whys[entry.path] = _why(pattern, known, by_name, sight)
    return names, whys, titles


def _why(pattern: NamePattern, known: Known, by_name: bool, sight: Sight) -> str:
    parts: list[str] = []
    if "date" in pattern.fields:
        source = sight.say(*(("date in its name", "дата из имени") if by_name else ("time of last change", "время изменения")))
        parts.append(f"{source}: {known.date:%Y-%m-%d}")
    if "title" in pattern.fields:
        parts.append(sight.say("its first line", "первая строка"))
    if "n" in pattern.fields:
        parts.append(sight.say(f"number {known.n}", f"номер {known.n}"))
    return ", ".join(parts) or sight.say("by the pattern", "по шаблону")


async def _title(entry: Entry, sight: Sight) -> str:
    """Return the first line with words of a text file, "" when there is none."""
    text = await text_of(entry, sight, 256 * 1024)
    lines = (line.strip().lstrip("#").strip() for line in (text or "").splitlines()[:50])
    return next((line for line in lines if any(map(str.isalpha, line))), "")


def _tainted(pattern: NamePattern, entries: Sequence[Entry], titles: dict[str, str]) -> tuple[Taint, ...]:
    if "title" in pattern.fields:
        return from_files("pattern", titles.items())
    return from_names("pattern", entries) if pattern.fields & UNTRUSTED else ()


def _changing(names: Mapping[str, str]) -> set[str]:
    return {path for path, name in names.items() if name != name_of(path) and not unfit(name)}


async def _staying(entries: Sequence[Entry], names: Mapping[str, str], sight: Sight) -> dict[str, set[str]]:
    """Return by folder the names, folded, that stay as they are."""
    changing = _changing(names)
    folders = {folder_of(entry.path) for entry in entries}
    return {
        folder: {folded(name_of(entry.path)) for entry in await sight.files.listing(folder) if entry.path not in changing}
        for folder in sorted(folders)
    }


def _targets(names: Mapping[str, str], taken: Mapping[str, set[str]], found: Chosen, sight: Sight) -> dict[str, str]:
    """Return new paths of the files whose names change, and add them to what is taken: none meets another, case left aside."""
    changing = _changing(names)
    targets, last = dict[str, str](), dict[str, int]()
    for path, name in names.items():
        if path not in changing:
            reason = unfit(name)
            if reason:
                found.left[sight.say(f"no fit name (it {reason})", "имя не годится")] += 1
            continue
        there = taken[folder_of(path)]
        free = name
        if folded(name) in there:
            place = joined(folder_of(path), folded(name))
            last[place] = next(n for n in count(last.get(place, 1) + 1) if folded(numbered(name, n)) not in there)
            free = numbered(name, last[place])
        taken[folder_of(path)].add(folded(free))
        if free != name_of(path):
            targets[path] = joined(folder_of(path), free)
    return targets


def _aside(entries: Sequence[Entry], taken: Mapping[str, set[str]]) -> Callable[[str], str]:
    """Return what gives a free name beside a file, for files that change places."""
    used = {folder: set(names) for folder, names in taken.items()}
    for entry in entries:
        used[folder_of(entry.path)].add(folded(name_of(entry.path)))

    def between(path: str) -> str:
        folder, name = folder_of(path), f"~{name_of(path)}"
        free = next(other for n in count(2) if folded(other := numbered(name, n)) not in used[folder])
        used[folder].add(folded(free))
        return joined(folder, free)

    return between


async def _move(
    draft: Draft,
    entries: Mapping[str, Entry],
    targets: Mapping[str, str],
    between: Callable[[str], str],
    whys: Mapping[str, str],
    sight: Sight,
) -> None:
    """Want the moves in an order in which each is possible."""
    standing = dict(entries)
    deepest_first = dict(sorted(targets.items(), key=lambda one: -one[0].count(os.sep)))
    for n, (source, to) in enumerate(ordered(deepest_first, between)):
        if n % _BATCH == 0:
            sight.tell(n, len(targets), "")
            await asyncio.sleep(0)
        entry = standing.pop(source)
        try:
            items = (await weight(entry, sight))[0]
            await draft.move(Entry(path=source, stamp=entry.stamp), to, whys[entry.path], items=items)
        except OccupiedError as error:
            draft.clash(to, error.what)
        standing[to] = entry
