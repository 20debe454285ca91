"""What the usearch index keeps through crashes, full disks and damage, and how well it finds."""

import asyncio
import json
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.adapters.store import usearch_dense
from assistant.adapters.store.edge_child import Optimiser
from assistant.adapters.store.usearch_dense import UsearchDense
from assistant.adapters.store.usearch_log import Log
from assistant.domain.errors import DamagedError, StorageError
from assistant.ports.stores import DensePoint, Filter, Vector
from tests.contract.samples import DIMENSIONS, axis, chunk_id, point

ROOT = Path(__file__).resolve().parents[5]
SIZE = 64
MANY = 6000


def vectors(count: int, seed: int = 0) -> Vector:
    """Unit vectors around 50 centres, as texts about 50 subjects would lie."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(99).normal(size=(50, SIZE))
    found = centres[rng.integers(0, 50, count)] + rng.normal(size=(count, SIZE)) * 0.7
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


ALL = vectors(MANY)


def points(start: int = 0, stop: int = MANY) -> list[DensePoint]:
    return [point(n, ALL[n], modality="code" if n % 2 else "text", project=f"p{n % 40}") for n in range(start, stop)]


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[UsearchDense]:
    opened = UsearchDense(tmp_path, SIZE, model="m@1")
    yield opened
    await opened.close()


async def small(folder: Path, merged: bool = False) -> Path:
    """Five points, of which one was deleted; returns the live shard."""
    index = UsearchDense(folder, DIMENSIONS, model="m@1")
    await index.upsert([point(n) for n in range(6)])
    await index.delete([chunk_id(5)])
    if merged:
        assert await index.optimise() is True
    await index.close()
    return next(folder.glob("shard-*"))


@pytest.mark.parametrize("graph_from", [1_000_000, 1])
async def test_it_finds_what_an_exact_search_finds(tmp_path: Path, graph_from: int) -> None:
    index = UsearchDense(tmp_path, SIZE, graph_from=graph_from)
    await index.upsert(points())
    await index.delete([chunk_id(n) for n in range(0, 100)])
    assert await index.optimise() is True
    left = np.arange(100, MANY)
    for where, allowed in [
        (Filter(), left),
        (Filter(modality=("code",)), left[left % 2 == 1]),
        (Filter(project="p7"), left[left % 40 == 7]),
    ]:
        recalled: list[float] = []
        for asked in vectors(30, seed=7):
            best = set(allowed[np.argsort(-(ALL[allowed] @ asked))[:20]].tolist())
            hits = await index.search(asked, 20, where)
            assert len(hits) == 20
            recalled.append(len(best & {int(hit.chunk_id[3:], 16) for hit in hits}) / 20)
        assert np.mean(recalled) >= 0.98
    await index.close()


class HeldOptimiser(Optimiser):
    """A child process that waits to be started until the test lets it."""

    def __init__(self) -> None:
        super().__init__(usearch_dense.CHILD)
        self.begun, self.go_on, self._loop = asyncio.Event(), threading.Event(), asyncio.get_running_loop()

    def run(self, shard: Path, dimensions: int, *, erased: bool = False) -> bool | None:
        self._loop.call_soon_threadsafe(self.begun.set)
        assert self.go_on.wait(30)
        return super().run(shard, dimensions, erased=erased)


async def test_what_is_written_while_merging_is_kept_and_searches_go_on(tmp_path: Path) -> None:
    held = HeldOptimiser()
    index = UsearchDense(tmp_path, SIZE, model="m@1", optimiser=held)
    await index.upsert(points(0, MANY - 10))
    await index.delete([chunk_id(3)])
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        running = group.create_task(index.optimise())
        await held.begun.wait()
        await index.upsert(points(MANY - 10, MANY))
        await index.upsert([point(1, ALL[2])])
        await index.delete([chunk_id(7), chunk_id(8)])
        await index.upsert([point(7, ALL[7])])
        assert (await index.search(ALL[MANY - 2], 1))[0].chunk_id == chunk_id(MANY - 2)
        assert await index.optimise() is False, "one at a time"
        held.go_on.set()
    assert running.result() is True
    expected = {chunk_id(n) for n in range(MANY)} - {chunk_id(3), chunk_id(8)}
    assert await index.ids() == expected
    assert {hit.chunk_id for hit in await index.search(ALL[2], 2)} == {chunk_id(1), chunk_id(2)}
    await index.close()
    again = UsearchDense(tmp_path, SIZE, model="m@1")
    assert await again.ids() == expected
    assert len(list(tmp_path.glob("shard-*"))) == 1
    await again.close()


async def test_deleted_vectors_and_names_leave_the_disk(index: UsearchDense, tmp_path: Path) -> None:
    await index.upsert(points(0, 50))
    await index.upsert([point(99, ALL[99], project="a secret project")])
    assert await index.optimise() is False, "so few are not worth it"
    await index.delete([chunk_id(99)])
    assert await index.optimise() is True
    assert await index.optimise() is False
    await index.close()
    held = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    for trace in (b"a secret project", ALL[99].tobytes()[:32], ALL[99].astype(np.float16).tobytes()[:16]):
        assert trace not in held
    assert ALL[7].astype(np.float16).tobytes()[:16] in held


FILES = [(False, name) for name in ("log", "log.json", "base.json")]
FILES += [(True, name) for name in ("log.json", "base.json", "vectors.usearch", "ids.npy", "codes.npy")]


@pytest.mark.parametrize(("merged", "name"), FILES)
@pytest.mark.parametrize("how", ["flip", "cut", "gone", "empty"])
async def test_damage_is_noticed_and_thrown_away_only_when_asked(tmp_path: Path, merged: bool, name: str, how: str) -> None:
    shard = await small(tmp_path, merged)
    file = shard / name
    held = file.read_bytes()
    middle = len(held) // 2
    match how:
        case "flip":
            file.write_bytes(held[:middle] + bytes([held[middle] ^ 0x55]) + held[middle + 1 :])
        case "cut":
            file.write_bytes(held[:middle])
        case "empty":
            file.write_bytes(b"")
        case _:
            file.unlink()
    index = UsearchDense(tmp_path, DIMENSIONS, model="m@1")
    with pytest.raises(DamagedError, match="rebuilt"):
        await index.open()
    assert shard.exists(), "nothing is thrown away unasked"
    await index.reset()
    assert await index.ids() == set()
    await index.close()


@pytest.mark.parametrize("torn", [b"\0", b"\0" * 16, b"\0" * 4096, b"\xff" * 40, b"half a frame of some length"])
async def test_a_torn_end_that_was_never_committed_is_cut_off(tmp_path: Path, torn: bytes) -> None:
    shard = await small(tmp_path)
    with (shard / "log").open("ab") as file:
        file.write(torn)
    for _ in range(2):
        index = UsearchDense(tmp_path, DIMENSIONS, model="m@1")
        assert await index.ids() >= {chunk_id(n) for n in range(5)}
        await index.upsert([point(7)])
        await index.close()
    assert torn not in (shard / "log").read_bytes() or len(torn) < 40


async def test_a_model_of_another_name_is_refused(tmp_path: Path) -> None:
    await small(tmp_path)
    other = UsearchDense(tmp_path, DIMENSIONS, model="m@2")
    with pytest.raises(StorageError, match="m@1"):
        await other.open()
    await other.close()


async def test_a_full_disk_loses_nothing_that_was_written(index: UsearchDense, monkeypatch: pytest.MonkeyPatch) -> None:
    await index.upsert(points(0, 20))
    write = Log.append

    def full(self: Log, head: Any, rows: Any = None) -> None:
        assert self._file is not None
        self._file.seek(self._end)
        self._file.write(b"a frame that ends in the middl")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Log, "append", full)
    with pytest.raises(StorageError, match="full"):
        await index.upsert(points(20, 30))
    with pytest.raises(StorageError, match="full"):
        await index.delete([chunk_id(1)])
    assert len(await index.ids()) == 20
    monkeypatch.setattr(Log, "append", write)
    await index.upsert(points(30, 31))
    await index.commit()
    await index.close()
    again = UsearchDense(index._folder._path, SIZE, model="m@1")
    assert await again.ids() == {chunk_id(n) for n in (*range(20), 30)}
    await again.close()


async def test_a_merge_that_fails_leaves_all_as_it_was(tmp_path: Path) -> None:
    failing = (sys.executable, "-c", "raise SystemExit('No space left on device')")
    index = UsearchDense(tmp_path, SIZE, model="m@1", optimiser=Optimiser(failing))
    await index.upsert(points(0, 20))
    await index.delete([chunk_id(1)])
    with pytest.raises(StorageError, match="No space left"):
        await index.optimise()
    assert len(await index.ids()) == 19
    assert len(list(tmp_path.glob("shard-*"))) == 1
    await index.close()


async def test_closing_stops_a_merge(tmp_path: Path) -> None:
    waiting = (sys.executable, "-c", "import sys; sys.stdin.read()")
    index = UsearchDense(tmp_path, SIZE, model="m@1", optimiser=Optimiser(waiting))
    await index.upsert(points(0, 20))
    await index.delete([chunk_id(1)])
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        running = group.create_task(index.optimise())
        while index._optimiser._process is None:
            await asyncio.sleep(0)
        await index.close()
    assert running.result() is False
    again = UsearchDense(tmp_path, SIZE, model="m@1")
    assert len(await again.ids()) == 19
    await again.close()


WRITER = """
import asyncio, sys
from pathlib import Path
from assistant.adapters.store.usearch_dense import UsearchDense
from tests.contract.samples import DIMENSIONS, axis, chunk_id, point

async def write():
    index = UsearchDense(Path(sys.argv[1]), DIMENSIONS, model="m@1")
    await index.open()
    done = max((int(key[3:], 16) for key in await index.ids()), default=-1) + 1
    while True:
        await index.upsert([point(n, axis(n, 0.5)) for n in range(done, done + 7)])
        done += 7
        if done % 3 == 0:
            await index.delete([chunk_id(done - 5)])
        await index.commit()
        print(done, flush=True)
        if done % 4 == 0:
            await index.optimise()

asyncio.run(write())
"""


async def test_killed_at_any_moment_it_keeps_what_was_committed(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    committed: set[int] = set()
    for _ in range(6):
        command = [sys.executable, "-c", WRITER, str(tmp_path)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout
            told = [int(writer.stdout.readline()) for _ in range(int(rng.integers(1, 30)))]
            writer.send_signal(signal.SIGKILL)
            told += map(int, writer.stdout.read().split())
        committed.update(told)
        index = UsearchDense(tmp_path, DIMENSIONS, model="m@1")
        held = {int(key[3:], 16) for key in await index.ids()}
        assert await index.count() == len(held)
        for done in range(7, max(committed) + 1, 7):
            cut = {done - 5} if done % 3 == 0 else set[int]()
            gone = set(range(done - 7, done)) - held
            # A round that a kill cut short may have kept its points without coming to its deletion.
            assert gone == cut if done in committed else gone <= cut
        for n in sorted(held)[::17]:
            same = [m for m in held if m % DIMENSIONS == n % DIMENSIONS]
            hits = await index.search(axis(n, 0.5), len(same))
            assert {int(hit.chunk_id[3:], 16) for hit in hits} == set(same)
        await index.close()
        assert len(list(tmp_path.glob("shard-*"))) == 1


async def test_the_pointer_to_another_engine_s_files_is_damage(tmp_path: Path) -> None:
    (tmp_path / "shard-1").mkdir()
    (tmp_path / "live.json").write_text(json.dumps({"shard": "shard-1", "dimensions": DIMENSIONS, "model": "m@1"}))
    index = UsearchDense(tmp_path, DIMENSIONS, model="m@1")
    with pytest.raises(DamagedError):
        await index.open()
    await index.close()
