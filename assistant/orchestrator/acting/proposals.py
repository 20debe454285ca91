"""From a request to an approved plan that runs. Called by the façade."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence

from assistant.domain.change import FileDiff
from assistant.domain.errors import ChangedMeanwhileError, MnemeError, NotFoundError, PolicyDeniedError
from assistant.domain.events import ApprovalAwaited, IntentRecognised, PlanDecided, PlanPreviewed, PreviewProgressed
from assistant.domain.plan import Decision, GrantKind, PlanEdit, Proposal, Run, RunLog, Understanding
from assistant.domain.tool import EffectKind
from assistant.orchestrator.acting.executor import Approval, Course, Executor, summed
from assistant.orchestrator.acting.hands import Hands, stamped
from assistant.orchestrator.acting.looking import Edits, Looked
from assistant.orchestrator.acting.pending import Pending, Waiting
from assistant.orchestrator.acting.showing import shown_diff
from assistant.orchestrator.acting.undertakings import Going, Undertakings
from assistant.orchestrator.intent import language_of
from assistant.orchestrator.planner import edited, plan_actions
from assistant.policy import StandingPermissions
from assistant.ports.acting import IntentAnalyzer, Tell

UNSEEN = ".yes"
"""The end of an origin that agrees without having seen the preview (`--yes`)."""
PLACES = frozenset({"path", "paths", "name", "target", "folder", "pattern", "repository", "to"})
"""Arguments that say where something happens: untrusted text there is agreed to only by who has seen it."""
ALL_LEFT_OUT = "All of its changes are left out."

Reflect = Callable[[Run, RunLog], Awaitable[None]]


class Proposals:
    """One request at a time becomes a plan, its preview, and, once approved, a run in the background."""

    def __init__(
        self,
        hands: Hands,
        analyzer: IntentAnalyzer,
        executor: Executor,
        undertakings: Undertakings,
        permissions: StandingPermissions,
        reflect: Reflect,
    ) -> None:
        self._hands = hands
        self._analyzer = analyzer
        self._executor = executor
        self._undertakings = undertakings
        self._permissions = permissions
        self._reflect = reflect
        self._waiting = Waiting(hands.settings.plan_minutes * 60, hands.clock.monotonic)

    async def plan(self, request: str, origin: str, context: Sequence[str] = ()) -> Proposal:
        """See api.deeds.Acting.plan."""
        self._undertakings.require_open()
        hands = self._hands
        since = hands.clock.monotonic()
        pending = Pending(hands.ids.new("plan"), request.strip(), origin, tuple(context), hands.local(), since)
        self._waiting.add(pending)
        return await self._understood(pending)

    async def answer(self, plan_id: str, value: str) -> Proposal:
        """See api.deeds.Acting.answer."""
        pending = self._waiting.get(plan_id)
        if pending.proposal is None or pending.proposal.question is None:
            raise NotFoundError("This plan has no question open.", kept="Nothing was done.")
        pending.answers[pending.proposal.question.slot] = value
        return await self._understood(pending)

    async def edit(self, plan_id: str, edit: PlanEdit) -> Proposal:
        """See api.deeds.Acting.edit."""
        pending = self._waiting.get(plan_id)
        if pending.plan is None:
            raise NotFoundError("This plan is not made yet.", kept="Nothing was done.", remedy="Answer its question first.")
        pending.plan = edited(pending.plan, edit)
        pending.edits = Edits({**pending.edits.left_out, **edit.left_out}, pending.edits.skip | frozenset(edit.skip))
        return await self._looked(pending)

    async def approve(self, plan_id: str, digest: str, origin: str, grant: GrantKind = "once") -> Run:
        """See api.deeds.Acting.approve."""
        self._undertakings.require_open()
        pending = self._waiting.get(plan_id)
        if pending.looked is None or pending.proposal is None or pending.proposal.state != "ready":
            raise NotFoundError("This plan cannot be approved as it stands.", kept="Nothing was done.")
        if origin.endswith(UNSEEN):
            self._require_seen(pending.looked)
        if grant != "once" and digest == pending.looked.preview.digest:
            await self._grant(pending, grant, origin)
        self._decided(pending, origin, approved=True)
        return await self._start(pending, Approval(digest, origin))

    async def deny(self, plan_id: str, origin: str) -> None:
        """See api.deeds.Acting.deny."""
        pending = self._waiting.drop(plan_id)
        if pending is None:
            return
        pending.withdrawn = True
        if pending.looking is not None:
            pending.looking.cancel()
        self._decided(pending, origin, approved=False)

    def waiting(self) -> list[Proposal]:
        """See api.deeds.Acting.waiting."""
        return [one.proposal for one in self._waiting.all() if one.proposal is not None]

    def contents(self) -> set[str] | None:
        """Return the digests of all contents that plans nobody has decided about need, hunks that are left out included.

        None while a plan is being looked through: what it needs is not known yet.
        """
        if self._waiting.busy:
            return None
        looked = [one.looked for one in self._waiting.all() if one.looked is not None]
        return {change.blob for one in looked for change in (*one.preview.changes, *one.wished) if change.blob}

    async def diff(self, plan_id: str, path: str) -> FileDiff | None:
        """Show how one file of a plan that waits differs; None when there is no such plan or path in it.

        Hunks that are left out are shown too, so that their numbers stay and they can be taken again.
        """
        try:
            pending = self._waiting.get(plan_id)
        except NotFoundError:
            return None
        looked = pending.looked
        changes = () if looked is None else looked.wished if pending.edits.left_out.get(path) else looked.preview.changes
        change = next((one for one in changes if path in (one.path, one.to)), None)
        return await shown_diff(self._hands, change) if change is not None else None

    async def begin(self, course: Course, work: Callable[[], Awaitable[Run]]) -> None:
        """Let a run that was cut off go on in the background."""
        going = Going("run", course.run.plan.request)
        self._undertakings.begin(going)
        self._undertakings.follow(going, course)
        self._undertakings.tasks.start(f"run {course.run.id}", self._to_its_end(going, work))

    async def _understood(self, pending: Pending) -> Proposal:
        understanding = await self._analyzer.analyse(pending.request, pending.context, pending.answers)
        state = "question" if understanding.question else "understood" if understanding.intents else "unsupported"
        self._tell_intent(pending, understanding, state)
        if understanding.question is not None:
            return self._kept(pending, state="question", question=understanding.question)
        if not understanding.intents:
            self._waiting.drop(pending.id)
            return self._kept(pending, state="unsupported", nearest=understanding.nearest)
        pending.plan = plan_actions(understanding.intents, pending.id, pending.request, pending.origin)
        return await self._looked(pending)

    async def _looked(self, pending: Pending) -> Proposal:
        plan = pending.plan
        assert plan is not None, "planned before"
        pending.looking = asyncio.current_task()
        try:
            pending.looked, _ = await self._executor.walk(
                plan, dry_run=True, now=pending.now, tell=self._teller(pending), edits=pending.edits
            )
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not pending.withdrawn or task is None:
                raise
            task.uncancel()
            return self._kept(pending, state="denied", message="The plan was withdrawn.")
        except MnemeError:
            self._waiting.drop(pending.id)
            raise
        finally:
            pending.looking = None
        proposal = self._kept(pending, **self._standing(pending.looked))
        self._tell_preview(pending, proposal)
        if proposal.decision is not Decision.ALLOW or proposal.state != "ready":
            return proposal
        return await self._straight_on(pending)

    async def _straight_on(self, pending: Pending) -> Proposal:
        """Carry out what needs no approval: looking at once, changes (which a grant allows) in the background."""
        plan, looked = pending.plan, pending.looked
        assert plan is not None
        assert looked is not None
        if looked.preview.changes or looked.opens:
            run = await self._start(pending, None)
            return self._kept(pending, **self._standing(looked) | {"state": "running", "run": run.id})
        self._waiting.drop(pending.id)
        seen, _ = await self._executor.walk(plan, dry_run=False, now=pending.now, tell=self._teller(pending))
        return self._kept(pending, **self._standing(seen) | {"state": "ended", "answer": seen.answer})

    def _standing(self, looked: Looked) -> dict[str, object]:
        """Return the parts of a proposal that tell what was seen."""
        values: dict[str, object] = {"steps": looked.views, "preview": looked.preview, "state": "ready", **summed(looked)}
        denied = [view.verdict for view in looked.views if view.verdict.decision is Decision.DENY]
        if denied:
            reasons = dict.fromkeys(verdict.risk.stop or verdict.reason for verdict in denied)
            return values | {"state": "denied", "message": "; ".join(reasons)}
        if looked.preview.conflicts:
            return values | {"state": "conflict", "message": looked.preview.conflicts[0].reason}
        if looked.wished and not looked.preview.changes and not looked.opens:
            return values | {"state": "nothing", "message": ALL_LEFT_OUT}
        if not looked.preview.changes and not looked.opens and any(_acts(view.effects) for view in looked.views):
            return values | {"state": "nothing", "message": " ".join(view.text for view in looked.views if view.text)}
        return values

    def _kept(self, pending: Pending, **values: object) -> Proposal:
        language = pending.plan.language if pending.plan else language_of(pending.request)
        head = {"id": pending.id, "request": pending.request, "language": language, "plan": pending.plan}
        pending.proposal = Proposal.model_validate(head | values)
        return pending.proposal

    async def _start(self, pending: Pending, approval: Approval | None) -> Run:
        begun: asyncio.Future[Course] = asyncio.get_running_loop().create_future()
        begun.add_done_callback(lambda done: done.cancelled() or done.exception())  # whoever agreed may have gone
        going = Going("run", pending.request)
        self._undertakings.begin(going)
        self._undertakings.tasks.start(f"plan {pending.id}", self._run(pending, approval, going, begun))
        return (await asyncio.shield(begun)).run

    async def _run(self, pending: Pending, approval: Approval | None, going: Going, begun: asyncio.Future[Course]) -> None:
        assert pending.plan is not None

        def on_begun(course: Course) -> None:
            self._waiting.drop(pending.id)
            self._undertakings.follow(going, course)
            begun.set_result(course)

        try:
            _, run = await self._executor.walk(
                pending.plan,
                dry_run=False,
                now=pending.now,
                tell=self._teller(pending),
                edits=pending.edits,
                approval=approval,
                begun=on_begun,
            )
        except (Exception, asyncio.CancelledError) as error:
            if begun.done():
                raise
            if isinstance(error, ChangedMeanwhileError):
                await self._looked(pending)  # so that the new preview waits
            begun.set_exception(error if isinstance(error, Exception) else PolicyDeniedError("Mneme is closing."))
            return
        finally:
            self._undertakings.end(going)
        if run is not None:
            await self._reflected(run)

    async def _to_its_end(self, going: Going, work: Callable[[], Awaitable[Run]]) -> None:
        try:
            run = await work()
        finally:
            self._undertakings.end(going)
        await self._reflected(run)

    async def _reflected(self, run: Run) -> None:
        found = await self._hands.runs.get(run.id)
        if found is not None:
            await self._reflect(*found)

    async def _grant(self, pending: Pending, kind: GrantKind, origin: str) -> None:
        """Keep a permission for each tool that acts, within the folder that holds all it touches."""
        assert pending.looked is not None
        for view in pending.looked.views:
            touched = [path for one in pending.looked.preview.changes if one.step == view.step.id for path in (one.path, one.to)]
            folders = {os.path.split(path)[0] for path in touched if path}
            if folders:
                scope = os.path.commonpath(folders)
                await self._permissions.grant(view.step.tool, scope, kind, origin, pending.id if kind == "plan" else "")

    def _require_seen(self, looked: Looked) -> None:
        """Refuse an agreement given beforehand where untrusted text says what happens where."""
        for view in looked.views:
            taint = next((one for one in view.taints if one.origin != "file name" and one.argument in PLACES), None)
            if taint is not None:
                raise PolicyDeniedError(
                    f"“{taint.argument}” of {view.step.tool} comes from {taint.source}, so a person has to see the plan first.",
                    kept="Nothing was done.",
                    remedy="Look at it with --dry-run and approve its digest with --approve, or approve it in the window.",
                )

    def _teller(self, pending: Pending) -> Callable[[str], Tell]:
        def teller(step: str) -> Tell:
            def tell(done: int, total: int, text: str) -> None:
                head = {**stamped(self._hands, pending.id), "plan_id": pending.id, "step": step}
                self._hands.events.publish(PreviewProgressed.model_validate({**head, "done": done, "total": total, "text": text}))

            return tell

        return teller

    def _tell_intent(self, pending: Pending, understanding: Understanding, state: str) -> None:
        tools = tuple(intent.tool or intent.kind for intent in understanding.intents)
        head = self._head(pending)
        self._hands.events.publish(IntentRecognised.model_validate({**head, "tools": tools, "state": state}))

    def _tell_preview(self, pending: Pending, proposal: Proposal) -> None:
        assert proposal.preview is not None
        head = self._of_plan(pending)
        values = {"decision": proposal.decision.value, "totals": proposal.preview.totals, "state": proposal.state}
        self._hands.events.publish(PlanPreviewed.model_validate({**head, **values}))
        if proposal.state == "ready" and proposal.decision is Decision.ASK:
            head = self._of_plan(pending)
            self._hands.events.publish(ApprovalAwaited.model_validate({**head, "risk": proposal.risk.level}))

    def _decided(self, pending: Pending, origin: str, *, approved: bool) -> None:
        head = self._of_plan(pending)
        self._hands.events.publish(PlanDecided.model_validate({**head, "approved": approved, "origin": origin}))

    def _head(self, pending: Pending) -> dict[str, object]:
        return {**stamped(self._hands, pending.id), "request": pending.request}

    def _of_plan(self, pending: Pending) -> dict[str, object]:
        return {**self._head(pending), "plan_id": pending.id}


def _acts(effects: Sequence[EffectKind]) -> bool:
    return any(effect is not EffectKind.READ for effect in effects)
