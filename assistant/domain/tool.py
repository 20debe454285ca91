"""Tools as they declare themselves, calls to them, and what a call brings. Used by tools, planner, policy and executor."""

from enum import StrEnum
from typing import Any, Literal

from pydantic import Field, JsonValue

from assistant.domain.answer import Answer, Citation
from assistant.domain.base import Value
from assistant.domain.change import Change, Conflict
from assistant.domain.memory import ContextPack

Arguments = dict[str, JsonValue]
Capability = Literal["fs.read", "fs.write", "memory.read", "memory.write", "net", "git", "open"]


class EffectKind(StrEnum):
    """What a step does to the world."""

    READ = "read"
    CREATE = "create"
    WRITE = "write"
    MOVE = "move"
    TRASH = "trash"
    GIT = "git"
    OPEN = "open"
    MEMORY = "memory"
    NETWORK = "network"


class Guide(Value):
    """How a command is used, for people and for choosing it (specification 5.3). Texts are by language: en and ru."""

    title: dict[str, str]
    summary: dict[str, str]
    good_for: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()
    preconditions: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    examples: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])
    arguments_brief: str = ""
    platforms: tuple[str, ...] = ("linux", "darwin", "win32")
    cost: Literal["low", "medium", "high"] = "low"
    latency: Literal["instant", "seconds", "minutes"] = "instant"
    side_effects: tuple[EffectKind, ...] = ()
    risk_score: int = 0
    capabilities: tuple[Capability, ...] = ()
    tags: tuple[str, ...] = ()


class CommandSpec(Value):
    """One command of a tool: the JSON Schema of its arguments, what it may do and for how long.

    `guide` is how the manifest describes it; `tools.guides` completes it from the rest.
    """

    name: str
    arguments: dict[str, Any]
    effects: tuple[EffectKind, ...]
    permissions: tuple[Capability, ...]
    timeout_s: float = Field(default=60.0, gt=0)
    idempotent: bool = False
    reversible: bool = True
    guide: Guide


class ToolManifest(Value):
    """A tool.json: built-in tools and plug-ins declare themselves alike."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    version: str
    commands: tuple[CommandSpec, ...]
    requires: tuple[str, ...] = ()
    """Programs that have to be there, for instance git."""


class Taint(Value):
    """Untrusted text that flows into an argument: what it came from, where, and how it begins."""

    argument: str
    origin: Literal["file", "file name", "memory", "web", "tool"]
    source: str
    excerpt: str = ""


class Table(Value):
    """Rows that a step found, for people to read and for later steps to use."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Outcome(Value):
    """What a call brings: changes that it wants (nothing has happened yet), and what it found.

    `text` is in the language of the request. `opens` are paths that are opened or revealed once the plan runs. `expects`
    are counts that the critic compares with what was done. `empty` tells that there was nothing to do or to find.
    """

    changes: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    text: str = ""
    table: Table | None = None
    citations: tuple[Citation, ...] = ()
    pack: ContextPack | None = None
    answer: Answer | None = None
    taints: tuple[Taint, ...] = ()
    opens: tuple[str, ...] = ()
    reveal: bool = False
    uncovered: tuple[str, ...] = ()
    expects: dict[str, int] = Field(default_factory=dict[str, int])
    empty: bool = False
