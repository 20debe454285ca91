"""The tool `text`: collecting TODOs, extracting lines and rows, writing, continuing, changing and converting text files."""

from collections.abc import Mapping

from assistant.tools.builtin.text.convert import convert
from assistant.tools.builtin.text.extract import extract
from assistant.tools.builtin.text.replace import replace
from assistant.tools.builtin.text.todos import todos
from assistant.tools.builtin.text.writing import append, create
from assistant.tools.command import Command

__all__ = ["COMMANDS"]

COMMANDS: Mapping[str, Command] = {
    "todos": todos,
    "extract": extract,
    "create": create,
    "append": append,
    "replace": replace,
    "convert": convert,
}
