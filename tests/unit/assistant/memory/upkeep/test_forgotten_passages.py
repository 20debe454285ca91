"""A forgotten passage leaves its file's memory and stays out, through kills, moves, restored records and until it is named."""

import contextlib

import pytest

from assistant.domain.document import SourceState
from assistant.domain.errors import NotRememberedError
from tests.fakes.memory import Fuse, Power, Room

TREASURE = "the treasure lies under the third lamp beside the well and nobody knows"
DAY = "the ships arrive in the harbour with salt every single tuesday morning"
TEXT = f"{TREASURE}\n\n{DAY}"


@pytest.fixture
async def room() -> Room:
    made = Room()
    made.files.write("/r/notes.txt", TEXT)
    made.files.write("/r/other.txt", DAY)
    await made.add("/r")
    return made


def passage(room: Room, words: str) -> list[str]:
    return [chunk.id for chunk in room.records.chunks.values() if words in chunk.text]


def held(room: Room) -> str:
    return f"{room.held()} {room.sparse.waiting} {room.tombstones.held}"


async def forgotten(room: Room) -> None:
    report, touched = await room.memory.forget_passages(passage(room, "treasure"))
    assert report.proved, report.remains
    await room.work(touched)


async def test_a_passage_goes_and_its_neighbours_stay_with_their_vectors(room: Room) -> None:
    await forgotten(room)
    assert "treasure" not in held(room)
    assert (await room.memory.verify()).ok
    assert (await room.memory.prove([])).proved
    assert "/r/other.txt" in await room.found("ships harbour")


async def test_it_stays_out_when_its_file_is_read_again_and_comes_back_by_name_alone(room: Room) -> None:
    await forgotten(room)
    room.files.write("/r/notes.txt", f"A new beginning.\n\n{TREASURE.upper()}\n\n{DAY} or friday")
    await room.add("/r")
    assert "treasure" not in held(room).lower()
    assert "/r/notes.txt" in await room.found("beginning")
    await room.add("/r/notes.txt")
    assert "/r/notes.txt" in await room.found("treasure")
    assert (await room.memory.prove([])).proved


async def test_a_file_of_which_nothing_is_left_is_no_failure(room: Room) -> None:
    room.files.write("/r/only.txt", TREASURE)
    await room.add("/r")
    await forgotten(room)
    room.files.write("/r/only.txt", f"{TREASURE} ")
    await room.add("/r")
    source = (await room.memory.sources("/r/only.txt"))[0]
    assert (source.state, source.chunks) == (SourceState.READY, 0)
    assert source.reason == "you had all of its passages forgotten"


async def test_rules_follow_a_file_that_is_moved(room: Room) -> None:
    await forgotten(room)
    room.files.remove("/r/notes.txt")
    room.files.write("/r/moved.txt", TEXT)
    await room.notice("/r", "/r/notes.txt", "/r/moved.txt")
    room.files.write("/r/moved.txt", f"{TEXT} and more")
    await room.notice("/r", "/r/moved.txt")
    assert "treasure" not in held(room)


async def test_what_changed_since_it_was_shown_is_not_erased(room: Room) -> None:
    with pytest.raises(NotRememberedError):
        await room.memory.passages.sources_of([*passage(room, "treasure"), "mi_gone"])
    assert "treasure" in held(room)


@pytest.mark.parametrize("calls", range(1, 24))
async def test_killed_at_any_moment_it_is_whole_or_gone(room: Room, calls: int) -> None:
    ids = passage(room, "treasure")
    fuse = Fuse(calls)
    room.restart(fuse)
    with contextlib.suppress(Power):
        await room.memory.forget_passages(ids)
    scrubbed = room.records.scrubbed
    killed = any(stone.kind == "open" for stone in room.tombstones.held.values())
    await room.recover()
    assert not any(stone.kind == "open" for stone in room.tombstones.held.values())
    assert room.records.scrubbed > scrubbed or not killed, "what a kill left on the disk is wiped at the next start"
    assert (await room.memory.verify()).ok
    ruled = any(stone.kind == "words" for stone in room.tombstones.held.values())
    assert ("treasure" in held(room)) != ruled


async def test_records_put_back_from_a_backup_do_not_bring_it_back(room: Room) -> None:
    before = dict(room.records.chunks)
    await forgotten(room)
    graves = await room.memory.passages.graves()
    room.records.chunks = before
    room.tombstones.held = {}
    await room.memory.renewed(set(), graves)
    assert "treasure" not in str(room.records.chunks)
