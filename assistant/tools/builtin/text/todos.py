"""text.todos: every TODO, FIXME, XXX, HACK, ДОДЕЛАТЬ and СДЕЛАТЬ with its place, as a table."""

import os
import re

from assistant.domain.change import Entry
from assistant.domain.tool import Arguments, Outcome, Table
from assistant.tools.builtin.reading import many_texts
from assistant.tools.builtin.text.saving import save_table
from assistant.tools.changes import Draft
from assistant.tools.command import Sight
from assistant.tools.names import within
from assistant.tools.selection import Chosen, below
from assistant.tools.taints import from_files
from assistant.tools.texts import lines_of

_MARK = re.compile(r"(?<!\w)(TODO|FIXME|XXX|HACK|ДОДЕЛАТЬ|СДЕЛАТЬ)(?!\w)(?:\([^()\n]{0,60}\))?[:\s\-–—]*(.*)")
_SMALL = re.compile(r"(?<!\w)(todo|fixme)(?:\([^()\n]{0,60}\))?:\s*(.*)", re.IGNORECASE)
_CLOSING = re.compile(r"\s*(?:\*/|-->|\"\"\"|''')\s*$")
_LONGEST = 300
_MOST_ROWS = 20_000


async def todos(arguments: Arguments, sight: Sight) -> Outcome:
    """Collect what is still to do below a folder; with `target` (.md or .csv) as a file, which is then not looked into itself."""
    folder = str(arguments["folder"])
    target = str(arguments.get("target") or "")
    found = await below(folder, sight, str(arguments.get("glob") or ""))
    entries = [entry for entry in found.entries if entry.path != target]
    rows = await _rows(entries, found, sight)
    columns = tuple(sight.say("place|kind|text", "место|пометка|текст").split("|"))
    draft = Draft(sight.files, sight.blobs)
    if target and rows:
        shown = tuple((_from(where, target, folder), kind, text) for where, kind, text in rows)
        title = sight.say("To do", "Сделать")
        why = sight.say(f"{len(rows)} marks in {folder}", f"пометок в {folder}: {len(rows)}")
        await save_table(draft, target, Table(columns=columns, rows=shown), title, why)
    files = len({where.rpartition(":")[0] for where, _, _ in rows})
    text = sight.say(f"Marks: {len(rows)} in {files} files.", f"Пометок: {len(rows)}, файлов: {files}.")
    return Outcome(
        changes=tuple(draft.changes),
        conflicts=tuple(draft.conflicts),
        text=" ".join(filter(None, [text, found.said(sight)])),
        table=Table(columns=columns, rows=tuple(rows)),
        taints=from_files("target", ((where.rpartition(":")[0], text) for where, _, text in rows)) if draft.changes else (),
        expects=draft.expects(),
        empty=not rows,
    )


def marks(text: str) -> list[tuple[int, str, str]]:
    """Return (line, kind, what is said behind) of every mark in a text, one for each line. Lines are 1-based."""
    found: list[tuple[int, str, str]] = []
    for number, line in enumerate(lines_of(text), 1):
        match = _MARK.search(line) or _SMALL.search(line)
        if match:
            said = _CLOSING.sub("", match.group(2)).strip()
            found.append((number, match.group(1).upper(), said[:_LONGEST]))
    return found


async def _rows(entries: list[Entry], found: Chosen, sight: Sight) -> list[tuple[str, str, str]]:
    rows: list[tuple[str, str, str]] = []
    async for entry, text in many_texts(entries, sight):
        if text is None:
            found.left[sight.say("no text", "не текст")] += 1
        else:
            rows += [(f"{entry.path}:{line}", kind, said) for line, kind, said in marks(text.text)]
        if len(rows) > _MOST_ROWS:
            break
    return rows


def _from(where: str, target: str, folder: str) -> str:
    """Return a place as it is written in the file: from the folder where the file lies in it, else whole."""
    return where[len(folder.rstrip(os.sep)) + 1 :] if within(target, folder) else where
