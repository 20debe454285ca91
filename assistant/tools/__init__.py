"""What Mneme can do: tools that declare themselves in a tool.json, and the one way to call them. Used by the orchestrator."""

from assistant.tools.arguments import misfit
from assistant.tools.changes import Draft, entry_at
from assistant.tools.command import Command, Sight
from assistant.tools.guides import Guides, Near
from assistant.tools.invoker import Invoker
from assistant.tools.manifest import parse_manifest, read_manifest
from assistant.tools.overlay import Overlay
from assistant.tools.registry import Registry

__all__ = [
    "Command",
    "Draft",
    "Guides",
    "Invoker",
    "Near",
    "Overlay",
    "Registry",
    "Sight",
    "entry_at",
    "misfit",
    "parse_manifest",
    "read_manifest",
]
