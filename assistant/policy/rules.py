"""Policy rules and capabilities as data, their pure matching and merging. Used by the engine."""

import tomllib
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from assistant.domain.base import Value
from assistant.domain.errors import ConfigError
from assistant.domain.plan import Action, Decision
from assistant.domain.tool import EffectKind
from assistant.policy.paths import fault_of, is_volume, matches

CHANGING = frozenset({EffectKind.CREATE, EffectKind.WRITE, EffectKind.MOVE, EffectKind.TRASH, EffectKind.GIT})
"""What changes a person's files."""


def effects_of(action: Action) -> frozenset[EffectKind]:
    """Return what an action does; one that says only that it writes does so to Mneme's own memory."""
    found = set(action.effects)
    if action.network or action.hosts:
        found.add(EffectKind.NETWORK)
    if action.writes and not found - {EffectKind.READ}:
        found.add(EffectKind.MEMORY)
    return frozenset(found)


def _at_home(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Put the home folder in the place of ~."""
    return tuple(str(Path(path).expanduser()) if path.startswith("~") else path for path in paths)


Places = Annotated[tuple[str, ...], AfterValidator(_at_home)]


class Rule(Value):
    """One line of policy: which actions it speaks about, and the decision.

    `tool` may hold `*` within a part of the name ("files.*"). `scope` are patterns of paths, `effects` kinds of effect,
    `reversible` whether undo takes all of it back, `most` and `above` bound the number of entries; what is left out speaks of
    all. An `allow` has to fit an action wholly: every path, every effect, and what cannot be undone only where it says so;
    `ask` and `deny` speak as soon as a part fits.
    """

    name: str
    tool: str
    origin: tuple[str, ...]
    decision: Decision
    reason: str
    scope: Places = ()
    effects: tuple[EffectKind, ...] = ()
    reversible: bool | None = None
    most: int | None = None
    above: int | None = None

    def matches(self, action: Action) -> bool:
        """Tell whether the rule speaks about this action."""
        count = max(action.count, len(action.paths))
        return (
            _names(self.tool, action.tool)
            and ("*" in self.origin or action.origin in self.origin)
            and self._speaks_of_effects(effects_of(action))
            and self._speaks_of_paths((*action.paths, *action.reads))
            and self._speaks_of_return(action.reversible)
            and (self.most is None or count <= self.most)
            and (self.above is None or count > self.above)
        )

    def _speaks_of_return(self, reversible: bool) -> bool:
        if self.reversible is None:
            return reversible or self.decision is not Decision.ALLOW
        return self.reversible == reversible

    def _speaks_of_effects(self, effects: frozenset[EffectKind]) -> bool:
        if not self.effects:
            return True
        if self.decision is Decision.ALLOW:
            return bool(effects) and effects <= set(self.effects)
        return bool(effects & set(self.effects))

    def _speaks_of_paths(self, paths: Sequence[str]) -> bool:
        if not self.scope:
            return True
        inside = (any(matches(path, pattern) for pattern in self.scope) for path in paths)
        return bool(paths) and all(inside) if self.decision is Decision.ALLOW else any(inside)


class FileAccess(Value):
    """Folders besides those that are remembered; what may be written may be read."""

    read: Places = ()
    write: Places = ()


class NetAccess(Value):
    """Computers that tools may speak to."""

    hosts: tuple[str, ...] = ()


class RuleBook(Value):
    """Rules and capabilities: what tools may reach at all, whatever the rules say. There is no shell."""

    shell: Literal["off"] = "off"
    git: bool = True
    memory: bool = True
    fs: FileAccess = FileAccess()
    net: NetAccess = NetAccess()
    rule: tuple[Rule, ...] = Field(default=())

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        for folder in (*self.fs.read, *self.fs.write):
            if fault := fault_of(folder) or ("a whole volume" if is_volume(folder) else ""):
                raise ValueError(f"fs: {folder} is {fault}")
        return self

    def merged(self, other: "RuleBook") -> "RuleBook":
        """Return these rules with a person's own: a rule of theirs takes the place of one of its name, capabilities add up."""
        named = {rule.name for rule in other.rule}
        given = other.model_fields_set
        return RuleBook(
            git=other.git if "git" in given else self.git,
            memory=other.memory if "memory" in given else self.memory,
            fs=FileAccess(read=(*self.fs.read, *other.fs.read), write=(*self.fs.write, *other.fs.write)),
            net=NetAccess(hosts=(*self.net.hosts, *other.net.hosts)),
            rule=(*(rule for rule in self.rule if rule.name not in named), *other.rule),
        )


def read_rules(path: Path) -> RuleBook:
    """Read a policy file; raises ConfigError, so that a damaged policy never widens what is allowed."""
    try:
        return RuleBook.model_validate(tomllib.loads(path.read_text("utf-8-sig")))
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"The policy {path} cannot be read: {error}.",
            kept="Nothing was done.",
            remedy="Correct the file or restore the one that came with Mneme.",
        ) from error


def read_policy(shipped: Path, own: Path) -> RuleBook:
    """Read the policy that came with Mneme and, where there is one, the person's own over it; raises ConfigError."""
    book = read_rules(shipped)
    return book.merged(read_rules(own)) if own.exists() else book


def _names(pattern: str, tool: str) -> bool:
    """Compare part by part, so that a `*` never reaches over a dot."""
    wanted, parts = pattern.split("."), tool.split(".")
    return len(wanted) == len(parts) and all(map(fnmatchcase, parts, wanted))
