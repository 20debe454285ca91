"""What may be done, decided and recorded in one place."""

from assistant.policy.engine import PolicyEngine
from assistant.policy.off_limits import OffLimits, system_folders
from assistant.policy.permissions import StandingPermissions
from assistant.policy.rules import Rule, RuleBook, read_policy, read_rules

__all__ = ["OffLimits", "PolicyEngine", "Rule", "RuleBook", "StandingPermissions", "read_policy", "read_rules", "system_folders"]
