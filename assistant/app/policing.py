"""Builds the policy from the shipped rules, a person's own, and this machine. Used by `app`."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant.app.environment import Environment
from assistant.policy import OffLimits, PolicyEngine, StandingPermissions, read_policy, system_folders
from assistant.ports.acting import GrantStore
from assistant.ports.records import SourceStore
from assistant.ports.system import AuditSink, Clock, EventSink, IdSource

POLICY = "policy.toml"


def policing(
    env: Environment,
    audit: AuditSink,
    around: tuple[EventSink, Clock, IdSource],
    sources: SourceStore | None = None,
    grants: GrantStore | None = None,
) -> PolicyEngine:
    """Return the engine; without `sources` no folder may be touched. Raises ConfigError for a damaged policy."""
    book = read_policy(env.resources / "configs" / POLICY, env.places.config / POLICY)

    async def roots() -> Sequence[str]:
        return [root.path for root in await sources.roots()] if sources else ()

    limits = OffLimits(
        home=str(Path.home().resolve()),
        system=system_folders(sys.platform, dict(os.environ)),
        own=tuple(str(place.resolve()) for place in env.places.own),
        most_entries=env.settings.acting.most_entries,
    )
    return PolicyEngine(book, audit, *around, roots=roots, grants=grants, limits=limits)


def permitting(env: Environment, engine: PolicyEngine, grants: GrantStore, around: tuple[Clock, IdSource]) -> StandingPermissions:
    """Return the standing permissions that this engine follows."""
    return StandingPermissions(engine, grants, *around, home=str(Path.home().resolve()), days=env.settings.acting.grant_days)
