"""What a person types: the words of a question, and a yes or no. Used by the command groups."""

import asyncio
import os
import sys

import click

from assistant.cli.output import Output
from assistant.cli.visible import visible


def is_terminal() -> bool:
    """Tell whether somebody is there to answer."""
    return sys.stdin is not None and sys.stdin.isatty()


async def agreed(out: Output, question: str) -> bool:
    """Ask on stderr and return whether the answer was yes; anything else, and no answer, is no."""
    out.errors.print(f"{question} [y/N] ", end="", soft_wrap=True)
    return (await _line()).casefold() in {"y", "yes", "д", "да"}


async def typed(out: Output, question: str) -> str:
    """Ask on stderr and return the line that was typed, "" at the end of input."""
    out.errors.print(f"{visible(question, lines=True)}\n> ", end="", soft_wrap=True)
    return await _line()


async def _line() -> str:
    """Return the next line of stdin. The loop turns meanwhile: others may work through this process, and Ctrl+C is heard."""
    try:
        stream = sys.stdin.fileno()
    except (OSError, ValueError):  # not a real stream
        return sys.stdin.readline().strip()
    if sys.platform == "win32":  # whose loop cannot wait for a console
        return sys.stdin.readline().strip()
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(stream, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(stream)
    return sys.stdin.readline().strip()


def words(_: click.Context, __: click.Parameter, value: str) -> str:
    """Return a typed text; a locale that cannot spell it is taken for UTF-8, and an empty one is wrong usage."""
    text = os.fsencode(value).decode("utf-8", "replace") if not value.isprintable() else value
    if not text.strip():
        raise click.BadParameter("it is empty.")
    return text
