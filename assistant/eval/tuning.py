"""Fits the weights of recall to what a person called right, when that helps, and takes it back. Used by the façade."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import numpy as np

from assistant.config.schema import Recall
from assistant.domain.health import TuningRecord
from assistant.eval.own import OwnSet
from assistant.eval.runs import WEIGHTS, weights_of
from assistant.eval.weighing import Judged, Proposal, Weights, propose
from assistant.eval.workbench import Looked
from assistant.memory.recall.query import parse
from assistant.memory.recall.wording import wording
from assistant.memory.service import Memory
from assistant.ports.health import HealthStore
from assistant.ports.system import Clock, IdSource

CANDIDATES = 200
"""Hits looked at of each question: what stands lower is in no weights' first ten."""

BundledHits = Callable[[str, Recall, int], Awaitable[list[Looked]]]
"""Asks the bundled questions in a throw-away memory: with a model, settings of recall, and this many hits each."""


class Tuning:
    """Proposes, applies, takes back. `configured` are the settings: an override counts only while they stay as they were."""

    def __init__(
        self,
        memory: Memory,
        store: HealthStore,
        own: OwnSet,
        bundled: BundledHits,
        configured: Recall,
        least: int,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._memory = memory
        self._store = store
        self._own = own
        self._bundled = bundled
        self._configured = configured
        self._least = least
        self._clock = clock
        self._ids = ids
        self._working = asyncio.Lock()

    async def restore(self) -> None:
        """Score by the applied weights again, after a start; not when a person changed the settings since."""
        record = await self.applied()
        if record is not None and record.configured == weights_of(self._configured):
            self._weigh(record.after)

    async def applied(self) -> TuningRecord | None:
        """Return the proposal that is in force, None when the settings are."""
        records = [one for one in await self._store.tunings() if one.state == "applied"]
        return records[-1] if records else None

    async def latest(self) -> TuningRecord | None:
        """Return what came of the last proposal."""
        records = await self._store.tunings()
        return records[-1] if records else None

    async def tune(self, dry_run: bool) -> TuningRecord:
        """Look for better weights; apply them when they help on held-out questions, unless `dry_run`."""
        async with self._working:
            recall = self._memory.weights
            now = self._clock.now()
            own = [judged(one, now) for one in await self._own.hits(CANDIDATES)]
            if len(own) < self._least:
                reason = f"{len(own)} confirmed questions are too few to tune on: {self._least} are needed"
                record = self._record("rejected", reason, recall, None, {"questions": float(len(own))})
                await self._keep(record)
                return record
            model = self._memory.model.partition("@")[0]
            bundled = [judged(one, now) for one in await self._bundled(model, recall, CANDIDATES)]
            found = await asyncio.to_thread(propose, own, bundled, _weights(recall))
            state = "rejected" if not found.worthwhile else "proposed" if dry_run else "applied"
            record = self._record(state, found.reason, recall, found.weights, _figures(found))
            await self._keep(record)
            return record

    async def apply(self) -> TuningRecord | None:
        """Apply the last proposal; None when there is none that waits, or the weights it was made against have changed."""
        async with self._working:
            record = await self.latest()
            if record is None or record.state != "proposed" or record.before != weights_of(self._memory.weights):
                return None
            applied = record.model_copy(update={"state": "applied"})
            await self._keep(applied)
            return applied

    async def reset(self) -> TuningRecord | None:
        """Go back to the weights of the settings; None when they are in force anyway."""
        async with self._working:
            last = await self.applied()
            for record in await self._store.tunings():
                if record.state == "applied":
                    await self._store.put_tuning(record.model_copy(update={"state": "undone"}))
            self._weigh(weights_of(self._configured))
            return last.model_copy(update={"state": "undone"}) if last else None

    async def _keep(self, record: TuningRecord) -> None:
        await self._store.put_tuning(record)
        if record.state == "applied":
            self._weigh(record.after)

    def _weigh(self, weights: dict[str, float]) -> None:
        update = {name: weights[name] for name in WEIGHTS if name in weights}
        self._memory.weigh(self._memory.weights.model_copy(update=update))

    def _record(self, state: str, reason: str, before: Recall, after: Weights | None, figures: dict[str, float]) -> TuningRecord:
        old = weights_of(before)
        new = dict(zip(WEIGHTS, (after.dense, after.sparse, after.recency, after.quality), strict=True)) if after else old
        return TuningRecord.model_validate(
            {
                "id": self._ids.new("tune"),
                "at": self._clock.now(),
                "state": state,
                "reason": reason,
                "before": old,
                "after": new,
                "configured": weights_of(self._configured),
                "figures": figures,
            }
        )


def judged(looked: Looked, now: datetime) -> Judged:
    """Return what scoring needs of these hits; `now` is what dates in the question count from."""
    parts = [hit.parts for hit in looked.result.items]
    return Judged(
        dense=np.array([np.nan if one.dense is None else one.dense for one in parts], dtype=np.float64),
        sparse=np.array([one.sparse for one in parts], dtype=np.float64),
        recency=np.array([one.recency for one in parts], dtype=np.float64),
        quality=np.array([one.source_quality for one in parts], dtype=np.float64),
        right=np.array(looked.right, dtype=np.bool_),
        wording=wording(parse(looked.question, now).text),
    )


def _weights(recall: Recall) -> Weights:
    return Weights(recall.weight_dense, recall.weight_sparse, recall.weight_recency, recall.weight_quality)


def _figures(found: Proposal) -> dict[str, float]:
    return {
        "questions": float(found.questions),
        "ndcg@10 before": found.before,
        "ndcg@10 after": found.after,
        "bundled ndcg@10 before": found.bundled_before,
        "bundled ndcg@10 after": found.bundled_after,
        "sure": found.sure,
    }
