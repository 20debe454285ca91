"""Asks a person on the terminal. Used by commands that erase or fetch something."""

import sys

from assistant.cli.output import Output


def is_terminal() -> bool:
    """Tell whether somebody is there to answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def agreed(out: Output, question: str) -> bool:
    """Ask on stderr and return whether the answer was yes; anything else, and no answer, is no."""
    out.errors.print(f"{question} [y/N] ", end="", soft_wrap=True)
    return sys.stdin.readline().strip().casefold() in {"y", "yes", "д", "да"}
