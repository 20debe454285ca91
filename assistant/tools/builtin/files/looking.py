"""files.list, files.compare and files.open: what there is, how it differs, and showing it. Nothing is changed."""

import asyncio
import difflib
import os
from datetime import datetime

from assistant.domain.change import Entry
from assistant.domain.errors import ArgumentError, NotFoundError
from assistant.domain.tool import Arguments, Outcome, Table
from assistant.tools.builtin.reading import text_of
from assistant.tools.changes import entry_at
from assistant.tools.command import Sight
from assistant.tools.kinds import kind_word
from assistant.tools.names import name_of
from assistant.tools.selection import MIB, chosen, private

_MOST_ROWS = 2000
_NARROWING = frozenset({"glob", "older_days", "newer_days", "larger_bytes", "smaller_bytes"})
_MOST_LINES = 400
_MOST_COMPARED = 1 * MIB


async def list_files(arguments: Arguments, sight: Sight) -> Outcome:
    """Show files by path, with size, time and kind; where nothing narrows them down, the folders beside them first."""
    found = await chosen(arguments, sight)
    folders = (
        [] if _NARROWING.intersection(arguments) or arguments.get("deep") else await _folders_in(str(arguments["folder"]), sight)
    )
    rows = [_row(entry, sight.say("folder", "папка"), sight) for entry in folders]
    rows += [_row(entry, kind_word(name_of(entry.path), sight.language, one=True), sight) for entry in found.entries]
    size = sum(entry.stamp.size for entry in found.entries) / MIB
    text = sight.say(f"Files: {len(found.entries)}, {size:.1f} MiB.", f"Файлов: {len(found.entries)}, {size:.1f} МиБ.")
    beside = sight.say(f"Folders: {len(folders)}.", f"Папок: {len(folders)}.") if folders else ""
    cut = len(rows) - _MOST_ROWS
    more = sight.say(f"Not shown: {cut}.", f"Не показано: {cut}.") if cut > 0 else ""
    columns = tuple(sight.say("path|bytes|changed|kind", "путь|байт|изменён|вид").split("|"))
    return Outcome(
        text=" ".join(filter(None, [text, beside, more, found.said(sight)])),
        table=Table(columns=columns, rows=tuple(rows[:_MOST_ROWS])),
        empty=not rows,
    )


async def _folders_in(folder: str, sight: Sight) -> list[Entry]:
    entries = await sight.files.listing(folder)
    return [entry for entry in entries if entry.stamp.kind == "folder" and not private(name_of(entry.path))]


def _row(entry: Entry, kind: str, sight: Sight) -> tuple[str, str, str, str]:
    changed = datetime.fromtimestamp(entry.stamp.mtime_ns / 1e9, sight.now.tzinfo)
    size = "" if entry.stamp.kind == "folder" else str(entry.stamp.size)
    return entry.path, size, f"{changed:%Y-%m-%d %H:%M}", kind


async def compare(arguments: Arguments, sight: Sight) -> Outcome:
    """Show how two files differ line by line, or two folders file by file. Raises NotFoundError, ArgumentError."""
    left, right = [await _there(str(arguments[side]), sight) for side in ("left", "right")]
    if left.stamp.kind != right.stamp.kind or left.stamp.kind == "link":
        raise ArgumentError(
            "Only two files or two folders can be compared.", kept="Nothing was done.", remedy="Name two of the same kind."
        )
    return await (_folders if left.stamp.kind == "folder" else _files)(left, right, sight)


async def open_path(arguments: Arguments, sight: Sight) -> Outcome:
    """Have a file or folder opened in its program, or shown in the file manager. Raises NotFoundError."""
    entry = await _there(str(arguments["path"]), sight)
    reveal = bool(arguments.get("reveal"))
    text = sight.say(*(("Shown", "Показано") if reveal else ("Opened", "Открыто")))
    return Outcome(opens=(entry.path,), reveal=reveal, text=f"{text}: {entry.path}")


async def _there(path: str, sight: Sight) -> Entry:
    entry = await entry_at(sight.files, path)
    if entry is None:
        raise NotFoundError(f"There is nothing at {path}.", kept="Nothing was done.", remedy="Check the name.")
    return entry


async def _files(left: Entry, right: Entry, sight: Sight) -> Outcome:
    digests = await sight.files.digests([left.path, right.path])
    if left.stamp.size == right.stamp.size and len(digests) == 2 and digests[left.path] == digests[right.path]:
        return Outcome(text=sight.say("Both are the same, byte for byte.", "Одинаковы до последнего байта."), empty=True)
    texts = [await text_of(entry, sight, _MOST_COMPARED) for entry in (left, right)]
    if texts[0] is None or texts[1] is None:
        sizes = f"{left.stamp.size} / {right.stamp.size}"
        return Outcome(
            text=sight.say(
                f"They differ; they are no text, or too large to show line by line. Bytes: {sizes}.",
                f"Различаются; это не текст, или слишком велики для показа построчно. Байт: {sizes}.",
            )
        )
    lines = await asyncio.to_thread(_differing, texts[0], texts[1], left.path, right.path)
    added = sum(line.startswith("+") for line in lines[2:])
    gone = sum(line.startswith("-") for line in lines[2:])
    head = sight.say(f"Lines only left: {gone}, only right: {added}.", f"Строк только слева: {gone}, только справа: {added}.")
    shown = lines[:_MOST_LINES]
    cut = sight.say(f"Not shown: {len(lines) - len(shown)}.", f"Не показано: {len(lines) - len(shown)}.")
    body = "\n".join(f"    {line}" for line in shown)
    return Outcome(text="\n\n".join(filter(None, [head, body, cut if len(shown) < len(lines) else ""])))


def _differing(left: str, right: str, left_name: str, right_name: str) -> list[str]:
    return list(difflib.unified_diff(left.splitlines(), right.splitlines(), left_name, right_name, n=2, lineterm=""))


async def _folders(left: Entry, right: Entry, sight: Sight) -> Outcome:
    ours, theirs = [await _below(entry.path, sight) for entry in (left, right)]
    both = sorted(ours.keys() & theirs.keys())
    unsure = [name for name in both if ours[name].stamp.size == theirs[name].stamp.size and ours[name].stamp.kind == "file"]
    digests = await sight.files.digests([side[name].path for name in unsure for side in (ours, theirs)], sight.tell)
    alike = {name for name in unsure if digests.get(ours[name].path) == digests.get(theirs[name].path)}
    only_left, only_right, differs = sight.say("only left|only right|differs", "только слева|только справа|различается").split(
        "|"
    )
    rows = [(name, only_left) for name in ours.keys() - theirs.keys()]
    rows += [(name, only_right) for name in theirs.keys() - ours.keys()]
    rows += [(name, differs) for name in both if not _same(ours[name], theirs[name], name in alike)]
    equal = sum(_same(ours[name], theirs[name], name in alike) for name in both)
    text = sight.say(f"The same: {equal}, different: {len(rows)}.", f"Одинаковых: {equal}, различий: {len(rows)}.")
    columns = tuple(sight.say("name|how", "имя|как").split("|"))
    return Outcome(text=text, table=Table(columns=columns, rows=tuple(sorted(rows)[:_MOST_ROWS])), empty=not rows)


async def _below(folder: str, sight: Sight) -> dict[str, Entry]:
    start = len(folder.rstrip(os.sep)) + 1
    return {entry.path[start:]: entry for entry in await sight.files.listing(folder, deep=True, tell=sight.tell)}


def _same(left: Entry, right: Entry, alike: bool) -> bool:
    if left.stamp.kind != right.stamp.kind:
        return False
    return alike or left.stamp.kind == "folder"
