"""Verification notices every way in which the stores can disagree, and nothing that is merely under way."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

from assistant.domain.document import SourceState
from tests.fakes.memory import Room
from tests.fakes.stores import FakeDense


class Beside(FakeDense):
    """The vectors of a space that does not answer."""

    async def open(self) -> None: ...

    async def reset(self) -> None:
        self.points.clear()


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


def edit_text(room: Room) -> None:
    room.records.chunks[first(room)] = room.records.chunks[first(room)].model_copy(update={"text": "another word"})


def edit_text_and_digest(room: Room) -> None:
    """Whoever changes the digest along with the text is told by the id, which is made of both."""
    other = {"text": "another word", "digest": sha256(b"another word").hexdigest()}
    room.records.chunks[first(room)] = room.records.chunks[first(room)].model_copy(update=other)


def swap_vectors(room: Room) -> None:
    one, other = sorted(room.dense.points)[:2]
    points = room.dense.points
    points[one], points[other] = (
        replace(points[one], vector=points[other].vector),
        replace(points[other], vector=points[one].vector),
    )


def spoil_cached_vector(room: Room) -> None:
    key = next(iter(room.cache.vectors))
    room.cache.vectors[key] = np.full_like(room.cache.vectors[key], np.nan)


def swap_rows(room: Room) -> None:
    one, other = sorted(room.sparse.rows)[:2]
    rows = room.sparse.rows
    rows[one], rows[other] = replace(rows[one], body=rows[other].body), replace(rows[other], body=rows[one].body)


def unknown_to_the_journal(room: Room) -> None:
    room.journal.entries = [entry for entry in room.journal.entries if entry.path != "/r/a.txt"]


def stray_beside(room: Room) -> None:
    room.memory.spaces.beside["other@1"].points["mi_stray"] = room.dense.points[first(room)]  # type: ignore[attr-defined]


def damage(room: Room) -> None:
    room.records.complaints.append("page 7 is torn")


def tamper_with_audit(room: Room) -> None:
    room.audit.broken = [2, 3]


def leave_open(room: Room) -> None:
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
        (tamper_with_audit, "audit: expected 0, found 0. lines changed or gone: 2, 3"),
        (leave_open, "journal entries left open: expected 0, found 1"),
        (edit_text, "texts by their digests: expected 4, found 3. mi_"),
        (edit_text_and_digest, "texts by their digests: expected 4, found 3. mi_"),
        (swap_vectors, "vectors as they were computed: expected 4, found 2. mi_"),
        (spoil_cached_vector, "vectors as they were computed: expected 4, found 3. mi_"),
        (swap_rows, "chunks found by their words: expected 4, found 2. mi_"),
        (unknown_to_the_journal, "sources the journal does not know: expected 0, found 1. /r/a.txt"),
        (stray_beside, "vectors of other@1 without a record: expected 0, found 1. mi_stray"),
        (hollow, "empty sources called ready: expected 0, found 2"),
    ],
)
async def test_every_disagreement_is_named(spoil: Callable[[Room], None], named: str) -> None:
    room = await filled()
    room.memory.spaces.beside["other@1"] = Beside()
    assert (await room.memory.verify()).ok
    spoil(room)
    report = await room.memory.verify()
    assert not report.ok
    assert any(line.startswith(named) for line in report.disagreements), report.disagreements
    assert room.memory.care.doubtful


STRUCTURE = [lose_row, stray_row, lose_vector, stray_vector, lose_record, lose_source, leave_open, hollow, unknown_to_the_journal]
CONTENTS = [edit_text, edit_text_and_digest, swap_vectors, spoil_cached_vector, swap_rows]


@pytest.mark.parametrize("spoil", STRUCTURE)
async def test_a_restart_repairs_it_from_the_records_and_the_files(spoil: Callable[[Room], None]) -> None:
    room = await filled()
    calm = room.held()
    spoil(room)
    await room.recover()
    assert (await room.memory.verify()).disagreements == ()
    await room.add("/r")
    assert room.held() == calm


@pytest.mark.parametrize("spoil", CONTENTS)
async def test_mending_makes_anew_what_is_not_what_it_was_made_of(spoil: Callable[[Room], None]) -> None:
    room = await filled()
    calm = room.held()
    spoil(room)
    assert await room.memory.care.mend() in (1, 2)
    await room.work(await room.memory.replay())
    assert (await room.memory.verify(full=True)).disagreements == ()
    assert room.held() == calm
    assert await room.memory.care.mend() == 0


async def test_a_space_beside_loses_its_strays_at_the_next_start() -> None:
    room = await filled()
    room.restart()
    room.memory.spaces.beside["other@1"] = Beside()
    stray_beside(room)
    await room.memory.replay()
    assert (await room.memory.verify()).ok


async def test_what_the_journal_calls_forgotten_is_told_and_erased() -> None:
    room = await filled()
    (source,) = await room.sources.find("/r/a.txt")
    await room.journal.finish(await room.journal.begin("forget", [source]))
    report = await room.memory.verify()
    assert any(line.startswith("forgotten sources still here: expected 0, found 1. /r/a.txt") for line in report.disagreements)
    await room.recover()
    assert await room.states() == {"/r/b.txt": "ready"}
    assert (await room.memory.verify()).ok


async def test_it_tells_how_far_it_is() -> None:
    room = await filled()
    heard: list[tuple[int, int]] = []
    await room.memory.verify(full=True, tell=lambda done, total: heard.append((done, total)))
    assert (heard[0], heard[-1]) == ((0, 4), (4, 4))


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


def nudged(room: Room, chunk_id: str, by: float) -> None:
    """Turn the vector of a chunk a little, as a model does that rounds by everything it embeds at once."""
    point = room.dense.points[chunk_id]
    vector = point.vector.copy()
    vector[0] += by * float(np.linalg.norm(vector))
    room.dense.points[chunk_id] = replace(point, vector=vector)


async def test_a_text_that_was_embedded_twice_is_no_damage_and_a_vector_that_nothing_explains_is() -> None:
    room = await filled()
    (twin,) = (chunk.id for chunk in room.records.chunks.values() if chunk.text == "otter")
    nudged(room, twin, 0.15)
    assert not (await room.memory.verify()).ok
    room.files.write("/r/copy.txt", "otter")
    await room.add("/r")
    assert (await room.memory.verify()).ok
    nudged(room, twin, 2.0)
    assert not (await room.memory.verify()).ok
