"""What may be done, decided and recorded in one place."""

from assistant.policy.engine import PolicyEngine
from assistant.policy.rules import Rule, RuleBook, read_rules

__all__ = ["PolicyEngine", "Rule", "RuleBook", "read_rules"]
