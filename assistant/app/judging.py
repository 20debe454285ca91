"""Runs the bundled golden set with a model in a throw-away memory. Given to the gate of new models by `bootstrap`."""

from dataclasses import replace

from assistant.app.environment import Environment
from assistant.app.workbench import Bench, Opened, throwaway
from assistant.eval.golden import golden_recall


class BundledSet:
    """The golden set that came with Mneme; the memory of the person is neither read nor changed."""

    def __init__(self, env: Environment, opened: Opened) -> None:
        self._env = env
        self._opened = opened

    async def measure(self, model_id: str) -> dict[str, float]:
        """Return recall@20, ndcg@10, mrr@10 and times with this model ("": text search alone); raises MnemeError."""
        embedding = self._env.settings.embedding.model_copy(update={"model": model_id})
        settings = self._env.settings.model_copy(update={"embedding": embedding})
        async with throwaway(replace(self._env, settings=settings), self._opened) as parts:
            return await golden_recall(Bench(parts), self._env.resources / "golden")
