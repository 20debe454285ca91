"""text.convert: Markdown, HTML, CSV and JSON into each other, as far as one can be said in the other."""

import asyncio
import csv
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Literal, NamedTuple, cast

from assistant.domain.errors import ArgumentError, NotFoundError
from assistant.domain.tool import Arguments, Outcome, Table
from assistant.tools.builtin.reading import looked_into
from assistant.tools.builtin.text.pages import framed, page, page_table, page_tables, written
from assistant.tools.builtin.text.saving import save
from assistant.tools.changes import Draft, entry_at
from assistant.tools.command import Sight
from assistant.tools.names import ending, folder_of, joined, name_of, split
from assistant.tools.tables import csv_bytes, csv_rows, delimiter_of, markdown, markdown_rows
from assistant.tools.taints import from_files
from assistant.tools.texts import lines_of

Kind = Literal["md", "html", "csv", "json"]
KINDS: Mapping[str, Kind] = {
    **{"md": "md", "markdown": "md", "html": "html", "htm": "html", "xhtml": "html", "csv": "csv", "tsv": "csv", "json": "json"},
}
"""What a file is by its ending."""
_ENDINGS: Mapping[Kind, tuple[str, ...]] = {
    "md": ("md", "markdown", "txt"),
    "html": ("html", "htm"),
    "csv": ("csv",),
    "json": ("json",),
}
MOST_MARKUP = 1024 * 1024
"""Characters of Markdown or HTML that are converted at once."""
MOST_COLUMNS = 1000
MOST_CELLS = 2_000_000
"""The largest table that is converted, in columns and in cells."""


class Made(NamedTuple):
    """The bytes of the new file, and a remark on what did not go into it ("": nothing)."""

    content: bytes
    english: str = ""
    russian: str = ""


async def convert(arguments: Arguments, sight: Sight) -> Outcome:
    """Want a file in another form, under the same name with the other ending, or in place of `target`. Raises ArgumentError."""
    path, to = str(arguments["path"]), KINDS[str(arguments["to"])]
    target = str(arguments.get("target") or "")
    kind = _kind(path, to)
    if target and ending(target) not in _ENDINGS[to]:
        raise ArgumentError(
            f"{name_of(target)} is no name for {to}.", kept="Nothing was done.", remedy=f"Name a file that ends with .{to}."
        )
    text = await _text(path, kind, sight)
    name = split(name_of(path))[0]
    made = await asyncio.to_thread(_made, text, kind, to, ending(path), name, sight.language)
    draft = Draft(sight.files, sight.blobs)
    why = sight.say(f"made of {name_of(path)}", f"из файла {name_of(path)}")
    if target:
        await save(draft, target, made.content, why)
    else:
        target = await draft.free(joined(folder_of(path), f"{name}.{to}"))
        await draft.create(target, made.content, why)
    return Outcome(
        changes=tuple(draft.changes),
        conflicts=tuple(draft.conflicts),
        text=" ".join(filter(None, [f"{path} → {target}", sight.say(made.english, made.russian)])),
        taints=from_files("content", [(path, text)]),
        expects=draft.expects(),
    )


def _kind(path: str, to: Kind) -> Kind:
    """Return what a file is; raises ArgumentError where it cannot become the other."""
    kind = KINDS.get(ending(path))
    if kind is None or (kind == to and ending(path) != "tsv"):
        what = f"{name_of(path)} is {to} already" if kind else f"{name_of(path)} cannot be converted to {to}"
        raise ArgumentError(
            f"{what}.",
            kept="Nothing was done.",
            remedy="Markdown, HTML, CSV, TSV and JSON become each other; of Markdown and HTML only tables become CSV and JSON.",
        )
    return kind


async def _text(path: str, kind: Kind, sight: Sight) -> str:
    entry = await entry_at(sight.files, path)
    if entry is None:
        raise NotFoundError(f"There is nothing at {path}.", kept="Nothing was done.", remedy="Check the name.")
    found = await looked_into(entry, sight)
    if found is None:
        raise ArgumentError(
            f"{path} cannot be converted: it is no text, too large, or in an unknown encoding.",
            kept="Nothing was done.",
            remedy="Name a text file.",
        )
    if kind in ("md", "html") and len(found.text) > MOST_MARKUP:
        raise ArgumentError(
            f"{path} cannot be converted: it has more than a million characters.",
            kept="Nothing was done.",
            remedy="Divide it first.",
        )
    return found.text


def _made(text: str, kind: Kind, to: Kind, end: str, name: str, language: str) -> Made:
    if (kind, to) == ("md", "html"):
        return Made(page(text, name, language).encode("utf-8", "replace"))
    if (kind, to) == ("html", "md"):
        return Made(written(text).encode("utf-8", "replace"))
    readers: Mapping[Kind, Callable[[], list[Table]]] = {
        "md": lambda: _markdown_tables(text),
        "html": lambda: [_table(rows[0], rows[1:]) for rows in page_tables(text)],
        "csv": lambda: _csv_table(text, end, name),
        "json": lambda: _json_table(text, name),
    }
    tables = readers[kind]()
    if not tables:
        raise ArgumentError(
            f"There is no table in {name}.", kept="Nothing was done.", remedy="Of such a file only tables can be converted so."
        )
    content = _table_as(tables[0], to, name, language)
    if len(tables) == 1:
        return Made(content)
    return Made(content, f"Only the first of {len(tables)} tables.", f"Только первая таблица из {len(tables)}.")


def _table_as(table: Table, to: Kind, name: str, language: str) -> bytes:
    if to == "csv":
        return csv_bytes(table)
    if to == "md":
        made = markdown(table)
    elif to == "html":
        made = framed(page_table(table), name, language)
    else:
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        made = json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    return made.encode("utf-8", "replace")


def _markdown_tables(text: str) -> list[Table]:
    groups = groupby(markdown_rows(lines_of(text)), key=lambda row: id(row.header))
    tables = [list(rows) for _, rows in groups]
    return [_table(rows[0].header, [row.cells for row in rows]) for rows in tables]


def _csv_table(text: str, end: str, name: str) -> list[Table]:
    try:
        rows = list(csv_rows(text, delimiter_of(text, end)))
    except csv.Error as error:
        raise _damaged(name, str(error)) from error
    return [_table(rows[0].header, [row.cells for row in rows])] if rows else []


def _json_table(text: str, name: str) -> list[Table]:
    """Return a list of objects, or of lists, as a table; numbers stay as they are written."""
    try:
        found = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise _damaged(name, str(error)) from error
    rows = cast("list[object]", found if isinstance(found, list) else [found])
    if rows and all(isinstance(row, dict) for row in rows):
        objects = cast("list[dict[str, object]]", rows)
        columns = tuple(dict.fromkeys(key for row in objects for key in row))
        return [_table(columns, [tuple(_cell(row.get(key)) for key in columns) for row in objects])] if columns else []
    if rows and all(isinstance(row, list) for row in rows):
        head, *rest = [tuple(map(_cell, row)) for row in cast("list[list[object]]", rows)]
        return [_table(head, rest)]
    return []


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Return a table whose rows are all as wide, under names that differ; raises ArgumentError for a vast one."""
    width = max([len(columns), *map(len, rows)])
    if width > MOST_COLUMNS or width * len(rows) > MOST_CELLS:
        raise ArgumentError(
            f"The table is too large: {len(rows)} rows of {width} cells.", kept="Nothing was done.", remedy="Divide it first."
        )
    names: dict[str, None] = {}
    last: Counter[str] = Counter()
    for name in (*columns, *[""] * (width - len(columns))):
        free = name
        while free in names:
            last[name] += 1
            free = f"{name} ({last[name] + 1})"
        names[free] = None
    return Table(columns=tuple(names), rows=tuple((*row, *[""] * (width - len(row))) for row in rows))


def _cell(value: object) -> str:
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _damaged(name: str, why: str) -> ArgumentError:
    return ArgumentError(f"{name} cannot be read: {why}.", kept="Nothing was done.", remedy="Correct the file.")
