"""Forgetting leaves nothing anywhere, and claims proof only where there is nothing left."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.memory import Room

SECRET = "the treasure lies under the third lamp"


@pytest.fixture
async def room() -> Room:
    made = Room()
    made.files.write("/r/secret/map.txt", SECRET)
    made.files.write("/r/day.txt", "the lamp burns")
    await made.add("/r")
    return made


def everything(room: Room) -> str:
    return f"{room.held()} {room.journal.entries} {room.sparse.waiting}"


async def test_nothing_of_it_is_left_in_any_store(room: Room) -> None:
    room.files.write("/r/secret/map.txt", SECRET + " but one")
    await room.add("/r")
    report = await room.memory.forget("/r/secret")
    assert report.proved
    assert (report.path, report.sources, report.chunks) == ("/r/secret", 1, 1)
    assert set(report.remains.values()) == {0}
    assert "treasure" not in everything(room)
    assert "secret" not in everything(room)
    assert len(room.cache.vectors) == len(room.dense.points) == len(room.sparse.rows) == 1
    assert (room.records.scrubbed, room.dense.optimised) == (1, 1)
    assert await room.found("treasure third") == ["/r/day.txt"]
    assert (await room.memory.verify()).ok


@pytest.mark.parametrize("after", ["queued", "read", "searchable"])
async def test_half_remembered_sources_are_forgotten_too(room: Room, after: str) -> None:
    room.files.write("/r/secret/new.txt", "newt")
    source = (await room.memory.enqueue(["/r"])).sources[0]
    if after != "queued":
        prepared = await room.memory.read(source)
        assert prepared is not None
        if after == "searchable":
            await room.memory.write_text([prepared])
    assert (await room.memory.forget("/r/secret")).proved
    assert "newt" not in everything(room)
    assert (await room.memory.verify()).ok


async def test_the_same_content_elsewhere_stays_found_and_is_no_reason_to_doubt(room: Room) -> None:
    room.files.write("/r/copy.txt", SECRET)
    await room.add("/r")
    assert (await room.memory.forget("/r/secret/map.txt")).proved
    assert (await room.found("treasure"))[0] == "/r/copy.txt"
    assert len(room.dense.points) == 2
    assert (await room.memory.verify()).ok
    assert (await room.memory.forget("/r/copy.txt")).proved
    assert "treasure" not in everything(room)


def keep_row(room: Room) -> None:
    async def nothing(_: object) -> None:
        return None

    room.sparse.delete = nothing  # type: ignore[method-assign,assignment]


def keep_vector(room: Room) -> None:
    async def nothing(_: object) -> None:
        return None

    room.dense.delete = nothing  # type: ignore[method-assign,assignment]


def keep_cached(room: Room) -> None:
    async def nothing(_: object) -> None:
        return None

    room.cache.erase = nothing  # type: ignore[method-assign,assignment]


def keep_journal(room: Room) -> None:
    async def nothing(_: object) -> None:
        return None

    room.journal.redact = nothing  # type: ignore[method-assign,assignment]


@pytest.mark.parametrize(
    ("spoil", "store"),
    [(keep_row, "text rows"), (keep_vector, "vectors"), (keep_cached, "cached vectors"), (keep_journal, "journal")],
)
async def test_no_proof_is_claimed_while_a_store_still_holds_something(
    room: Room, spoil: Callable[[Room], None], store: str
) -> None:
    spoil(room)
    report = await room.memory.forget("/r/secret")
    assert not report.proved
    assert report.remains[store] > 0
    assert (report.remains["found by search"] > 0) == (store == "text rows")


async def test_a_root_leaves_with_its_last_source_and_no_other_root_does(room: Room) -> None:
    room.files.write("/q/x.txt", "newt")
    await room.add("/q")
    room.files.skips["/empty/x"] = ("ignored", "a rule")
    room.files.write("/empty/x", "x")
    await room.add("/empty")
    room.files.remove("/empty/x")
    room.files.skips["/empty"] = ("ignored", "a rule")
    await room.memory.enqueue(["/empty"])
    await room.memory.forget("/r/day.txt")
    assert sorted(room.records.roots) == ["/empty", "/q", "/r"]
    await room.memory.forget("/r/secret/map.txt")
    assert sorted(room.records.roots) == ["/empty", "/q"]


async def test_an_empty_root_can_be_forgotten(room: Room) -> None:
    from assistant.domain.document import Root

    await room.sources.set_roots(add=[Root(path="/empty", project="empty", added=room.clock.now())])
    report = await room.memory.forget("/empty")
    assert (report.sources, report.proved, sorted(room.records.roots)) == (0, True, ["/r"])


async def test_text_search_never_finds_an_empty_index_while_forgetting(room: Room) -> None:
    seen: list[int] = []
    commit = room.sparse.commit

    async def watched() -> None:
        await commit()
        seen.append(len(room.sparse.rows))

    room.sparse.commit = watched  # type: ignore[method-assign]
    await room.memory.forget("/r/secret")
    assert min(seen) == 1


@pytest.mark.parametrize("jump", [-3650, 3650])
async def test_a_forgetting_cut_off_is_finished_whatever_the_clock_did(room: Room, jump: int) -> None:
    (source,) = await room.sources.find("/r/secret")
    await room.journal.begin("forget", [source])  # and the lights go out
    entries = room.journal.entries
    entries[-1] = replace(entries[-1], at=source.updated + timedelta(days=jump))
    await room.recover()
    assert await room.states() == {"/r/day.txt": "ready"}
    assert SECRET not in everything(room)
