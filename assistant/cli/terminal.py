"""What a person types: the words of a question, and a yes or no. Used by the command groups."""

import os
import sys

import click

from assistant.cli.output import Output
from assistant.cli.visible import visible


def is_terminal() -> bool:
    """Tell whether somebody is there to answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def agreed(out: Output, question: str) -> bool:
    """Ask on stderr and return whether the answer was yes; anything else, and no answer, is no."""
    out.errors.print(f"{question} [y/N] ", end="", soft_wrap=True)
    return sys.stdin.readline().strip().casefold() in {"y", "yes", "д", "да"}


def typed(out: Output, question: str) -> str:
    """Ask on stderr and return the line that was typed, "" at the end of input."""
    out.errors.print(f"{visible(question, lines=True)}\n> ", end="", soft_wrap=True)
    return sys.stdin.readline().strip()


def words(_: click.Context, __: click.Parameter, value: str) -> str:
    """Return a typed text; a locale that cannot spell it is taken for UTF-8, and an empty one is wrong usage."""
    text = os.fsencode(value).decode("utf-8", "replace") if not value.isprintable() else value
    if not text.strip():
        raise click.BadParameter("it is empty.")
    return text
