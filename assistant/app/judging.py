"""Runs the bundled golden set with a model in a throw-away memory. Given to the gate of new models by `bootstrap`."""

from dataclasses import replace

from assistant.app.environment import Environment
from assistant.app.workbench import Bench, Opened, throwaway
from assistant.config.schema import Recall
from assistant.eval.golden import golden_hits, golden_recall
from assistant.eval.workbench import Looked


class BundledSet:
    """The golden set that came with Mneme; the memory of the person is neither read nor changed."""

    def __init__(self, env: Environment, opened: Opened) -> None:
        self._env = env
        self._opened = opened

    async def measure(self, model_id: str, recall: Recall | None = None) -> dict[str, float]:
        """Return recall@20, ndcg@10, mrr@10 and times with this model ("": text search alone); raises MnemeError.

        `recall` says how candidates are scored, where not as the settings say.
        """
        async with throwaway(self._lent(model_id, recall), self._opened) as parts:
            return await golden_recall(Bench(parts), self._env.resources / "golden")

    async def hits(self, model_id: str, recall: Recall, k: int) -> list[Looked]:
        """Return the first `k` hits of each answerable question, and which of them answer it; raises MnemeError."""
        async with throwaway(self._lent(model_id, recall), self._opened) as parts:
            return await golden_hits(Bench(parts), self._env.resources / "golden", k)

    def _lent(self, model_id: str, recall: Recall | None) -> Environment:
        embedding = self._env.settings.embedding.model_copy(update={"model": model_id})
        update = {"embedding": embedding, "recall": recall or self._env.settings.recall}
        return replace(self._env, settings=self._env.settings.model_copy(update=update))
