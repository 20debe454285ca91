"""One turn of a conversation: question, plan, verdicts, evidence, checked answer. Called by the façade."""

import logging
from collections.abc import Callable, Sequence

from assistant.config.schema import Answering
from assistant.domain.answer import Answer, Citation
from assistant.domain.events import AnswerReady, ClaimFound, MemoryRecalled, QuestionAsked
from assistant.domain.language import identify_by_script
from assistant.domain.memory import ContextPack
from assistant.domain.plan import Intent
from assistant.orchestrator.answering import Passage, extract, passages
from assistant.orchestrator.checking import SourceCheck
from assistant.orchestrator.critic import review
from assistant.orchestrator.intent import analyse
from assistant.orchestrator.planner import plan
from assistant.orchestrator.recall_walk import RecallWalk
from assistant.orchestrator.wording import Wording
from assistant.ports.content import Embedder
from assistant.ports.system import Clock, EventSink, IdSource

log = logging.getLogger(__name__)


class Conversation:
    """Answers from memory alone; what cannot be proved from a file as it is now is not said."""

    def __init__(
        self,
        recalling: RecallWalk,
        check: SourceCheck,
        embedder: Callable[[], Embedder | None],
        settings: Answering,
        events: EventSink,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._recalling = recalling
        self._check = check
        self._embedder = embedder
        self._settings = settings
        self._events = events
        self._clock = clock
        self._ids = ids

    async def ask(self, question: str, origin: str, secrets: bool = False) -> Answer:
        """Run one turn; claims are published while they are found. Raises PolicyDeniedError.

        Passages with a key, a password and the like are quoted only if `secrets` are asked for.
        """
        began = self._clock.monotonic()
        turn = self._ids.new("turn")
        self._events.publish(QuestionAsked(id=self._ids.new("ev"), at=self._clock.now(), correlation=turn, question=question))
        intent = analyse(question, secrets=secrets)
        wording = Wording(intent.language)
        steps = plan(intent, turn, origin)
        await self._recalling.walk(steps, dry_run=True)
        _, packs = await self._recalling.walk(steps, dry_run=False)
        shown = await self._recalling.note(steps, packs[0])
        event, now = self._ids.new("ev"), self._clock.now()
        self._events.publish(
            MemoryRecalled(id=event, at=now, correlation=turn, origin=origin, kind="ask", query=question, sources=shown)
        )
        answer = await self._answer(intent, packs[0], wording, turn)
        answer = answer.model_copy(update={"took_ms": round((self._clock.monotonic() - began) * 1000, 3)})
        self._events.publish(AnswerReady(id=self._ids.new("ev"), at=self._clock.now(), correlation=turn, answer=answer))
        return answer

    async def _answer(self, intent: Intent, pack: ContextPack, wording: Wording, turn: str) -> Answer:
        found = passages(pack)
        cosines = await self._cosines(pack.query, intent.language, found)
        drawn = extract(pack.query, pack, self._settings, found, cosines)
        judged = review(drawn.claims, drawn.citations, pack)
        if judged.notes:
            log.warning("the critic refused %d parts of an answer", len(judged.notes))
        checked = await self._check.check(judged.claims, judged.citations)
        notes = [*map(wording.note, pack.notes), *(wording.changed(path) for path in checked.changed)]
        if any(evidence.withheld for evidence in pack.evidence):
            notes.append(wording.withheld())
        if not checked.claims:
            return Answer(
                question=intent.question,
                answer=wording.abstained(bool(pack.evidence)),
                abstained=True,
                claims=(),
                citations=(),
                nearest=await self._nearest(drawn.nearest),
                notes=tuple(notes),
                took_ms=0.0,
            )
        for index, claim in enumerate(checked.claims):
            self._events.publish(
                ClaimFound(id=self._ids.new("ev"), at=self._clock.now(), correlation=turn, index=index, claim=claim)
            )
        said = " ".join(claim.text + " " + "".join(f"[{n}]" for n in claim.citations) for claim in checked.claims)
        return Answer(
            question=intent.question,
            answer=said,
            abstained=False,
            claims=checked.claims,
            citations=checked.citations,
            notes=tuple(notes),
            took_ms=0.0,
        )

    async def _nearest(self, citations: Sequence[Citation]) -> tuple[Citation, ...]:
        held = [citation for citation in await self._check.mark(citations) if citation.quote]
        return tuple(citation.model_copy(update={"n": n}) for n, citation in enumerate(held, 1))

    async def _cosines(self, asked: str, language: str, found: Sequence[Passage]) -> list[float | None] | None:
        """Return the similarity of the question to each passage; None where the model does not know the language."""
        embedder = self._embedder()  # the model may change before the next question
        if embedder is None or not found or not embedder.knows(language):
            return None
        known = [at for at, one in enumerate(found) if one.code or embedder.knows(identify_by_script(one.text))]
        order = sorted(known, key=lambda at: len(found[at].text))
        question = await embedder.embed_query(asked)
        cosines: list[float | None] = [None] * len(found)
        rows = await embedder.embed_documents([found[at].text for at in order], urgent=True)
        for at, row in zip(order, rows, strict=True):
            cosines[at] = float(row @ question)
        return cosines
