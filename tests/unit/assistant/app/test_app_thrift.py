"""What the process does for its neighbours and for questions while it runs."""

import asyncio
from pathlib import Path

from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_records import SqliteChunks
from assistant.adapters.store.sqlite_traits import OF_A_QUESTION, QUESTIONS, Traits
from assistant.app.thrift import hold_what_ranks
from tests.contract.samples import chunk, chunk_id, source


class Told(Traits):
    """Traits that say when they are held."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.times: asyncio.Queue[None] = asyncio.Queue()

    async def hold(self) -> None:
        await super().hold()
        self.times.put_nowait(None)


async def test_what_ranks_is_held_once_there_are_questions_and_again_when_they_miss_it(tmp_path: Path) -> None:
    database = Database(tmp_path / "records.db")
    traits = Told(database)
    chunks = SqliteChunks(database, traits)
    await chunks.replace(source("s1"), [chunk(1, digest="0" * 64)])
    task = asyncio.create_task(hold_what_ranks(traits))
    for number in (1, 2):
        for _ in range(QUESTIONS * OF_A_QUESTION):
            assert len(await chunks.candidates([chunk_id(number)])) == 1
        await asyncio.wait_for(traits.times.get(), 10)
        assert list(traits.known([chunk_id(number)])) == [chunk_id(number)]
        await chunks.replace(source("s2"), [chunk(2, "s2", digest="1" * 64)])
    task.cancel()
    await asyncio.wait([task])
    await database.close()
