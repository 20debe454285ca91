"""The tool that works with git repositories."""

from collections.abc import Mapping

from assistant.tools.builtin.git.commands import branch, changes, commit, stage, stash, status, switch, unstash
from assistant.tools.command import Command

__all__ = ["COMMANDS"]

COMMANDS: Mapping[str, Command] = {
    "status": status,
    "changes": changes,
    "stage": stage,
    "commit": commit,
    "branch": branch,
    "switch": switch,
    "stash": stash,
    "unstash": unstash,
}
