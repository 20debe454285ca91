"""The tool that packs, unpacks and lists archives."""

from collections.abc import Mapping

from assistant.tools.builtin.archive.commands import list_archive, pack, unpack
from assistant.tools.command import Command

__all__ = ["COMMANDS"]

COMMANDS: Mapping[str, Command] = {"pack": pack, "unpack": unpack, "list": list_archive}
