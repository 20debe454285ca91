"""Looks at what a plan would do: what each step wants, over the disk as the steps before leave it, judged. Used by the walk."""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import JsonValue

from assistant.domain.answer import Answer
from assistant.domain.change import Change, ChangeKind, Conflict, Preview
from assistant.domain.errors import ArgumentError, StorageError
from assistant.domain.plan import Action, Decision, Plan, Step, StepView
from assistant.domain.tool import Arguments, CommandSpec, EffectKind, Outcome, Taint
from assistant.orchestrator.acting.diffs import without
from assistant.orchestrator.acting.hands import Hands
from assistant.orchestrator.acting.previewing import effects_of, estimate_s, left, preview, touched
from assistant.ports.acting import Tell
from assistant.tools import Overlay, Sight

LOOKS = frozenset({EffectKind.READ})
MOST_SHOWN = 200
"""Paths named in a step's view; the preview has them all."""
MOST_QUOTED = 80
"""Letters of a text that flows into an argument that are shown."""


@dataclass(frozen=True, slots=True)
class Edits:
    """What a person left out of a plan: hunks by path, and paths."""

    left_out: Mapping[str, Collection[int]] = field(default_factory=dict[str, Collection[int]])
    skip: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Looked:
    """A plan looked through: its steps with verdicts, all changes in order, and what each step brought."""

    views: tuple[StepView, ...]
    preview: Preview
    outcomes: dict[str, Outcome]
    asked: dict[str, Action]
    """What the policy was asked about last, by step."""

    @property
    def answer(self) -> Answer | None:
        """The last answer that a step found."""
        return next((one.answer for one in reversed(self.outcomes.values()) if one.answer is not None), None)

    @property
    def wished(self) -> tuple[Change, ...]:
        """All changes that the steps want, with what a person left out."""
        return tuple(change for one in self.outcomes.values() for change in one.changes)

    @property
    def opens(self) -> bool:
        """Tell whether something is opened once the plan runs."""
        return any(one.opens for one in self.outcomes.values())


class Looking:
    """Asks the tools what they want; changes nothing."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    async def look(self, plan: Plan, edits: Edits, now: datetime, tells: Mapping[str, Tell], *, every: bool) -> Looked:
        """Return what the plan would do now; steps that only look are called if `every`, or if others wait for them."""
        hands = self._hands
        overlay = Overlay(hands.files, hands.blobs)
        awaited = {name for step in plan.steps for name in (*step.after, *_sources(step.arguments))}
        found: dict[str, Outcome] = {}
        asked: dict[str, Action] = {}
        views: list[StepView] = []
        changes: list[Change] = []
        conflicts: list[Conflict] = []
        for step in plan.steps:
            spec = hands.tools.spec(step.tool)
            sight = Sight(
                files=overlay,
                blobs=hands.blobs,
                memory=hands.recalling(plan.origin),
                archives=hands.archives,
                repositories=hands.repositories,
                settings=hands.settings,
                now=now,
                language=plan.language,
                tell=tells[step.id],
                found=found,
            )
            wanted = every or step.id in awaited or not LOOKS.issuperset(spec.effects)
            view, outcome, mine = await self._step(plan, step, spec, sight, edits, asked, wanted=wanted)
            overlay.extend(mine)
            found[step.id] = outcome
            views.append(view)
            changes += mine
            conflicts += [one.model_copy(update={"step": step.id}) for one in outcome.conflicts]
        refused = await hands.workspace.check(changes) if changes else {}
        conflicts += [Conflict(path=changes[n].path, reason=why, step=changes[n].step) for n, why in sorted(refused.items())]
        uncovered = [text for outcome in found.values() for text in outcome.uncovered]
        return Looked(tuple(views), preview(changes, conflicts, uncovered, hands.clock.now()), found, asked)

    async def _step(
        self,
        plan: Plan,
        step: Step,
        spec: CommandSpec,
        sight: Sight,
        edits: Edits,
        asked: dict[str, Action],
        *,
        wanted: bool,
    ) -> tuple[StepView, Outcome, list[Change]]:
        arguments = filled(step.arguments, sight.found)
        named = paths_in(arguments)
        reading = Action(
            tool=step.tool, origin=plan.origin, paths=named, effects=(EffectKind.READ,), plan=plan.id, correlation=plan.id
        )
        asked[step.id] = reading
        verdict = await self._hands.policy.judge(reading)
        if verdict.decision is not Decision.ALLOW or not wanted:
            return StepView(step=step, verdict=verdict, effects=spec.effects, reads=named), Outcome(), []
        outcome = await self._call(step.tool, spec, arguments, sight)
        taints = tuple(dict.fromkeys((*outcome.taints, *flowing(step.arguments, sight.found))))
        outcome = outcome.model_copy(update={"taints": taints})
        changes = [change.model_copy(update={"step": step.id}) for change in outcome.changes]
        changes = left(await self._less(changes, edits, sight), edits.skip)
        effects = tuple(dict.fromkeys([*effects_of(changes), *_beyond(spec, outcome)]))
        if effects:
            asked[step.id] = _acting(plan, step, spec, changes, outcome, effects)
            verdict = await self._hands.policy.judge(asked[step.id])
        writes, wished = touched(changes), set(touched(outcome.changes))
        view = StepView(
            step=step,
            verdict=verdict,
            effects=effects or (EffectKind.READ,),
            reads=named,
            writes=writes[:MOST_SHOWN],
            taints=outcome.taints,
            estimate_s=estimate_s(changes),
            changes=len(changes),
            text=outcome.text,
            table=outcome.table,
            left_out={path: tuple(sorted(hunks)) for path, hunks in edits.left_out.items() if path in wished},
        )
        return view, outcome, changes

    async def _call(self, tool: str, spec: CommandSpec, arguments: Arguments, sight: Sight) -> Outcome:
        """Call the command; looking once more does no harm, so a store that was busy gets a second chance where it may."""
        try:
            return await self._hands.tools.call(tool, arguments, sight)
        except StorageError:
            if not spec.idempotent:
                raise
            return await self._hands.tools.call(tool, arguments, sight)

    async def _less(self, changes: Sequence[Change], edits: Edits, sight: Sight) -> list[Change]:
        """Put back what a person left out of files' contents; a file of which nothing is left to change is not touched."""
        kept: list[Change] = []
        for change in changes:
            left_out = edits.left_out.get(change.path)
            if not left_out or change.kind is not ChangeKind.WRITE or change.before is None:
                kept.append(change)
                continue
            old = await sight.files.read(change.path, change.before.size)
            new = without(old, await self._hands.blobs.get(change.blob), left_out)
            if new != old:
                blob = await self._hands.blobs.put(new)
                kept.append(change.model_copy(update={"blob": blob, "size": len(new)}))
        return kept


def _acting(
    plan: Plan, step: Step, spec: CommandSpec, changes: Sequence[Change], outcome: Outcome, effects: tuple[EffectKind, ...]
) -> Action:
    """Return what the policy is asked about a step whose changes are known."""
    return Action(
        tool=step.tool,
        origin=plan.origin,
        paths=(*touched(changes), *outcome.opens),
        writes=bool(changes),
        network=EffectKind.NETWORK in effects,
        effects=effects,
        count=sum(change.items for change in changes),
        reversible=spec.reversible and not outcome.uncovered,
        taints=outcome.taints,
        plan=plan.id,
        correlation=plan.id,
    )


def filled(arguments: Arguments, found: Mapping[str, Outcome]) -> Arguments:
    """Return the arguments with what earlier steps found in the place of {"from": step, "take": part}. Raises ArgumentError."""
    return {name: _taken(value, found) if _refers(value) else value for name, value in arguments.items()}


def flowing(arguments: Arguments, found: Mapping[str, Outcome]) -> tuple[Taint, ...]:
    """Return the taints of arguments that earlier steps fill, whether or not the command that takes them tells of it."""
    taints: list[Taint] = []
    for name, value in arguments.items():
        if isinstance(value, dict) and _refers(value):
            source = str(value["from"])
            outcome = found[source]
            if value["take"] != "paths":  # those are the plan's own; what they are made of is told by the step itself
                told = outcome.text.strip() or ", ".join(outcome.table.columns if outcome.table else ())
                taints.append(Taint(argument=name, origin="tool", source=source, excerpt=told[:MOST_QUOTED]))
            taints += [taint.model_copy(update={"argument": name}) for taint in outcome.taints]
    return tuple(taints)


def _refers(value: JsonValue) -> bool:
    return isinstance(value, dict) and set(value) == {"from", "take"}


def _sources(arguments: Arguments) -> set[str]:
    return {str(value["from"]) for value in arguments.values() if isinstance(value, dict) and _refers(value)}


def _taken(value: JsonValue, found: Mapping[str, Outcome]) -> JsonValue:
    assert isinstance(value, dict), "looked at before"
    outcome = found.get(str(value["from"]))
    if outcome is None:
        raise ArgumentError(f"Step {value['from']}, from which something is taken, has not been done.", kept="Nothing was done.")
    match value["take"]:
        case "text":
            return outcome.text
        case "table" if outcome.table is not None:
            return {"columns": [*outcome.table.columns], "rows": [[*row] for row in outcome.table.rows]}
        case "paths":
            return [*touched(outcome.changes)]
        case "citations":
            return [citation.model_dump(mode="json") for citation in outcome.citations]
        case other:
            raise ArgumentError(f"Step {value['from']} brings no “{other}”.", kept="Nothing was done.")


def paths_in(arguments: Arguments) -> tuple[str, ...]:
    """Return the absolute paths among the arguments."""
    values = [item for value in arguments.values() for item in (value if isinstance(value, list) else [value])]
    return tuple(dict.fromkeys(value for value in values if isinstance(value, str) and os.path.isabs(value)))  # noqa: PTH117


def _beyond(spec: CommandSpec, outcome: Outcome) -> list[EffectKind]:
    """Return the effects that are no changes of files: opening, and the network that a command declares."""
    beyond = [kind for kind in spec.effects if kind in (EffectKind.NETWORK, EffectKind.MEMORY)]
    return [*([EffectKind.OPEN] if outcome.opens else []), *beyond, *([EffectKind.GIT] if _of_git(spec, outcome) else [])]


def _of_git(spec: CommandSpec, outcome: Outcome) -> bool:
    return EffectKind.GIT in spec.effects and bool(outcome.changes)
