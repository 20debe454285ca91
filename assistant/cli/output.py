"""What a person or a script reads: results on stdout, everything else on stderr. Every string is made harmless here."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from rich.console import Console
from rich.text import Text

from assistant.api.views import Citation, Cite
from assistant.cli.visible import as_json, visible
from assistant.domain.errors import MnemeError

Part = str | tuple[str, str]
"""Text, or text with a rich style."""
MIN_WIDTH = 20


class PlainConsole(Console):
    """A console without markup, that reports a reader who went away instead of ending the process."""

    def on_broken_pipe(self) -> NoReturn:
        """Raise BrokenPipeError; `main` ends quietly."""
        raise BrokenPipeError


class Output:
    """One command's output; `as_json` keeps everything but the JSON off stdout."""

    def __init__(self, as_json: bool = False) -> None:
        self.as_json = as_json
        self._results = PlainConsole(file=sys.stdout, markup=False, highlight=False, emoji=False)
        self.errors = PlainConsole(file=sys.stderr, markup=False, highlight=False, emoji=False)

    def json(self, value: Any) -> None:
        """Write one JSON value to stdout."""
        sys.stdout.write(as_json(value) + "\n")
        sys.stdout.flush()

    def say(self, *parts: Part, indent: int = 0) -> None:
        """Write a paragraph to stdout, wrapped only on a terminal so that pipes get whole lines."""
        _write(self._results, parts, indent)

    def note(self, *parts: Part, indent: int = 0) -> None:
        """Write a paragraph to stderr."""
        _write(self.errors, parts, indent)

    def fail(self, error: MnemeError) -> None:
        """Write what happened, what was kept and what to do to stderr."""
        report(self.errors, error)


def report(console: Console, error: MnemeError) -> None:
    """Write what happened, what was kept and what to do."""
    _write(console, [("mneme: ", "bold red"), error.what], 0)
    for line in (error.kept, error.remedy):
        if line:
            _write(console, [line], 7)


def _write(console: Console, parts: Iterable[Part], indent: int) -> None:
    text = Text(tab_size=4)
    for part in parts:
        body, style = (part, "") if isinstance(part, str) else part
        text.append(visible(body, lines=True), style)
    if console.is_terminal:
        lines = text.wrap(console, max(MIN_WIDTH, console.width - indent))
    else:
        lines = text.split("\n", allow_blank=True)
    for line in lines:
        line.rstrip()
        console.print(Text(" " * indent) + line if line.plain else line, soft_wrap=True)


def name(path: str) -> str:
    """Return a path on one line as a person types it: relative where it lies in the working folder."""
    place = Path(path)
    try:
        here = Path.cwd()
    except OSError:  # the working folder was deleted
        return visible(path)
    inside = place.is_relative_to(here) and place != here
    return visible(str(place.relative_to(here)) if inside else path)


def place(cite: Cite | Citation) -> str:
    """Return path:line, path:line-line_end, path page n or path cell n."""
    text = name(cite.path)
    if cite.page is not None:
        text += f" page {cite.page}"
    elif cite.cell is not None:
        text += f" cell {visible(cite.cell)}"
    elif cite.line is not None:
        text += f":{cite.line}"
        if cite.line_end is not None and cite.line_end > cite.line:
            text += f"-{cite.line_end}"
    return text


def count(number: int, singular: str, plural: str = "") -> str:
    """Return "1 file", "1,234 files"."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def size(amount: float) -> str:
    """Return bytes as a person reads them, in powers of 1000."""
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= 10 else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def duration(seconds: float) -> str:
    """Return seconds as a person reads them."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"
