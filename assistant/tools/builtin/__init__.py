"""The tools that come with Mneme. Each package has a tool.json and gives its commands as COMMANDS; `app` hands them on."""

from collections.abc import Mapping
from pathlib import Path

from assistant.domain.tool import ToolManifest
from assistant.tools.builtin import archive, files, git, memory, report, text
from assistant.tools.command import Command
from assistant.tools.manifest import read_manifest

__all__ = ["builtin_tools"]

_FOLDER = Path(__file__).parent
_TOOLS: Mapping[str, Mapping[str, Command]] = {
    "memory": memory.COMMANDS,
    "files": files.COMMANDS,
    "text": text.COMMANDS,
    "archive": archive.COMMANDS,
    "git": git.COMMANDS,
    "report": report.COMMANDS,
}


def builtin_tools() -> list[tuple[ToolManifest, Mapping[str, Command]]]:
    """Return what the tools declare, and their commands; raises ConfigError when a tool.json is damaged."""
    return [(read_manifest(_FOLDER / name / "tool.json"), commands) for name, commands in _TOOLS.items()]
