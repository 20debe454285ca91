"""A stage: how long a hybrid query takes in a filled memory, whole, bare and by part. Run as a child process."""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from assistant.adapters.system.clock import SystemClock
from assistant.app.bootstrap import environment
from assistant.app.thrift import neighbourly
from assistant.domain.memory import RecallQuery
from assistant.eval.metrics import percentile
from assistant.memory.recall import Retriever
from assistant.memory.service import Engines
from assistant.ports.stores import SparseQuery
from tests.bench.filling import memory_at
from tests.bench.invented import Prose
from tests.bench.lines import tell

K = 20


class Timed:
    """Stands before an engine and adds up the milliseconds of some of its methods under one name."""

    def __init__(self, real: Any, spent: dict[str, float], names: dict[str, str]) -> None:
        self._real = real
        self._spent = spent
        self._names = names

    def __getattr__(self, method: str) -> Any:
        found = getattr(self._real, method)
        if method not in self._names:
            return found

        async def timed(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                return await found(*args, **kwargs)
            finally:
                self._spent[self._names[method]] += (time.perf_counter() - began) * 1000

        return timed


async def ask(queries: int, warm_up: int, optimise: bool) -> None:
    """Quantise first if asked; then ask three ways by turns, each time another question: a repeated one meets warm caches."""
    env = environment(os.environ)
    prose = Prose(seed=7)
    questions = [(prose.question(), prose.question(), prose.question()) for _ in range(warm_up + queries)]
    with neighbourly(), ThreadPoolExecutor(4) as pool:
        async with memory_at(env, pool) as held:
            optimised_s = 0.0
            if optimise and held.engines.optimisable:
                began = time.monotonic()
                await held.engines.optimisable.optimise()
                optimised_s = time.monotonic() - began
            await held.traits.hold()  # as the window does after the first few questions
            tell(phase="asking")
            candidates = max(env.settings.recall.candidates, 2 * K)
            spent: dict[str, float] = dict.fromkeys(("embed", "dense", "sparse", "records"), 0.0)
            parts = Retriever(*_watched(held.engines, spent), env.settings.recall, SystemClock().now)
            whole: list[float] = []
            bare: list[float] = []
            split: list[dict[str, float]] = []
            for first, second, third in questions:
                whole.append(await _took(lambda text=first: held.memory.recall(RecallQuery(text=text, k=K))))
                bare.append(await _took(lambda text=second: _bare(held.engines, text, candidates)))
                spent.update(dict.fromkeys(spent, 0.0))
                took = await _took(lambda text=third: parts.recall(RecallQuery(text=text, k=K)))
                split.append({**spent, "whole": took})
    tell(
        asked=queries,
        optimised_s=optimised_s,
        p50=percentile(whole[warm_up:], 0.5),
        p95=percentile(whole[warm_up:], 0.95),
        bare_p50=percentile(bare[warm_up:], 0.5),
        bare_p95=percentile(bare[warm_up:], 0.95),
        parts={name: percentile([row[name] for row in split[warm_up:]], 0.5) for name in split[0]},
        parts_p95={name: percentile([row[name] for row in split[warm_up:]], 0.95) for name in split[0]},
    )


def _watched(engines: Engines, spent: dict[str, float]) -> tuple[Any, Any, Any]:
    """Return stores, embedder and walker whose time is added up in `spent`."""
    stores = replace(
        engines.stores,
        sources=Timed(engines.stores.sources, spent, {"get": "records"}),
        chunks=Timed(engines.stores.chunks, spent, dict.fromkeys(("get", "candidates"), "records")),
        sparse=Timed(engines.stores.sparse, spent, {"search": "sparse"}),
        dense=Timed(engines.stores.dense, spent, {"search": "dense"}),
    )
    return stores, Timed(engines.embedder, spent, {"embed_query": "embed"}), engines.walker


async def _bare(engines: Engines, text: str, candidates: int) -> None:
    """Ask both indexes and look at nothing."""
    assert engines.embedder is not None
    assert engines.stores.dense is not None

    async def dense() -> None:
        assert engines.embedder is not None
        assert engines.stores.dense is not None
        await engines.stores.dense.search(await engines.embedder.embed_query(text), candidates)

    await asyncio.gather(dense(), engines.stores.sparse.search(SparseQuery(text), candidates))


async def _took(work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    asyncio.run(ask(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "optimise"))
