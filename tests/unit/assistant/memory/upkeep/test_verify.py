"""Verification notices every way in which the stores can disagree, and nothing that is merely under way."""

from collections.abc import Callable

import pytest

from assistant.domain.document import SourceState
from tests.fakes.memory import Room


async def filled(**more: object) -> Room:
    room = Room(**more)  # type: ignore[arg-type]
    room.files.write("/r/a.txt", "otter\n\nheron")
    room.files.write("/r/b.txt", "badger\n\nfalcon")
    await room.add("/r")
    return room


def first(room: Room) -> str:
    return min(room.records.chunks)


def lose_row(room: Room) -> None:
    del room.sparse.rows[first(room)]


def stray_row(room: Room) -> None:
    room.sparse.rows["mi_stray"] = room.sparse.rows[first(room)]


def lose_vector(room: Room) -> None:
    del room.dense.points[first(room)]


def stray_vector(room: Room) -> None:
    room.dense.points["mi_stray"] = room.dense.points[first(room)]


def lose_record(room: Room) -> None:
    del room.records.chunks[first(room)]


def lose_source(room: Room) -> None:
    del room.records.sources[room.records.chunks[first(room)].source_id]


def swap_owner(room: Room) -> None:
    """One source lacks a chunk and another has one too many: the sums still agree."""
    chunk = room.records.chunks[first(room)]
    other = next(key for key in room.records.sources if key != chunk.source_id)
    room.records.chunks[chunk.id] = chunk.model_copy(update={"source_id": other})


def damage(room: Room) -> None:
    room.records.complaints.append("page 7 is torn")


def leave_open(room: Room) -> None:
    from dataclasses import replace

    room.journal.entries[-1] = replace(room.journal.entries[-1], done=False)


def hollow(room: Room) -> None:
    for source in room.records.sources.values():
        room.records.sources[source.id] = source.model_copy(update={"chunks": 0})
    room.records.chunks.clear()
    room.sparse.rows.clear()
    room.dense.points.clear()


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lose_row, "text rows for records: expected 4, found 3"),
        (stray_row, "text rows without a record: expected 0, found 1"),
        (lose_vector, "vectors for records: expected 4, found 3"),
        (stray_vector, "vectors without a record: expected 0, found 1"),
        (lose_record, "sources with another number of chunks: expected 0, found 1. /r/"),
        (lose_source, "chunks without a source: expected 0, found 2"),
        (swap_owner, "sources with another number of chunks: expected 0, found 2"),
        (damage, "database integrity: expected 0, found 1. page 7 is torn"),
        (leave_open, "journal entries left open: expected 0, found 1"),
        (hollow, "empty sources called ready: expected 0, found 2"),
    ],
)
async def test_every_disagreement_is_named(spoil: Callable[[Room], None], named: str) -> None:
    room = await filled()
    assert (await room.memory.verify()).ok
    spoil(room)
    report = await room.memory.verify()
    assert not report.ok
    assert any(line.startswith(named) for line in report.disagreements), report.disagreements


@pytest.mark.parametrize("spoil", [lose_row, stray_row, lose_vector, stray_vector, lose_record, lose_source, leave_open, hollow])
async def test_a_restart_repairs_it_from_the_records_and_the_files(spoil: Callable[[Room], None]) -> None:
    room = await filled()
    calm = room.held()
    spoil(room)
    await room.recover()
    assert (await room.memory.verify()).disagreements == ()
    await room.add("/r")
    assert room.held() == calm


async def test_what_is_under_way_is_no_disagreement() -> None:
    room = await filled()
    room.files.write("/r/c.txt", "newt")
    queued = await room.memory.enqueue(["/r"])
    assert (await room.memory.verify()).ok
    prepared = await room.memory.read(queued.sources[0])
    assert prepared is not None
    await room.memory.write_text([prepared])
    assert (await room.memory.verify()).ok


async def test_no_vectors_are_missed_where_none_are_due() -> None:
    room = await filled(model=False)
    assert (await room.memory.verify()).ok
    room = await filled(languages=["ru"])
    assert room.dense.points == {}
    assert (await room.memory.verify()).ok


async def test_offline_sources_are_counted_too() -> None:
    room = await filled()
    room.files.unplugged.add("/r")
    await room.memory.enqueue(["/r"])
    lose_vector(room)
    assert not (await room.memory.verify()).ok
    await room.recover()
    assert (await room.memory.verify()).ok
    assert {source.state for source in room.records.sources.values()} == {SourceState.OFFLINE}
