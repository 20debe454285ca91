"""The one way to call a command: arguments checked, time limited, wanted changes held against what it declares. One path for
preview and run. Used by the executor.
"""

import asyncio

from assistant.domain.change import Change, ChangeKind
from assistant.domain.errors import PathRefusedError, StepTimeoutError, UndeclaredError
from assistant.domain.file_names import unfit
from assistant.domain.tool import Arguments, CommandSpec, EffectKind, Outcome
from assistant.tools.arguments import checked
from assistant.tools.command import Sight
from assistant.tools.names import is_literal_path, name_of, within
from assistant.tools.registry import Registry

EFFECTS = {
    ChangeKind.CREATE: EffectKind.CREATE,
    ChangeKind.MKDIR: EffectKind.CREATE,
    ChangeKind.WRITE: EffectKind.WRITE,
    ChangeKind.MOVE: EffectKind.MOVE,
    ChangeKind.TRASH: EffectKind.TRASH,
    ChangeKind.RMDIR: EffectKind.TRASH,
}
_BATCH = 500
"""Changes that are looked at between two looks at whether the plan was cancelled."""


class Invoker:
    """Calls commands by their full names; has no state of its own."""

    def __init__(self, registry: Registry) -> None:
        """Take the commands that there are."""
        self._registry = registry

    def spec(self, name: str) -> CommandSpec:
        """Return what a command declares; raises NotFoundError."""
        return self._registry.command(name)[0]

    async def call(self, name: str, arguments: Arguments, sight: Sight) -> Outcome:
        """Check the arguments and work out what the command would do.

        Raises NotFoundError, ArgumentError, StepTimeoutError, UndeclaredError for effects it does not declare,
        PathRefusedError for changes outside the granted roots, and what the command raises.
        """
        spec, command = self._registry.command(name)
        fitting = checked(spec.arguments, arguments)
        seconds = min(spec.timeout_s, sight.settings.step_seconds)
        try:
            async with asyncio.timeout(seconds):
                outcome = await command(fitting, sight)
        except TimeoutError as error:
            raise StepTimeoutError(
                f"{name} took longer than {seconds:g} s and was stopped.",
                kept="Nothing was done.",
                remedy="Ask for less at once, or raise step_seconds under acting in the settings.",
            ) from error
        await _hold(name, spec, outcome, await sight.files.roots())
        return outcome


async def _hold(name: str, spec: CommandSpec, outcome: Outcome, roots: tuple[str, ...]) -> None:
    """Hold what a command brought against what it declares, and against the granted roots."""
    allowed = set(spec.effects)
    if outcome.opens and EffectKind.OPEN not in allowed:
        raise _undeclared(name, "open", outcome.opens[0])
    for n, change in enumerate(outcome.changes):
        if n % _BATCH == 0:
            await asyncio.sleep(0)
        if EFFECTS[change.kind] not in allowed and EffectKind.GIT not in allowed:
            raise _undeclared(name, change.kind.value, change.path)
        why = _refused(change, roots)
        if why:
            raise PathRefusedError(
                f"{name} may not touch {change.result}: {why}.",
                kept="Nothing was done.",
                remedy="Name a place in a folder that you gave to Mneme.",
            )
    for path in outcome.opens:
        if not _inside(path, roots):
            raise PathRefusedError(f"{name} may not open {path}: it lies outside the folders that Mneme may use.")


def _refused(change: Change, roots: tuple[str, ...]) -> str:
    """Return why a change may not be, "" when it may: what is there keeps its name, and new names are plain to see."""
    for path in (change.path, change.to):
        if path and not _inside(path, roots):
            return "it lies outside the folders that Mneme may use"
    named = change.kind in (ChangeKind.CREATE, ChangeKind.MKDIR, ChangeKind.MOVE)
    kept = change.kind is ChangeKind.MOVE and name_of(change.path) == name_of(change.to)
    wrong = unfit(name_of(change.result)) if named and not kept else ""
    return f"its name {wrong}" if wrong else ""


def _inside(path: str, roots: tuple[str, ...]) -> bool:
    return is_literal_path(path) and any(within(path, root) for root in roots)


def _undeclared(name: str, effect: str, path: str) -> UndeclaredError:
    return UndeclaredError(
        f"{name} wanted to {effect} {path}, which it does not declare.",
        kept="Nothing was done.",
        remedy="Report this to whoever made the tool.",
    )
