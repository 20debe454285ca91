"""Cuts sheets and tables of text by rows; the header row is told in the scope, never repeated in the text."""

import csv
import re
from itertools import pairwise

from assistant.domain.lines import line_starts
from assistant.memory.ingest.chunkers.packing import pack
from assistant.memory.ingest.chunkers.pieces import Block, Cut, tile

_HEADER_LENGTH = 300


class TableOutline:
    """The rows of a table, one a line; first `blocks` are measured, then `cuts` packs them."""

    def __init__(self, text: str, label: str) -> None:
        """Take the text and the sheet's name ("" for a file of its own)."""
        edges = [*line_starts(text), len(text)]
        rows = [(a, b) for a, b in pairwise(edges) if b > a and not text[a:b].isspace()]
        starts = [(a + len(text[a:b]) - len(text[a:b].lstrip()), b) for a, b in rows]
        self._blocks = [Block(tile(starts, len(text)))] if rows else []
        header = " | ".join(header_cells(text[rows[0][0] : rows[0][1]])) if rows else ""
        self._scope = ": ".join(part for part in (label, header[:_HEADER_LENGTH]) if part)

    def blocks(self) -> list[Block]:
        """Return the rows to be measured."""
        return self._blocks

    def cuts(self, limit: int) -> list[Cut]:
        """Return cuts of at most `limit` tokens, whole rows where they fit."""
        found = pack(self._blocks, limit, 0)
        for cut in found:
            cut.scope = self._scope
        return found


def header_cells(row: str) -> list[str]:
    """Return the cells of a row parted by tabs, bars, semicolons or commas, whichever it uses most."""
    row = re.sub(r"[\r\n\0]", " ", row.strip()[: 4 * _HEADER_LENGTH])
    mark = max("\t|;,", key=row.count)
    cells = row.strip("|").split("|") if mark == "|" else next(iter(csv.reader([row], delimiter=mark)))
    return [cell.strip() for cell in cells if cell.strip()]
