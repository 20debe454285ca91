"""The tool `report`: what remembered files say, in quotations with sources that can be checked."""

from collections.abc import Mapping

from assistant.tools.builtin.report.writing import write
from assistant.tools.command import Command

__all__ = ["COMMANDS"]

COMMANDS: Mapping[str, Command] = {"write": write}
