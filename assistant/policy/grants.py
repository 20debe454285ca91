"""Which standing permission covers which action. Pure; used by `verdicts` and the engine."""

from collections.abc import Sequence
from datetime import datetime

from assistant.domain.plan import Action, Grant
from assistant.domain.tool import EffectKind
from assistant.policy.paths import within
from assistant.policy.rules import effects_of


def covering(action: Action, grants: Sequence[Grant], now: datetime) -> Grant | None:
    """Return the first grant that covers an action; nothing that cannot be undone, is tainted or leaves the machine is."""
    if action.taints or not action.reversible or EffectKind.NETWORK in effects_of(action):
        return None
    return next((grant for grant in grants if _covers(grant, action, now)), None)


def _covers(grant: Grant, action: Action, now: datetime) -> bool:
    if grant.tool != action.tool or (grant.expires is not None and grant.expires <= now):
        return False
    if grant.kind != "always" and (not grant.plan or grant.plan != action.plan):
        return False
    touched = (*action.paths, *action.reads)
    if not grant.scope:
        return not touched
    return bool(touched) and all(within(path, grant.scope) for path in touched)
