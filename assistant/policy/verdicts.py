"""The decision about an action: pure, so that its laws can be tested; the engine records what comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

from assistant.domain.plan import Action, Decision, Grant, Risk, Verdict
from assistant.domain.tool import EffectKind
from assistant.policy.grants import covering
from assistant.policy.off_limits import OffLimits
from assistant.policy.paths import Folders
from assistant.policy.risk import Granted, assess
from assistant.policy.rules import CHANGING, Rule, RuleBook, effects_of

LOOKING = frozenset({EffectKind.READ, EffectKind.OPEN})
LOOKING_ONLY = frozenset({EffectKind.READ})


@dataclass(frozen=True, slots=True)
class Standing:
    """All that a decision depends on besides the action itself."""

    book: RuleBook
    limits: OffLimits
    granted: Granted
    grants: Sequence[Grant]
    now: datetime


def decide(action: Action, standing: Standing, *, agreed: bool = False) -> Verdict:
    """Decide about an action: what is never done, DENY, ASK, ALLOW, in this order; a grant or a person turns ASK into ALLOW.

    `agreed` tells that a person has just agreed to exactly this action, having seen what it does and where it comes from.
    """
    risk = assess(action, standing.limits, standing.granted)
    if risk.stop:
        return Verdict(decision=Decision.DENY, rule="hard stop", reason=risk.stop, risk=risk)
    refusal = _refusal(action, standing.book, standing.granted)
    if refusal:
        return Verdict(decision=Decision.DENY, rule="capabilities", reason=refusal, risk=risk)
    verdict = _by_rules(action, standing, risk)
    if verdict.decision is not Decision.ASK:
        return verdict
    if agreed:
        return Verdict(decision=Decision.ALLOW, rule="approval", reason="a person agreed to exactly this", risk=risk)
    grant = covering(action, standing.grants, standing.now)
    if grant is None:
        return verdict
    return Verdict(decision=Decision.ALLOW, rule="grant", reason="a standing permission covers this", risk=risk, grant=grant.id)


def _refusal(action: Action, book: RuleBook, granted: Granted) -> str:
    """Return which capability is missing, "" when none is."""
    effects = frozenset(action.effects)
    if EffectKind.GIT in effects and not book.git:
        return "git is switched off in the policy"
    if EffectKind.MEMORY in effects and not book.memory:
        return "changing the memory is switched off for tools in the policy"
    stranger = next((host for host in action.hosts if not any(fnmatchcase(host, known) for known in book.net.hosts)), "")
    if stranger:
        return f"{stranger} is not among the computers the policy allows"
    changes = bool(effects & CHANGING)
    if not changes and not effects & LOOKING:
        return ""
    outside = Folders(granted.write if changes else granted.read).outside(action.paths)
    outside = outside or Folders(granted.read).outside(action.reads)
    return f"{outside} is outside the folders you gave Mneme" if outside else ""


def _by_rules(action: Action, standing: Standing, risk: Risk) -> Verdict:
    matching = [rule for rule in standing.book.rule if rule.matches(action)]
    effects = effects_of(action)
    denying = _first(matching, Decision.DENY)
    if denying:
        return _ruled(denying, risk)
    if action.taints and effects - {EffectKind.READ}:
        taint = action.taints[0]
        reason = f"text from outside flows into “{taint.argument}” ({taint.origin}: {taint.source})"
        return Verdict(decision=Decision.ASK, rule="untrusted text", reason=reason, risk=risk)
    rule = _first(matching, Decision.ASK) or _first(matching, Decision.ALLOW)
    if rule:
        return _ruled(rule, risk)
    if effects == LOOKING_ONLY and (action.paths or action.reads):
        return Verdict(decision=Decision.ALLOW, rule="looking", reason="only looks at folders you gave Mneme", risk=risk)
    return Verdict(decision=Decision.ASK, rule="", reason="no rule names this action", risk=risk)


def _first(rules: Sequence[Rule], decision: Decision) -> Rule | None:
    return next((rule for rule in rules if rule.decision is decision), None)


def _ruled(rule: Rule, risk: Risk) -> Verdict:
    return Verdict(decision=rule.decision, rule=rule.name, reason=rule.reason, risk=risk)
