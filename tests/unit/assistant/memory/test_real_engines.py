"""The memory over the real database, text index and vector index: whole across restarts, and forgetting on disk."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from assistant.adapters.store.edge_dense import EdgeDense
from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_journal import SqliteJournal, SqliteVectorCache
from assistant.adapters.store.sqlite_records import SqliteChunks, SqliteSources
from assistant.adapters.store.tantivy_sparse import TantivySparse
from assistant.domain.memory import RecallQuery, Signals
from tests.fakes.memory import Fuse, Power, Room

SECRET = "plumbago quicksilver treasure under the third lamp"


@asynccontextmanager
async def opened(folder: Path, like: Room | None = None) -> AsyncGenerator[Room]:
    """A room whose stores are the real ones in `folder`; `like` lends its files."""
    room = Room()
    if like is not None:
        room.files, room.walker, room.reader = like.files, like.walker, like.reader
    database, sparse = Database(folder / "records.db"), TantivySparse(folder / "text")
    dense = EdgeDense(folder / "vectors", 64, 100, "fake@1")
    room.records, room.cache = database, SqliteVectorCache(database)  # type: ignore[assignment]
    room.sources, room.chunks = SqliteSources(database), SqliteChunks(database)  # type: ignore[assignment]
    room.journal, room.sparse, room.dense = SqliteJournal(database, room.clock), sparse, dense  # type: ignore[assignment]
    room.restart()
    try:
        yield room
    finally:
        await dense.close()
        await sparse.close()
        await database.close()


def write(room: Room) -> None:
    room.files.write("/r/secret/map.txt", SECRET + "\n\nsecond page of it")
    room.files.write("/r/day.txt", "the lamp burns")
    room.files.write("/r/src/lamp.py", "def light(): return 'lamp'")


async def test_what_is_remembered_is_there_after_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path) as room:
        write(room)
        await room.add("/r")
    async with opened(tmp_path, room) as again:
        assert await again.memory.replay() == []
        assert (await again.memory.verify()).disagreements == ()
        assert (await again.found("quicksilver"))[0] == "/r/secret/map.txt"
        assert (await again.memory.enqueue(["/r"])).unchanged == 3
        plain = {h.cite.path: h.score for h in (await again.memory.recall(RecallQuery(text="lamp"))).items}
        hinted = RecallQuery(text="lamp", signals=Signals(file_hints=("*.py",)))
        lifted = {h.cite.path: h.score for h in (await again.memory.recall(hinted)).items}
        assert lifted["/r/src/lamp.py"] > plain["/r/src/lamp.py"] + 0.02


async def test_forgetting_leaves_nothing_on_disk(tmp_path: Path) -> None:
    async with opened(tmp_path) as room:
        write(room)
        await room.add("/r")
        report = await room.memory.forget("/r/secret")
        assert report.proved, report.remains
        assert (await room.memory.verify()).disagreements == ()
        assert "/r/secret/map.txt" not in await room.found("plumbago quicksilver treasure")
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    for needle in (b"plumbago", b"quicksilver", b"secret/map"):
        assert not [path for path in left if needle in path.read_bytes()]


@pytest.mark.parametrize("at", [8, 14, 19, 23])
async def test_a_crash_while_a_file_changes_is_repaired(tmp_path: Path, at: int) -> None:
    async with opened(tmp_path) as room:
        write(room)
        await room.add("/r")
        room.files.write("/r/day.txt", "the sun shines")
        room.restart(Fuse(at))
        with pytest.raises(Power):
            await room.add("/r")
    async with opened(tmp_path, room) as again:
        await again.recover()
        await again.add("/r")
        assert (await again.memory.verify()).disagreements == ()
        assert set((await again.states()).values()) == {"ready"}
        assert (await again.found("sun shines"))[0] == "/r/day.txt"
        assert len(await again.chunks.ids()) == 4
