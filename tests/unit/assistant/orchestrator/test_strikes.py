"""A hundred files that stop their reader do not hold up the rest, and are read again when a person says so."""

from assistant.domain.document import SourceState
from assistant.domain.errors import ReaderTimeoutError
from assistant.orchestrator.marking import mark_secrets
from assistant.orchestrator.reading import STRIKES
from assistant.orchestrator.scheduler import Priority
from tests.fakes.desk import at_work
from tests.fakes.memory import Room

BAD = [f"/r/{number:03}.bad" for number in range(100)]


async def test_a_kind_of_file_that_stops_reader_after_reader_is_not_tried_any_more_in_this_run() -> None:
    room = Room()
    for path in BAD:
        room.files.write(path, path)
        room.files.unreadable[path] = ReaderTimeoutError("It hung.")
    room.files.write("/r/good.txt", "the lamp burns")
    async with at_work(room) as desk:
        desk.scheduler.submit((await room.memory.enqueue(["/r"])).sources, Priority.DROP)
        await desk.scheduler.settled()
        states = await room.states()
        assert states["/r/good.txt"] == "ready"
        assert {states[path] for path in BAD} == {"failed"}
        tried = sum(path in BAD for path in room.reader.reads)
        assert STRIKES <= tried <= STRIKES + 2 * room.settings.ingest.readers
        assert (await room.memory.enqueue(["/r"])).sources == []
        room.files.unreadable.clear()
        failed = await room.memory.sources("", [SourceState.FAILED])
        desk.scheduler.submit([await room.memory.mark(one, SourceState.QUEUED) for one in failed], Priority.DROP)
        await desk.scheduler.settled()
        assert set((await room.states()).values()) == {"ready"}


async def test_an_old_memory_is_looked_through_once() -> None:
    room = Room()
    room.files.write("/r/keys.txt", 'db_password = "xK9#mQ2vLp7!"')
    await room.add("/r")
    plain = {key: chunk.model_copy(update={"sensitive": ()}) for key, chunk in room.records.chunks.items()}
    room.records.chunks = dict(plain)
    async with at_work(room) as desk:
        await mark_secrets(room.memory, desk.scheduler, desk.notes, exclude=False)
        assert all(chunk.sensitive for chunk in room.records.chunks.values())
        room.records.chunks = dict(plain)
        await mark_secrets(room.memory, desk.scheduler, desk.notes, exclude=False)
        assert room.records.chunks == plain
        await mark_secrets(room.memory, desk.scheduler, desk.notes, exclude=True)
        await desk.scheduler.settled()
        assert "/r/keys.txt" in await room.states()
