"""The tool `files`: renaming, sorting, moving, copying, trashing, duplicates, cleaning, listing, comparing, opening."""

from collections.abc import Mapping

from assistant.tools.builtin.files.clean import clean
from assistant.tools.builtin.files.duplicates import duplicates, list_duplicates
from assistant.tools.builtin.files.looking import compare, list_files, open_path
from assistant.tools.builtin.files.moving import copy, move, trash
from assistant.tools.builtin.files.rename import rename
from assistant.tools.builtin.files.sort import sort
from assistant.tools.command import Command

__all__ = ["COMMANDS"]

COMMANDS: Mapping[str, Command] = {
    "rename": rename,
    "sort": sort,
    "move": move,
    "copy": copy,
    "trash": trash,
    "duplicates": duplicates,
    "list_duplicates": list_duplicates,
    "clean": clean,
    "list": list_files,
    "compare": compare,
    "open": open_path,
}
