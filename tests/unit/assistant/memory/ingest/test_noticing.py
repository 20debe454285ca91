"""What changes on disk do to memory once they are noticed: moves, deletions, drives that go and come, what was forgotten."""

import pytest

from assistant.domain.document import SourceState
from assistant.domain.errors import NotRememberedError
from assistant.memory.ingest.departures import HELD
from tests.fakes.memory import Room

R = "/r"
A, B, C = "/r/a.txt", "/r/sub/b.txt", "/r/sub/deep/c.txt"


@pytest.fixture
async def room() -> Room:
    made = Room()
    made.files.write(A, "the otter swims\n\nthe heron waits")
    made.files.write(B, "the badger digs")
    made.files.write(C, "the falcon dives")
    await made.add(R)
    return still(made)


def still(room: Room) -> Room:
    room.reader.reads.clear()
    assert room.embedder is not None
    room.embedder.calls.clear()
    return room


def rename(room: Room, old: str, new: str) -> None:
    room.files.texts[new] = room.files.texts.pop(old)
    room.files.times[new] = room.files.times.pop(old)


def holding(room: Room, words: str) -> list[str]:
    """Return the paths whose text rows hold these words."""
    return sorted({room.records.sources[row.source_id].path for row in room.sparse.rows.values() if words in row.body})


async def fresh(room: Room, *roots: str) -> Room:
    """Index the same files anew."""
    other = Room()
    other.files.texts, other.files.times = dict(room.files.texts), dict(room.files.times)
    other.files.skips = dict(room.files.skips)
    await other.add(*roots)
    return other


async def same(room: Room, *roots: str) -> None:
    """Hold the memory equal to one that never saw anything but the present files."""
    mine, other = room.held(), (await fresh(room, *roots)).held()
    for name in ("sources", "chunks", "rows", "vectors", "cached", "open"):
        assert mine[name] == other[name], name


async def test_a_move_costs_no_reading_and_no_embedding_and_leaves_no_ghost(room: Room) -> None:
    rename(room, A, "/r/sub/moved.txt")
    await room.notice(R, A, "/r/sub/moved.txt")
    assert room.embedder is not None
    assert (room.reader.reads, room.embedder.calls) == ([], [])
    assert holding(room, "otter") == ["/r/sub/moved.txt"]
    await same(room, R)


async def test_a_folder_moves_with_all_it_holds(room: Room) -> None:
    for path in (B, C):
        rename(room, path, path.replace("/sub/", "/other/"))
    await room.notice(R, "/r/sub", "/r/other")
    assert room.embedder is not None
    assert (room.reader.reads, room.embedder.calls) == ([], [])
    await same(room, R)


async def test_two_files_that_change_places_are_neither_read_nor_embedded(room: Room) -> None:
    room.files.write(B, "the bodger digs")
    await room.notice(R, B)
    still(room)
    room.files.write(C, "the falcon runs")
    await room.notice(R, C)
    still(room)
    rename(room, B, "/tmp")
    rename(room, C, B)
    rename(room, "/tmp", C)
    room.files.times[B], room.files.times[C] = room.files.times[C] + 5, room.files.times[B] + 5
    await room.notice(R, B, C)
    assert room.embedder is not None
    assert (room.reader.reads, room.embedder.calls) == ([], [])
    await same(room, R)


async def test_a_name_may_change_in_case_alone(room: Room) -> None:
    rename(room, A, "/r/A.txt")
    await room.notice(R, A, "/r/A.txt")
    assert room.reader.reads == []
    await same(room, R)


async def test_a_move_between_two_roots(room: Room) -> None:
    room.files.write("/other/x.txt", "the newt hides")
    await room.add("/other")
    still(room)
    rename(room, A, "/other/a.txt")
    await room.notice_all({R: [A], "/other": ["/other/a.txt"]})
    assert room.reader.reads == []
    assert (await room.memory.source("/other/a.txt")).root == "/other"
    await same(room, R, "/other")


async def test_a_copy_stays_a_copy_and_is_not_embedded(room: Room) -> None:
    room.files.write("/r/copy.txt", room.files.texts[A])
    await room.notice(R, "/r/copy.txt")
    assert room.embedder is not None
    assert room.embedder.calls == []
    assert sorted(await room.states()) == [A, "/r/copy.txt", B, C]
    await same(room, R)


async def test_a_file_read_in_another_way_under_its_new_name_is_read_again(room: Room) -> None:
    rename(room, A, "/r/a.py")
    await room.notice(R, A, "/r/a.py")
    assert room.reader.reads == ["/r/a.py"]
    assert (await room.memory.source("/r/a.py")).modality == "code"
    await same(room, R)


async def test_only_what_changed_is_looked_at(room: Room) -> None:
    room.files.write(B, "the badger sleeps")
    room.walker.sought.clear()
    await room.notice(R, B)
    assert room.walker.sought == [(B,)]
    assert room.reader.reads == [B]
    await same(room, R)


async def test_a_touched_file_is_hashed_and_no_more(room: Room) -> None:
    for path in (A, B, C):
        room.files.touch(path)
    await room.notice(R, A, B, C)
    assert room.embedder is not None
    assert (room.reader.reads, room.embedder.calls) == ([], [])
    await same(room, R)


async def test_an_unplugged_root_deletes_nothing_and_comes_back_without_being_hashed(room: Room) -> None:
    before = room.held()
    room.files.unplugged.add(R)
    await room.notice(R, R)
    assert set((await room.states()).values()) == {"offline"}
    assert room.held()["chunks"] == before["chunks"]
    room.files.unplugged.clear()
    room.walker.digested.clear()
    await room.notice(R, R)
    assert room.embedder is not None
    assert (room.walker.digested, room.reader.reads, room.embedder.calls) == ([], [], [])
    assert room.held() == before


async def test_a_change_that_was_not_read_before_the_drive_went_is_read_when_it_is_back(room: Room) -> None:
    room.files.write(A, "the otter sleeps")
    await room.memory.enqueue([R])
    room.files.unplugged.add(R)
    await room.notice(R, R)
    room.files.unplugged.clear()
    await room.notice(R, R)
    await same(room, R)


async def test_a_suddenly_empty_root_is_offline(room: Room) -> None:
    texts, room.files.texts = room.files.texts, {}
    await room.notice(R, *texts)
    assert set((await room.states()).values()) == {"offline"}
    room.files.texts = texts
    await room.notice(R, R)
    await same(room, R)


async def test_what_stands_in_the_place_of_a_drive_is_not_taken_for_it(room: Room) -> None:
    await room.memory.noticing.stand(R)
    texts, room.files.texts = room.files.texts, {}
    room.files.device = "another"
    room.files.write("/r/lost+found.txt", "nothing of it")
    await room.notice(R, R)
    assert [source.path for source in await room.sources.find(states=[SourceState.OFFLINE])] == [A, B, C]
    room.files.texts, room.files.device = texts, "ssd"
    await room.notice(R, R)
    await same(room, R)


async def test_a_drive_under_a_new_number_is_the_same_drive_when_its_files_are_there(room: Room) -> None:
    await room.memory.noticing.stand(R)
    room.files.device = "renumbered"
    room.files.remove(B)
    await room.notice(R, R)
    await same(room, R)


async def test_most_of_many_files_gone_at_once_are_held_until_they_return_or_are_forgotten(room: Room) -> None:
    for number in range(30):
        room.files.write(f"/r/many/{number:02}.txt", f"word{number} stands alone")
    await room.notice(R, "/r/many")
    texts = dict(room.files.texts)
    for number in range(30):
        room.files.remove(f"/r/many/{number:02}.txt")
    await room.notice(R, "/r/many")
    offline = await room.sources.find(states=[SourceState.OFFLINE])
    assert (len(offline), {source.reason for source in offline}) == (30, {HELD})
    assert holding(room, "word7") == ["/r/many/07.txt"]
    await room.notice(R, R)
    room.files.remove(A)
    await room.notice(R, R)  # a later look does not take them for files deleted one by one
    assert len(await room.sources.find(states=[SourceState.OFFLINE])) == 30
    room.files.texts = {path: text for path, text in texts.items() if path != A}
    still(room)
    await room.notice(R, R)
    assert room.reader.reads == []
    await same(room, R)


async def test_a_few_deleted_files_are_gone_at_once(room: Room) -> None:
    room.files.remove(B)
    room.files.remove(C)
    await room.notice(R, "/r/sub")
    assert holding(room, "badger") == holding(room, "falcon") == []
    await same(room, R)


async def test_what_a_person_forgot_is_not_brought_back_by_watching(room: Room) -> None:
    await room.memory.forget(A)
    await room.memory.forget("/r/sub/deep")
    room.files.write(A, "the otter returns")
    room.files.write("/r/sub/deep/new.txt", "the newt is new")
    await room.notice(R, R, A, "/r/sub/deep/new.txt")
    assert sorted(await room.states()) == [B]
    await room.add(A)  # until a person names it again
    room.files.write(A, "the otter changes")
    await room.notice(R, A)
    assert holding(room, "otter") == [A]
    assert sorted(await room.states()) == [A, B]


async def test_what_is_forgotten_between_the_look_and_the_taking_stays_forgotten(room: Room) -> None:
    room.files.write(A, "the otter sleeps")
    seen = await room.memory.noticing.look({R: [A]})
    await room.memory.forget(A)
    assert await room.memory.noticing.take(seen) == []
    assert sorted(await room.states()) == [B, C]
    room.files.write("/s/x.txt", "lone")
    await room.add("/s")
    room.files.write("/s/y.txt", "new")
    seen = await room.memory.noticing.look({"/s": ["/s/y.txt"]})
    await room.memory.forget("/s")
    assert await room.memory.noticing.take(seen) == []


async def test_a_root_that_is_not_watched_is_not_looked_at(room: Room) -> None:
    root = await room.memory.noticing.watch(R, False)
    assert not root.watched
    room.files.write(A, "the otter sleeps")
    await room.notice(R, R)
    assert holding(room, "otter swims") == [A]
    assert room.reader.reads == []
    assert (await room.memory.noticing.watch(B, True)).path == R
    await room.notice(R, R)
    await same(room, R)
    with pytest.raises(NotRememberedError, match="part of /r"):
        await room.memory.noticing.watch(B, False)
    with pytest.raises(NotRememberedError):
        await room.memory.noticing.watch("/nowhere", True)


async def test_a_root_inside_another_is_its_own_affair(room: Room) -> None:
    room.files.write("/r/x/y.txt", "the yak grazes")
    await room.memory.forget(R)
    await room.add("/r/x")
    await room.add(R)
    await room.memory.noticing.watch("/r/x", False)
    room.files.write("/r/x/y.txt", "the yak sleeps")
    room.files.write("/r/x/z.txt", "the zebra")
    await room.notice_all({R: [R, "/r/x/y.txt"], "/r/x": ["/r/x/y.txt"]})
    assert "/r/x/z.txt" not in await room.states()
    assert (await room.memory.source("/r/x/y.txt")).state is SourceState.READY


async def test_what_a_rule_now_leaves_out_leaves_memory(room: Room) -> None:
    room.files.skips["/r/sub"] = ("ignored", "ignored by .gitignore: sub/")
    await room.notice(R, R)
    assert holding(room, "badger") == holding(room, "falcon") == []
    assert (await room.memory.source(B)).state is SourceState.EXCLUDED
