"""Standing permissions: given, listed, taken back, each with a recorded verdict. Used by the orchestrator and the façade."""

from datetime import timedelta

from assistant.domain.errors import NotFoundError, PolicyDeniedError
from assistant.domain.plan import Action, Grant, GrantKind
from assistant.policy.engine import ALWAYS, PolicyEngine
from assistant.policy.paths import Folders, is_volume, within
from assistant.ports.acting import GrantStore
from assistant.ports.system import Clock, IdSource

GRANT = "permissions.grant"
REVOKE = "permissions.revoke"


class StandingPermissions:
    """Grants of a person for a tool within a folder; `always` ones expire after `days`. `home` is never inside a scope."""

    def __init__(self, engine: PolicyEngine, grants: GrantStore, clock: Clock, ids: IdSource, home: str, days: int) -> None:
        self._engine = engine
        self._grants = grants
        self._clock = clock
        self._ids = ids
        self._home = home
        self._days = days

    async def grant(self, tool: str, scope: str, kind: GrantKind, origin: str, plan: str = "") -> Grant:
        """Keep a permission for a tool within a folder, "" for a tool without paths; `once` and `plan` ones need a plan.

        Raises PolicyDeniedError for a scope that holds the home folder, is a whole volume, or lies outside what may be changed.
        """
        fault = await self._too_wide(scope)
        if fault:
            raise PolicyDeniedError(
                f"No standing permission can be given: {fault}.",
                kept="Nothing was permitted.",
                remedy="Choose a folder below it.",
            )
        await self._engine.require(_action(GRANT, origin, scope, plan))
        now = self._clock.now()
        expires = now + timedelta(days=self._days) if kind == "always" else None
        grant = Grant(id=self._ids.new("grant"), tool=tool, scope=scope, kind=kind, at=now, expires=expires, plan=plan)
        await self._grants.add(grant)
        return grant

    async def all(self) -> list[Grant]:
        """List the permissions that hold, oldest first."""
        return await self._grants.all(self._clock.now())

    async def revoke(self, grant_id: str, origin: str) -> None:
        """Take a permission back; raises NotFoundError."""
        held = {grant.id: grant for grant in await self._grants.all(ALWAYS)}
        if grant_id not in held:
            raise NotFoundError(f"There is no standing permission {grant_id}.", kept="Nothing was changed.")
        await self._engine.require(_action(REVOKE, origin, held[grant_id].scope))
        await self._grants.remove(grant_id)

    async def _too_wide(self, scope: str) -> str:
        if not scope:
            return ""
        if is_volume(scope):
            return f"{scope} is a whole volume"
        if within(self._home, scope):
            return f"{scope} holds your home folder"
        if Folders(await self._engine.roots()).outside([scope]):
            return f"{scope} is outside the folders you gave Mneme"
        return ""


def _action(tool: str, origin: str, scope: str, plan: str = "") -> Action:
    return Action(tool=tool, origin=origin, paths=(scope,) if scope else (), writes=True, plan=plan)
