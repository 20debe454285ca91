"""Colour classes of a source text by line, from Pygments, line by line as they are found. Used by `ui.previews.highlight`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from ui.previews.quote import utf16

if TYPE_CHECKING:
    from pygments.lexer import Lexer

TokenRole = Literal["keyword", "name", "type", "string", "number", "comment", "operator", "heading", "deleted", "inserted"]

HIGHLIGHT_LIMIT = 600_000
"""Texts longer than this (code points) are shown without colours: the tokens would take more memory than the text is worth."""


class Run(NamedTuple):
    """`length` UTF-16 units from `start` of one line have this role."""

    start: int
    length: int
    role: TokenRole


TokenKind = tuple[str, ...]
"""What a Pygments token type is underneath: the names on the way from the root of the tree of types."""

_ROLES: tuple[tuple[TokenKind, TokenRole], ...] = (
    (("Comment",), "comment"),
    (("Literal", "String"), "string"),
    (("Literal", "Number"), "number"),
    (("Keyword", "Type"), "type"),
    (("Keyword",), "keyword"),
    (("Operator", "Word"), "keyword"),
    (("Name", "Class"), "type"),
    (("Name", "Builtin"), "type"),
    (("Name", "Exception"), "type"),
    (("Name", "Tag"), "keyword"),
    (("Name", "Attribute"), "name"),
    (("Name", "Function"), "name"),
    (("Name", "Decorator"), "name"),
    (("Generic", "Heading"), "heading"),
    (("Generic", "Subheading"), "heading"),
    (("Generic", "Deleted"), "deleted"),
    (("Generic", "Inserted"), "inserted"),
    (("Operator",), "operator"),
)


def _role(kind: TokenKind) -> TokenRole | None:
    return next((role for parent, role in _ROLES if kind[: len(parent)] == parent), None)


def lexer_for(language: str, filename: str) -> "Lexer | None":
    """Pick a lexer by the language's name, else by the file's name; None when Pygments knows neither."""
    # Loaded with the first text that is shown: a window at rest has no use for it.
    from pygments.lexers import get_lexer_by_name, get_lexer_for_filename  # noqa: PLC0415
    from pygments.util import ClassNotFound  # noqa: PLC0415

    for pick, argument in ((get_lexer_by_name, language), (get_lexer_for_filename, filename)):
        if argument:
            try:
                return pick(argument, stripnl=False, ensurenl=False)
            except ClassNotFound:
                continue
    return None


def _pieces(lexer: "Lexer", text: str) -> Iterator[tuple[TokenRole | None, str]]:
    roles: dict[TokenKind, TokenRole | None] = {}
    for kind, value in lexer.get_tokens(text):
        if kind not in roles:
            roles[kind] = _role(kind)
        yield roles[kind], value


def _append(runs: list[Run], run: Run) -> None:
    """Lengthen the last run where the new one continues it: lexers cut strings into quotes, text and escapes."""
    last = runs[-1] if runs else None
    if last is not None and last.role == run.role and last.start + last.length == run.start:
        runs[-1] = Run(last.start, last.length + run.length, run.role)
    else:
        runs.append(run)


def runs_by_line(text: str, language: str, filename: str) -> Iterator[tuple[int, tuple[Run, ...]]]:
    """Yield 0-based lines with their coloured runs, in order; nothing for a text that is unknown or too long."""
    lexer = lexer_for(language, filename) if len(text) <= HIGHLIGHT_LIMIT else None
    if lexer is None:
        return
    runs: list[Run] = []
    line = column = 0
    for role, value in _pieces(lexer, text):
        for number, part in enumerate(value.split("\n")):
            if number:
                if runs:
                    yield line, tuple(runs)
                runs, line, column = [], line + 1, 0
            length = utf16(part)
            if role is not None and length:
                _append(runs, Run(column, length, role))
            column += length
    if runs:
        yield line, tuple(runs)
