"""Killed processes and second processes: what was committed is there, and nobody writes into a store another holds."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.adapters.store.edge_dense import EdgeDense
from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_records import SqliteChunks, SqliteSources
from assistant.adapters.store.tantivy_sparse import TantivySparse
from assistant.domain.errors import InUseError
from assistant.ports.stores import SparseQuery
from tests.contract.samples import DIMENSIONS, axis, chunk_id, point, row, source

ROOT = Path(__file__).resolve().parents[5]

HEAD = """
import asyncio, sys
from pathlib import Path
from assistant.adapters.store.edge_dense import EdgeDense
from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_records import SqliteChunks
from assistant.adapters.store.tantivy_sparse import TantivySparse
from tests.contract.samples import DIMENSIONS, chunk, point, row, source
folder = Path(sys.argv[1])
async def main():
{body}
    print("ready", flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""

SPARSE = """
    index = TantivySparse(folder / "sparse")
    await index.upsert([row(n, f"kept word{n}") for n in range(50)])
    await index.commit()
    await index.upsert([row(99, "lost")])
"""

DENSE = """
    index = EdgeDense(folder / "dense", DIMENSIONS)
    await index.upsert([point(n) for n in range(50)])
    await index.commit()
    await index.upsert([point(99)])
"""

RECORDS = """
    database = Database(folder / "records.db")
    await SqliteChunks(database).replace(source("s1"), [chunk(n) for n in range(50)])
    await database._writing.run(lambda: database._writer.rows("BEGIN IMMEDIATE"))
    await database._writing.run(lambda: database._writer.rows("DELETE FROM chunks"))
"""


@contextmanager
def another(body: str, folder: Path) -> Iterator[None]:
    """Another process that has run `body`; killed without warning at the end."""
    script = HEAD.format(body=body)
    command = [sys.executable, "-c", script, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready"
            yield
        finally:
            process.kill()


async def test_committed_words_survive_a_kill_and_its_lock_does_not(tmp_path: Path) -> None:
    with another(SPARSE, tmp_path):
        pass
    index = TantivySparse(tmp_path / "sparse")
    assert await index.ids() == {chunk_id(n) for n in range(50)}
    await index.upsert([row(100, "new")])
    await index.commit()
    assert [hit.chunk_id for hit in await index.search(SparseQuery("new"), 5)] == [chunk_id(100)]
    await index.close()


async def test_a_second_writer_of_words_is_refused_and_may_still_read(tmp_path: Path) -> None:
    index = TantivySparse(tmp_path / "sparse")
    with another(SPARSE, tmp_path):
        with pytest.raises(InUseError):
            await index.upsert([row(100, "new")])
        assert len(await index.ids()) == 50
        await index.close()
    again = TantivySparse(tmp_path / "sparse")
    assert len(await again.ids()) == 50
    await again.close()


async def test_committed_vectors_survive_a_kill(tmp_path: Path) -> None:
    with another(DENSE, tmp_path):
        pass
    index = EdgeDense(tmp_path / "dense", DIMENSIONS)
    assert await index.ids() >= {chunk_id(n) for n in range(50)}
    assert (await index.search(axis(3), 1))[0].score == pytest.approx(1.0, abs=1e-5)
    await index.upsert([point(100)])
    await index.close()


async def test_a_second_process_with_the_vectors_is_refused(tmp_path: Path) -> None:
    index = EdgeDense(tmp_path / "dense", DIMENSIONS)
    with another(DENSE, tmp_path):
        for _ in range(2):
            with pytest.raises(InUseError):
                await index.upsert([point(100)])
        with pytest.raises(InUseError):
            await index.reset()
    await index.upsert([point(100)])
    assert len(await index.ids()) >= 51
    await index.close()


async def test_an_unfinished_transaction_of_a_killed_process_never_happened(tmp_path: Path) -> None:
    with another(RECORDS, tmp_path):
        pass
    database = Database(tmp_path / "records.db")
    assert len(await SqliteChunks(database).ids()) == 50
    assert await database.check() == []
    await database.close()


async def test_a_database_locked_for_too_long_is_in_use_and_can_still_be_read(tmp_path: Path) -> None:
    database = Database(tmp_path / "records.db", busy_seconds=0.1)
    await database.open()
    with another(RECORDS, tmp_path):
        with pytest.raises(InUseError):
            await SqliteSources(database).put([source("s2")])
        assert len(await SqliteChunks(database).ids()) == 50
    await SqliteSources(database).put([source("s2")])
    await database.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there the child ends when the engine next lets a thread run")
def test_the_optimising_child_dies_with_its_parent() -> None:
    child = "import time; from assistant.adapters.store import edge_optimise as e; e.end_with_parent(); print('up', flush=True)"
    parent = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {child + '; time.sleep(100)'!r}], stdin=-1).wait()"
    with subprocess.Popen([sys.executable, "-c", parent], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "up"
        process.kill()
        # The pipe ends when the last process that holds it has ended; the test's own deadline stands behind this.
        assert process.stdout.read() == ""
