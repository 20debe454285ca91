"""After a start: what was cut short goes on where it stopped, and what is whole is left alone."""

import pytest

from assistant.domain.document import SourceState
from tests.fakes.memory import Fuse, Power, Room


@pytest.fixture
async def room() -> Room:
    made = Room()
    made.files.write("/r/a.txt", "otter\n\nheron")
    made.files.write("/r/b.txt", "badger")
    await made.add("/r")
    return made


async def test_a_whole_memory_has_nothing_to_do(room: Room) -> None:
    before = room.held()
    room.restart()
    assert await room.memory.replay() == []
    assert room.held() == before


async def test_what_was_queued_or_searchable_goes_on(room: Room) -> None:
    room.files.write("/r/c.txt", "newt")
    room.files.write("/r/d.txt", "magpie")
    queued = await room.memory.enqueue(["/r"])
    prepared = await room.memory.read(queued.sources[0])
    assert prepared is not None
    await room.memory.write_text([prepared])
    room.restart()
    todo = await room.memory.replay()
    assert {source.path: source.state.value for source in todo} == {"/r/c.txt": "searchable", "/r/d.txt": "queued"}
    await room.work(todo)
    assert set((await room.states()).values()) == {"ready"}


async def test_interrupted_embedding_continues_with_what_the_cache_holds(room: Room) -> None:
    room.files.write("/r/c.txt", "newt")
    fuse = Fuse()
    room.restart(fuse)
    todo = (await room.memory.enqueue(["/r"])).sources
    fuse.at = len(fuse.calls) + 14  # somewhere between text and vectors
    with pytest.raises(Power):
        await room.work(todo)
    assert room.embedder is not None
    await room.recover()
    assert sum(room.embedder.calls) <= 4
    assert set((await room.states()).values()) == {"ready"}


async def test_interrupted_forgetting_is_finished(room: Room) -> None:
    fuse = Fuse()
    room.restart(fuse)
    fuse.at = 6
    room.journal.now = room.clock.now()
    with pytest.raises(Power):
        await room.memory.forget("/r/a.txt")
    room.restart()
    await room.memory.replay()
    assert await room.states() == {"/r/b.txt": "ready"}
    assert room.journal.entries[-1].done
    assert "/r/a.txt" not in str(room.journal.entries)


async def test_what_was_added_again_after_an_interrupted_forgetting_stays(room: Room) -> None:
    room.journal.now = room.clock.now()
    room.restart(Fuse(4))
    with pytest.raises(Power):
        await room.memory.forget("/r/b.txt")
    room.restart()
    room.files.touch("/r/b.txt")
    await room.add("/r")
    await room.recover()
    assert (await room.states())["/r/b.txt"] == "ready"
    assert await room.journal.pending() == []
    assert (await room.memory.verify()).ok


async def test_what_was_being_written_to_is_tried_again(room: Room) -> None:
    await room.memory.mark(await room.memory.source("/r/a.txt"), SourceState.NEEDS_UPDATE, "it kept changing")
    await room.recover()
    assert (await room.memory.source("/r/a.txt")).state is SourceState.READY
