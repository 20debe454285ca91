"""Quantising in a child process: searches go on, nothing written meanwhile is lost, a crash leaves one good index."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.adapters.store import edge_dense, edge_shard
from assistant.adapters.store.edge_child import Optimiser
from assistant.adapters.store.edge_dense import EdgeDense
from assistant.adapters.store.edge_folder import EdgeFolder
from assistant.domain.errors import StorageError
from assistant.ports.stores import DensePoint, Filter, Vector
from tests.contract.samples import chunk_id, point

SIZE = 64
MANY = 5000
"""Enough vectors of this size to be above the engine's threshold for quantising."""


class HeldOptimiser(Optimiser):
    """An optimiser that waits, before or after its work, until the test lets it go on."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = asyncio.Event()
        self.go_on = threading.Event()
        self._loop = asyncio.get_running_loop()

    def run(self, shard: Path, dimensions: int, *, erased: bool = False) -> bool | None:
        self._loop.call_soon_threadsafe(self.begun.set)
        assert self.go_on.wait(30)
        return super().run(shard, dimensions, erased=erased)


def vectors(count: int, seed: int = 0) -> Vector:
    """Unit vectors around 50 centres, as texts about 50 subjects would lie."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(99).normal(size=(50, SIZE))
    found = centres[rng.integers(0, 50, count)] + rng.normal(size=(count, SIZE)) * 0.7
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


ALL = vectors(MANY)


def points(start: int = 0, stop: int = MANY) -> list[DensePoint]:
    return [point(n, ALL[n], modality="code" if n % 2 else "text") for n in range(start, stop)]


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[EdgeDense]:
    opened = EdgeDense(tmp_path / "dense", SIZE, batch=500)
    yield opened
    await opened.close()


def shards(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("shard-*"))


async def test_nothing_to_do_starts_no_child(tmp_path: Path) -> None:
    index = EdgeDense(tmp_path / "dense", SIZE, optimiser=Optimiser(("/no/such/program",)))
    assert await index.optimise() is False
    await index.upsert(points(0, 20))
    assert await index.optimise() is False
    await index.close()


async def test_after_it_everything_is_found_as_before(index: EdgeDense, tmp_path: Path) -> None:
    await index.upsert(points())
    assert await index.optimise() is True
    assert await index.ids() == {chunk_id(n) for n in range(MANY)}
    recalled = []
    for asked in vectors(40, seed=7):
        best = set(np.argsort(-(ALL @ asked))[:20].tolist())
        hits = await index.search(asked, 20)
        recalled.append(len(best & {int(hit.chunk_id[3:], 16) for hit in hits}) / 20)
        assert hits[0].score == pytest.approx(float(np.max(ALL @ asked)), abs=1e-3)
    assert np.mean(recalled) >= 0.98
    only = await index.search(ALL[3], 10, Filter(modality=("code",)))
    assert all(int(hit.chunk_id[3:], 16) % 2 for hit in only)
    assert await index.optimise() is False
    assert len(shards(tmp_path / "dense")) == 1


async def test_it_survives_a_restart(index: EdgeDense, tmp_path: Path) -> None:
    await index.upsert(points())
    assert await index.optimise() is True
    await index.close()
    again = EdgeDense(tmp_path / "dense", SIZE)
    assert len(await again.ids()) == MANY
    assert (await again.search(ALL[5], 1))[0].chunk_id == chunk_id(5)
    assert await again.optimise() is False
    await again.close()


async def test_what_is_written_meanwhile_is_kept_and_searches_go_on(tmp_path: Path) -> None:
    held = HeldOptimiser()
    index = EdgeDense(tmp_path / "dense", SIZE, batch=500, optimiser=held)
    await index.upsert(points(0, MANY - 10))
    running = asyncio.ensure_future(index.optimise())
    async with asyncio.timeout(30):
        await held.begun.wait()
    await index.upsert(points(MANY - 10, MANY))
    await index.upsert([point(1, ALL[2])])
    await index.delete([chunk_id(7), chunk_id(MANY - 1)])
    await index.upsert([point(7, ALL[7])])
    await index.delete([chunk_id(8)])
    assert (await index.search(ALL[MANY - 2], 1))[0].chunk_id == chunk_id(MANY - 2)
    assert await index.optimise() is False, "one at a time"
    held.go_on.set()
    assert await running is True
    expected = {chunk_id(n) for n in range(MANY)} - {chunk_id(8), chunk_id(MANY - 1)}
    assert await index.ids() == expected
    assert {hit.chunk_id for hit in await index.search(ALL[2], 2)} == {chunk_id(1), chunk_id(2)}
    await index.close()
    again = EdgeDense(tmp_path / "dense", SIZE)
    assert await again.ids() == expected
    await again.close()


async def test_deleted_points_are_dropped_from_the_files_even_after_a_restart(index: EdgeDense, tmp_path: Path) -> None:
    await index.upsert(points())
    assert await index.optimise() is True
    await index.delete([chunk_id(11)])
    await index.close()
    again = EdgeDense(tmp_path / "dense", SIZE)
    assert await again.optimise() is True
    assert await again.ids() == {chunk_id(n) for n in range(MANY)} - {chunk_id(11)}
    assert await again.optimise() is False
    await again.close()
    needle = (ALL[11] / np.linalg.norm(ALL[11])).astype(np.float32).tobytes()[:64]
    files = [path for path in (tmp_path / "dense").rglob("*") if path.is_file()]
    assert not any(needle in path.read_bytes() for path in files)
    kept = ALL[12].tobytes()[:16]
    assert any(kept in path.read_bytes() for path in files), "the look itself must be able to find a vector"


@pytest.mark.parametrize("script", ["raise SystemExit('No space left on device')", "import os; os.kill(os.getpid(), 9)"])
async def test_a_failing_child_leaves_the_live_index(tmp_path: Path, script: str) -> None:
    index = EdgeDense(tmp_path / "dense", SIZE, batch=500, optimiser=Optimiser((sys.executable, "-c", script)))
    await index.upsert(points())
    with pytest.raises(StorageError, match="kept"):
        await index.optimise()
    await index.upsert([point(MANY, ALL[0])])
    assert len(await index.ids()) == MANY + 1
    assert len(shards(tmp_path / "dense")) == 1
    await index.close()


async def test_a_full_disk_while_copying_leaves_the_live_index(
    index: EdgeDense, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await index.upsert(points())

    def full(live: Path, spare: Path) -> None:
        (spare / "segments").mkdir(parents=True)
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(edge_dense, "_copy", full)
        with pytest.raises(StorageError, match="disk is full"):
            await index.optimise()
    assert len(shards(tmp_path / "dense")) == 1
    assert len(await index.ids()) == MANY
    assert await index.optimise() is True


async def test_closing_stops_the_child(tmp_path: Path) -> None:
    waits_for_ever = (sys.executable, "-c", "import time\nwhile True: time.sleep(60)")
    index = EdgeDense(tmp_path / "dense", SIZE, batch=500, optimiser=Optimiser(waits_for_ever))
    await index.upsert(points())
    running = asyncio.ensure_future(index.optimise())
    async with asyncio.timeout(30):
        while len(shards(tmp_path / "dense")) < 2:
            await asyncio.sleep(0)
        await index.close()
        assert await running is False
    again = EdgeDense(tmp_path / "dense", SIZE)
    assert len(await again.ids()) == MANY
    assert len(shards(tmp_path / "dense")) == 1
    await again.close()


async def test_cancelling_stops_the_child_and_keeps_the_index(tmp_path: Path) -> None:
    held = HeldOptimiser()
    held._command = (sys.executable, "-c", "import time\nwhile True: time.sleep(60)")
    index = EdgeDense(tmp_path / "dense", SIZE, batch=500, optimiser=held)
    await index.upsert(points())
    running = asyncio.ensure_future(index.optimise())
    async with asyncio.timeout(30):
        await held.begun.wait()
        held.go_on.set()
        while held._process is None:
            await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert len(await index.ids()) == MANY
    assert len(shards(tmp_path / "dense")) == 1
    await index.close()


class Crash(BaseException):
    """Stands for the process dying at this point."""


def dying(*_: object, **__: object) -> object:
    raise Crash


def _die_before_child(patched: pytest.MonkeyPatch, index: EdgeDense) -> None:
    patched.setattr(index._optimiser, "run", dying)


def _die_before_replay(patched: pytest.MonkeyPatch, index: EdgeDense) -> None:
    patched.setattr(index, "_replayed", dying)


def _die_before_pointer(patched: pytest.MonkeyPatch, index: EdgeDense) -> None:
    patched.setattr(EdgeFolder, "point_at", dying)


def _die_before_rename(patched: pytest.MonkeyPatch, index: EdgeDense) -> None:
    patched.setattr(Path, "replace", dying)


def _die_after_pointer(patched: pytest.MonkeyPatch, index: EdgeDense) -> None:
    patched.setattr(index, "_clean", dying)


DEATHS = [_die_before_child, _die_before_replay, _die_before_pointer, _die_before_rename, _die_after_pointer]


@pytest.mark.parametrize("die", DEATHS)
async def test_a_crash_at_any_step_leaves_one_good_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, die: Callable[[pytest.MonkeyPatch, EdgeDense], None]
) -> None:
    folder = tmp_path / "dense"
    index = EdgeDense(folder, SIZE, batch=500)
    await index.upsert(points())
    await index.commit()
    with monkeypatch.context() as patched:
        die(patched, index)
        # What a dead process cannot do: tidy up after itself.
        patched.setattr(index, "_tidy", lambda: None)
        with pytest.raises(Crash):
            await index.optimise()
        await index.close()
    again = EdgeDense(folder, SIZE)
    assert await again.ids() == {chunk_id(n) for n in range(MANY)}
    assert (await again.search(ALL[5], 1))[0].chunk_id == chunk_id(5)
    assert len(shards(folder)) == 1, "leftovers are gone"
    await again.optimise()
    assert len(await again.ids()) == MANY
    await again.close()


async def test_the_engine_threshold_is_where_we_think(index: EdgeDense) -> None:
    assert MANY * SIZE * 4 / 1024 > edge_shard.INDEXING_KB


@pytest.mark.parametrize(
    ("before", "after", "doomed"),
    [
        ((0, 0), (0, 5), (0, 5)),
        ((0, 0), (0, 10), (0, 5)),
        ((0, MANY - 5), (MANY - 5, MANY), (MANY - 5, MANY)),
        ((0, MANY - 5), (MANY - 5, MANY), (0, MANY - 5)),
        ((0, MANY - 5), (MANY - 5, MANY), (0, 1)),
        ((0, MANY), (0, 0), (0, MANY)),
    ],
)
async def test_no_byte_of_a_deleted_point_is_left(
    tmp_path: Path, index: EdgeDense, before: tuple[int, int], after: tuple[int, int], doomed: tuple[int, int]
) -> None:
    gone = range(*doomed)
    await index.upsert([named(n, n in gone) for n in range(*before)])
    await index.optimise()
    await index.upsert([named(n, n in gone) for n in range(*after)])
    await index.commit()
    held = await index.ids()
    await index.delete([chunk_id(n) for n in gone])
    await index.optimise()
    assert await index.ids() == held - {chunk_id(n) for n in gone}
    if left := [n for places in (before, after) for n in range(*places) if n not in gone]:
        probe = left[-1]
        assert (await index.search(ALL[probe], 1))[0].chunk_id == chunk_id(probe)
    await index.commit()
    vector = ALL[gone[0]].tobytes()
    for file in (tmp_path / "dense").rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            assert b"forgottenpath" not in data, file
            assert vector not in data, file


def named(n: int, doomed: bool) -> DensePoint:
    return replace(point(n, ALL[n]), path=f"/r/{'forgottenpath' if doomed else 'kept'}/{n}")
