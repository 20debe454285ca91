"""text.extract: lines that match, or rows of CSV and Markdown tables, from many files into one CSV."""

import asyncio
import csv
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.domain.change import Entry
from assistant.domain.errors import ArgumentError
from assistant.domain.tool import Arguments, Outcome, Table
from assistant.tools.builtin.reading import many_texts
from assistant.tools.builtin.text.saving import save
from assistant.tools.changes import Draft
from assistant.tools.command import Sight
from assistant.tools.names import ending
from assistant.tools.patterns import Pattern, pattern
from assistant.tools.selection import Chosen, chosen
from assistant.tools.tables import csv_bytes, csv_rows, delimiter_of, markdown_rows
from assistant.tools.taints import from_files
from assistant.tools.texts import lines_of

_MOST_ROWS = 100_000
_MOST_SHOWN = 2000
_TABLES = ("csv", "tsv")


class Found(NamedTuple):
    """A line, or a row of a table with its columns, that matches."""

    place: str
    cells: tuple[str, ...]
    columns: tuple[str, ...]


async def extract(arguments: Arguments, sight: Sight) -> Outcome:
    """Collect what matches; with `target` (.csv) as a file, of tables the `columns` alone. Raises ArgumentError."""
    target = str(arguments.get("target") or "")
    if target and ending(target) != "csv":
        raise ArgumentError(
            f"What is extracted is written as .csv, not as {target}.", kept="Nothing was done.", remedy="Name such a file."
        )
    wanted = pattern(str(arguments["matching"]), regex=bool(arguments.get("regex")), case=bool(arguments.get("case")))
    chose = await chosen(arguments, sight)
    found = await _all([entry for entry in chose.entries if entry.path != target], wanted, chose, sight)
    table = _table(found, _columns(arguments), sight)
    draft = Draft(sight.files, sight.blobs)
    if target and found:
        why = sight.say(f"{len(found)} lines match", f"подходящих строк: {len(found)}")
        await save(draft, target, csv_bytes(table), why)
    text = sight.say(f"Lines that match: {len(found)}.", f"Подходящих строк: {len(found)}.")
    return Outcome(
        changes=tuple(draft.changes),
        conflicts=tuple(draft.conflicts),
        text=" ".join(filter(None, [text, chose.said(sight)])),
        table=Table(columns=table.columns, rows=table.rows[:_MOST_SHOWN]),
        taints=from_files("target", ((one.place.rpartition(":")[0], one.cells[0]) for one in found)) if draft.changes else (),
        expects=draft.expects(),
        empty=not found,
    )


def rows_in(name: str, text: str) -> Iterator[tuple[int, tuple[str, ...], tuple[str, ...]]]:
    """Yield (line, cells, columns) of a file's text: the rows of its tables, and its lines, as one cell, outside them."""
    kind = ending(name)
    if kind in _TABLES:
        try:
            yield from [(row.line, row.cells, row.header) for row in csv_rows(text, delimiter_of(text, kind))]
        except csv.Error:
            pass
        else:
            return
    lines = lines_of(text)
    inside = {row.line: row for row in markdown_rows(lines)} if kind in ("md", "markdown") else {}
    for number, line in enumerate(lines, 1):
        row = inside.get(number)
        yield (number, row.cells, row.header) if row else (number, (line.strip(),), ())


async def _all(entries: Sequence[Entry], wanted: Pattern, chose: Chosen, sight: Sight) -> list[Found]:
    found: list[Found] = []
    async for entry, text in many_texts(entries, sight):
        if text is None:
            chose.left[sight.say("no text", "не текст")] += 1
            continue
        mine, long = await asyncio.to_thread(_matching, entry.path, text.text, wanted)
        found += mine
        if long:
            chose.left[sight.say("lines too long for the expression", "слишком длинные строки для выражения")] += long
        if len(found) > _MOST_ROWS:
            break
    return found


def _matching(path: str, text: str, wanted: Pattern) -> tuple[list[Found], int]:
    """Return what matches in a file, and how many lines were too long to look at."""
    found: list[Found] = []
    long = 0
    for line, cells, columns in rows_in(path, text):
        if any(len(cell) > wanted.longest for cell in cells):
            long += 1
        elif any(wanted.compiled.search(cell) for cell in cells):
            found.append(Found(f"{path}:{line}", cells, columns))
    return found, long


def _columns(arguments: Arguments) -> tuple[str, ...]:
    columns = arguments.get("columns")
    return tuple(map(str, columns)) if isinstance(columns, list) else ()


def _table(found: Sequence[Found], only: Sequence[str], sight: Sight) -> Table:
    """Put rows of different tables and plain lines under common columns; the place comes last."""
    line, place = sight.say("line", "строка"), sight.say("place", "место")
    known = list(dict.fromkeys(column for one in found for column in one.columns))
    if only:
        asked = {column.casefold() for column in only}
        known = [column for column in known if column.strip().casefold() in asked]
        if not known and any(one.columns for one in found):
            raise ArgumentError(
                f"No table has the columns {', '.join(only)}.", kept="Nothing was done.", remedy="Name other columns."
            )
    plain = not only and any(not one.columns for one in found)
    columns = (*([line] if plain or not known else []), *known, place)
    rows = tuple(_row(one, known, plain or not known) for one in found if one.columns or not only)
    return Table(columns=columns, rows=rows)


def _row(one: Found, known: Sequence[str], plain: bool) -> tuple[str, ...]:
    cells = dict(zip(one.columns, one.cells, strict=False))
    first = [one.cells[0] if not one.columns else ""] if plain else []
    return (*first, *(cells.get(column, "") for column in known), one.place)
