"""Policy rules as data and their pure matching. Used by the engine."""

import tomllib
from pathlib import Path

from pydantic import Field

from assistant.domain.base import Value
from assistant.domain.errors import ConfigError
from assistant.domain.plan import Action, Decision


class Rule(Value):
    """One line of policy: which tool, through which doors, and the decision."""

    name: str
    tool: str
    origin: tuple[str, ...]
    decision: Decision
    reason: str

    def matches(self, action: Action) -> bool:
        """Tell whether the rule speaks about this action."""
        return self.tool == action.tool and ("*" in self.origin or action.origin in self.origin)


class RuleBook(Value):
    """Rules in order."""

    rule: tuple[Rule, ...] = Field(default=())


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
