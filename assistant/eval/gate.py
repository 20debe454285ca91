"""Judges a new model by the golden sets: the bundled one, and the person's own. Used by the change of models and the façade."""

from collections.abc import Awaitable, Callable, Mapping

from assistant.domain.spaces import Judgement, SpaceRecord
from assistant.eval.own import OwnSet
from assistant.memory.spaces import Spaces

JUDGED = ("recall@20", "ndcg@10", "mrr@10")
BUNDLED, MINE = "golden", "mine"

Measure = Callable[[str], Awaitable[dict[str, float]]]
"""Runs the bundled golden set in a throw-away memory with the model of this id ("": text search alone); returns its figures."""


class GoldenGate:
    """A new space passes when no judged figure is worse than that of the answering one by more than `tolerance`."""

    def __init__(self, bundled: Measure, own: OwnSet, spaces: Spaces, tolerance: float) -> None:
        self._bundled = bundled
        self._own = own
        self._spaces = spaces
        self._tolerance = tolerance

    async def judge(self, record: SpaceRecord) -> Judgement:
        """Measure both spaces and compare; what is measured of the answering one is recorded with it."""
        answering = next((one for one in await self._spaces.all() if one.state == "active"), None)
        before = await self.figures(answering) if answering else await self._text_alone()
        if answering:
            await self._spaces.note(answering.model, figures=before)
        after = await self.figures(record)
        reasons = worse(before, after, self._tolerance)
        return Judgement(passed=not reasons, reasons=reasons, figures=after)

    async def figures(self, record: SpaceRecord) -> dict[str, float]:
        """Return the figures of one space, each with the prefix of its set; those of the bundled set are measured once.

        Those of the person's own set are measured now where the model is in memory, and are the recorded ones otherwise.
        """
        bundled = {name: value for name, value in record.figures.items() if name.startswith(f"{BUNDLED}.")}
        if not bundled:
            bundled = _named(BUNDLED, await self._bundled(record.model_id))
        mine = {name: value for name, value in record.figures.items() if name.startswith(f"{MINE}.")}
        if record.state not in ("kept", "failed"):
            mine = _named(MINE, await self._own.figures(space=await self._spaces.load(record.model_id)))
        return {**bundled, **mine}

    async def _text_alone(self) -> dict[str, float]:
        return {**_named(BUNDLED, await self._bundled("")), **_named(MINE, await self._own.figures("sparse"))}


def worse(before: Mapping[str, float], after: Mapping[str, float], tolerance: float) -> tuple[str, ...]:
    """Name every judged figure that fell by more than `tolerance`; sets without questions are not judged."""
    found: list[str] = []
    for group in (BUNDLED, MINE):
        for figure in JUDGED:
            name = f"{group}.{figure}"
            if name in before and before[name] - after.get(name, 0.0) > tolerance + 1e-9:
                found.append(f"{name} {after.get(name, 0.0):.3f} instead of {before[name]:.3f}")
    return tuple(found)


def _named(group: str, figures: Mapping[str, float]) -> dict[str, float]:
    return {f"{group}.{name}": value for name, value in figures.items()}
