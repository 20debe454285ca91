"""From a size on a graph is built in the child process and searched; a child killed in the middle leaves what there was."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from assistant.adapters.store.edge_child import Optimiser
from assistant.adapters.store.edge_dense import EdgeDense
from assistant.ports.stores import DensePoint, Vector
from tests.contract.samples import chunk_id, point

SIZE = 64
MANY = 5000
LINKS = "links_compressed.bin"


def vectors(count: int, seed: int) -> Vector:
    """Unit vectors around 50 centres, as texts about 50 subjects would lie."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(99).normal(size=(50, SIZE))
    found = centres[rng.integers(0, 50, count)] + rng.normal(size=(count, SIZE)) * 0.7
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


ALL = vectors(MANY, 0)


def points() -> list[DensePoint]:
    return [point(n, ALL[n]) for n in range(MANY)]


def opened(folder: Path, graph_from: int, kind: type[Optimiser] = Optimiser) -> EdgeDense:
    return EdgeDense(folder / "dense", SIZE, batch=500, optimiser=kind(more=(str(graph_from),)))


def links(folder: Path) -> int:
    return max((file.stat().st_size for file in folder.rglob(LINKS)), default=0)


async def recall(index: EdgeDense) -> float:
    """Return the share of the twenty truly nearest among the twenty found."""
    shares: list[float] = []
    for asked in vectors(20, seed=7):
        best = {chunk_id(n) for n in np.argsort(-(ALL @ asked))[:20].tolist()}
        found = {hit.chunk_id for hit in await index.search(asked, 20)}
        shares.append(len(best & found) / 20)
    return float(np.mean(shares))


async def test_below_the_size_there_is_no_graph_above_it_there_is_and_little_is_missed(tmp_path: Path) -> None:
    plain, graph = opened(tmp_path / "a", MANY + 1), opened(tmp_path / "b", MANY)
    for index in (plain, graph):
        await index.upsert(points())
        assert await index.optimise() is True
        assert await index.ids() == {chunk_id(n) for n in range(MANY)}
        assert await recall(index) >= 0.95
        await index.close()
    assert links(tmp_path / "b") > 2 * links(tmp_path / "a")
    again = opened(tmp_path / "b", MANY)
    assert await recall(again) >= 0.95
    await again.close()


class Told(Optimiser):
    """Tells the test when its child begins."""

    begun: asyncio.Event
    loop: asyncio.AbstractEventLoop

    def run(self, shard: Path, dimensions: int, *, erased: bool = False) -> bool | None:
        self.loop.call_soon_threadsafe(self.begun.set)
        return super().run(shard, dimensions, erased=erased)


async def test_killed_in_the_middle_the_old_index_serves_on(tmp_path: Path) -> None:
    Told.begun, Told.loop = asyncio.Event(), asyncio.get_running_loop()
    index = opened(tmp_path, MANY, Told)
    await index.upsert(points())
    await index.commit()
    building = asyncio.ensure_future(index.optimise())
    async with asyncio.timeout(30):
        await Told.begun.wait()
    building.cancel()
    with pytest.raises(asyncio.CancelledError):
        await building
    assert await index.ids() == {chunk_id(n) for n in range(MANY)}
    assert await recall(index) == 1.0
    await index.close()
