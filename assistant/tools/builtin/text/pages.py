"""Markdown to HTML and back, harmless: markup within Markdown is shown as text, and nothing is ever fetched. Pure."""

import html
import re
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdownify import MarkdownConverter

from assistant.domain.tool import Table
from assistant.tools.web_text import Tag, cleaned, tokens

_POLICY = "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'"
_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[\\/]{2}")
_BLANK = re.compile(r"[^\S\n]+$|\n{3,}(?=\n)", re.MULTILINE)
_TICKS = re.compile("`+")
_MARKS = re.compile(r"[\\`*\[\]<|]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)|(?<![^\n])[#>+=-]|(?<=\d)[.)](?=\s)|~(?=~)")
"""What would be a mark of Markdown in a text that has none."""
_CELLS = frozenset({"td", "th"})


def page(text: str, name: str, language: str) -> str:
    """Return Markdown as a whole HTML page; its title is the first heading, else `name`."""
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parsed = reader.parse(text)
    for token in parsed:
        _without_remote(token)
    heads = [parsed[n + 1] for n, token in enumerate(parsed) if token.type == "heading_open"]
    title = "".join(part.content for part in heads[0].children or []) if heads else name
    return framed(str(reader.renderer.render(parsed, reader.options, {})), title or name, language)


def framed(body: str, title: str, language: str) -> str:
    """Return a page around a body; its policy keeps whoever shows it from fetching anything."""
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n<title>{html.escape(title)}</title>\n</head>\n'
        f"<body>\n{body}</body>\n</html>\n"
    )


def page_table(table: Table) -> str:
    """Return a table as HTML."""
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in table.columns)
    rows = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>\n" for row in table.rows)
    return f"<table>\n<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n{rows}</tbody>\n</table>\n"


def written(text: str) -> str:
    """Return a page as Markdown; what its text has of marks is escaped."""
    made = _Writer(heading_style="ATX", bullets="-", autolinks=False).convert(cleaned(text))
    return _BLANK.sub("", made).strip() + "\n"


def page_tables(text: str) -> list[list[tuple[str, ...]]]:
    """Return the rows of all tables of a page; a table within a cell is part of the cell."""
    reading = _Tables()
    for token in tokens(text):
        reading.take(token)
    reading.end_row()
    return [rows for rows in reading.found if rows]


class _Tables:
    """Collects rows, token by token; cells and rows that nobody closed end where the next one begins."""

    def __init__(self) -> None:
        self.found: list[list[tuple[str, ...]]] = []
        self._row: list[str] = []
        self._cell: list[str] | None = None
        self._depth = 0

    def take(self, token: str | Tag) -> None:
        if isinstance(token, str):
            if self._cell is not None:
                self._cell.append(token)
        elif token.name == "table":
            self._table(closes=token.closes)
        elif self._depth == 1 and token.name == "tr":
            self.end_row()
        elif self._depth == 1 and token.name in _CELLS:
            self._end_cell()
            self._cell = None if token.closes else []
        elif self._cell is not None and not token.closes:
            self._cell.append(" ")

    def end_row(self) -> None:
        """Keep the row that was read."""
        self._end_cell()
        if self._row:
            self.found[-1].append(tuple(self._row))
            self._row = []

    def _table(self, *, closes: bool) -> None:
        if closes:
            if self._depth == 1:
                self.end_row()
            self._depth = max(0, self._depth - 1)
            return
        self._depth += 1
        if self._depth == 1:
            self.found.append([])

    def _end_cell(self) -> None:
        if self._cell is not None:
            self._row.append(" ".join("".join(self._cell).split()))
            self._cell = None


class _Writer(MarkdownConverter):
    """Markdown in which no text of the page becomes a mark of its own; lists take time as they are long, not its square."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._numbers: dict[int, int] = {}

    def escape(self, text: str, parent_tags: Any) -> str:
        """Marks are escaped where they would work, and text stays as easy to read as it was."""
        return _MARKS.sub(lambda found: "\\" + found.group(), text or "")

    def convert_li(self, el: Any, text: str, parent_tags: Any) -> str:
        """An item with its bullet or number; what it has below is indented."""
        said = (text or "").strip()
        if not said:
            return "\n"
        bullet = "- "
        if el.parent is not None and el.parent.name == "ol":
            start = str(el.parent.get("start") or "1")
            number = self._numbers.get(id(el.parent), int(start))
            self._numbers[id(el.parent)] = number + 1
            bullet = f"{number}. "
        first, *rest = said.split("\n")
        indent = " " * len(bullet)
        return "\n".join([bullet + first, *(indent + line if line.strip() else "" for line in rest)]) + "\n"

    def convert_pre(self, el: Any, text: str, parent_tags: Any) -> str:
        """Code within a fence that is longer than any in it."""
        if not text:
            return ""
        fence = "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(text)), default=0))
        return f"\n\n{fence}\n{text.strip(chr(10))}\n{fence}\n\n"


def _without_remote(token: Token) -> None:
    """Turn images of elsewhere into links."""
    for part in token.children or []:
        source = str(part.attrs.get("src", ""))
        if part.type == "image" and _REMOTE.match(source):
            said = html.escape(part.content or source)
            part.type, part.children = "html_inline", None
            part.content = f'<a href="{html.escape(source)}">{said}</a>'
