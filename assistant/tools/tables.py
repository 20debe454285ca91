"""Tables as files: CSV that no spreadsheet takes for formulas, Markdown, and the rows in either. Pure; used by commands."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.domain.tool import Table

FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d[\d \u00a0]*(?:[.,]\d+)?%?")
_RULE = re.compile(r"\s*\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*)*\|?\s*")
_CELL = re.compile(r"(?<!\\)\|")


class Row(NamedTuple):
    """A row of a table in a text: the 1-based line it begins on, its cells, and the cells of its header."""

    line: int
    cells: tuple[str, ...]
    header: tuple[str, ...]


def csv_bytes(table: Table) -> bytes:
    """Return a table as CSV in UTF-8 with a mark, by which spreadsheets know it; cells they would compute get a quote before."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in table.columns])
    writer.writerows([harmless(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def markdown(table: Table) -> str:
    """Return a table in Markdown, each row on a line of its own."""
    lines = [table.columns, tuple("---" for _ in table.columns), *table.rows]
    return "".join("| " + " | ".join(map(_in_markdown, line)) + " |\n" for line in lines)


def harmless(cell: str) -> str:
    """Return a cell that a spreadsheet shows and does not compute; numbers stay numbers."""
    return f"'{cell}" if cell.startswith(FORMULA) and not _NUMBER.fullmatch(cell) else cell


def csv_rows(text: str, delimiter: str) -> Iterator[Row]:
    """Yield the rows of a CSV text below its header; raises csv.Error for what is none."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header: tuple[str, ...] | None = None
    before = 0
    for cells in reader:
        line, before = before + 1, reader.line_num
        if header is None:
            header = tuple(cells)
        elif cells:
            yield Row(line, tuple(cells), header)


def delimiter_of(text: str, ending: str) -> str:
    """Return what divides the cells: a tab, a semicolon or a comma, whichever the first line has most of."""
    if ending == "tsv":
        return "\t"
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def markdown_rows(lines: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of all Markdown tables in a text's lines."""
    at = 0
    while at + 1 < len(lines):
        if "|" not in lines[at] or "-" not in lines[at + 1] or not _RULE.fullmatch(lines[at + 1]) or "|" not in lines[at + 1]:
            at += 1
            continue
        header = _cells(lines[at])
        at += 2
        while at < len(lines) and "|" in lines[at]:
            yield Row(at + 1, _cells(lines[at]), header)
            at += 1


def _cells(line: str) -> tuple[str, ...]:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return tuple(cell.strip().replace("\\|", "|") for cell in _CELL.split(inner))


def _in_markdown(cell: str) -> str:
    return re.sub(r"[\r\n]+", " ", cell.replace("\\", "\\\\").replace("|", "\\|")).strip()
