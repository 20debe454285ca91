"""Following roots over fakes: from a notice to memory, through failures, pauses, drives and Git operations."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from assistant.config.schema import Watch
from assistant.domain.errors import StorageError
from assistant.domain.events import ChangesNoticed, RootChanged, SourceChanged, Warned
from assistant.orchestrator import watching as module
from assistant.orchestrator.watching import Watching
from assistant.ports.system import Following
from tests.fakes.desk import DEADLINE_S, Desk, at_work
from tests.fakes.memory import Room
from tests.fakes.watch import FakeWatch

R, A, B = "/r", "/r/a.txt", "/r/sub/b.txt"


class House:
    """A watching at work."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.room, self.watch = desk, desk.room, FakeWatch()
        machine = (desk.supervisor, desk.events, desk.room.clock, desk.ids)
        settings = Watch(quiet_ms=0, check_seconds=0.01, scan_seconds=0.01, rescan_minutes=1000)
        self.watching = Watching(desk.room.memory, desk.room.walker, desk.scheduler, self.watch, settings, machine)

    async def begin(self) -> None:
        """Start, and wait until the first look at everything is over."""
        self.watching.start()
        await self.until(lambda: bool(self.watch.followed))
        await self.desk.turns()
        await self.desk.settled()

    async def until(self, holds: Callable[[], bool] | Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while True:
                found = holds()
                if found if isinstance(found, bool) else await found:
                    return
                await asyncio.sleep(0.002)

    async def until_held(self, path: str, words: str) -> None:
        """Wait until the text of a path can be found by these words."""
        await self.until(lambda: words in self.text(path))

    def text(self, path: str) -> str:
        return " ".join(
            row.body for row in self.room.sparse.rows.values() if self.room.records.sources[row.source_id].path == path
        )

    async def until_states(self, *states: str) -> None:
        async def hold() -> bool:
            return set((await self.room.states()).values()) == set(states)

        await self.until(hold)


@asynccontextmanager
async def watched(room: Room) -> AsyncGenerator[House]:
    async with at_work(room) as desk:
        house = House(desk)
        try:
            yield house
        finally:
            await house.watching.stop()
            assert house.watch.closed


@pytest.fixture
async def room() -> Room:
    made = Room()
    made.files.write(A, "the otter swims")
    made.files.write(B, "the badger digs")
    await made.add(R)
    return made


@pytest.fixture
async def house(room: Room) -> AsyncGenerator[House]:
    async with watched(room) as made:
        await made.begin()
        yield made


async def test_what_changed_while_mneme_was_closed_is_found_at_the_start(room: Room) -> None:
    room.files.write(A, "the otter sleeps")
    room.files.write("/r/new.txt", "the newt hides")
    room.files.remove(B)
    async with watched(room) as house:
        await house.begin()
        await house.until_held("/r/new.txt", "newt")
        await house.until_held(A, "sleeps")
        await house.until(lambda: house.text(B) == "")


async def test_a_change_is_searchable_after_its_notice_and_told_once(house: House) -> None:
    house.room.files.write(A, "the otter sleeps")
    house.room.files.write("/r/new.txt", "the newt hides")
    house.room.files.remove(B)
    house.watch.tell(A, "/r/new.txt", B)
    await house.until_held(A, "sleeps")
    await house.until_held("/r/new.txt", "newt")
    (told,) = house.desk.told(ChangesNoticed)
    assert (told.roots, told.changed, told.moved, told.removed, told.offline) == ((R,), 2, 0, 1, 0)


async def test_a_rename_costs_no_embedding(house: House) -> None:
    files, embedder = house.room.files, house.room.embedder
    assert embedder is not None
    embedder.calls.clear()
    house.room.reader.reads.clear()
    files.texts["/r/c.txt"], files.times["/r/c.txt"] = files.texts.pop(A), files.times.pop(A)
    house.watch.tell(A, "/r/c.txt")
    await house.until_held("/r/c.txt", "otter")
    await house.desk.settled()
    assert (embedder.calls, house.room.reader.reads) == ([], [])
    assert sorted(await house.room.states()) == ["/r/c.txt", B]
    assert (await house.room.memory.verify()).ok


async def test_a_pause_holds_reading_not_noticing(house: House) -> None:
    house.desk.scheduler.pause(True)
    house.room.files.write(A, "the otter sleeps")
    house.watch.tell(A)
    await house.until(lambda: bool(house.desk.told(ChangesNoticed)))
    assert (await house.room.states())[A] == "queued"
    house.desk.scheduler.pause(False)
    await house.until_held(A, "sleeps")


async def test_a_file_that_goes_while_it_is_read_leaves_nothing(house: House) -> None:
    gate = house.desk.hold(A)
    house.room.files.write(A, "the otter sleeps")
    house.watch.tell(A)
    await gate.reached.wait()
    house.room.files.remove(A)
    house.watch.tell(A)
    await house.until(lambda: any(event.removed for event in house.desk.told(ChangesNoticed)))
    gate.open()
    await house.desk.settled()
    assert sorted(await house.room.states()) == [B]
    assert (await house.room.memory.verify()).ok


async def test_a_drive_that_goes_turns_offline_and_comes_back_by_itself(house: House) -> None:
    before = house.room.held()
    house.room.files.unplugged.add(R)
    await house.until_states("offline")
    house.room.reader.reads.clear()
    house.room.files.unplugged.clear()
    await house.until_states("ready")
    assert house.room.reader.reads == []
    await house.desk.settled()
    after = house.room.held()
    assert [after[name] for name in ("sources", "chunks", "vectors")] == [
        before[name] for name in ("sources", "chunks", "vectors")
    ]
    assert [(event.path, event.online) for event in house.desk.told(RootChanged)] == [(R, False), (R, True)]
    house.room.files.write(A, "the otter sleeps")
    house.watch.tell(A)
    await house.until_held(A, "sleeps")


async def test_lost_notices_lose_no_change(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_S", 0.01)
    house.room.files.write(A, "the otter sleeps")
    house.watch.fail()
    await house.until_held(A, "sleeps")


async def test_a_full_disk_is_told_and_what_was_noticed_comes_later(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_S", 0.01)
    plain, refusals = house.room.sources.put, [StorageError("The disk is full.")]

    async def put(sources: object) -> None:
        if refusals:
            raise refusals.pop()
        await plain(sources)  # type: ignore[arg-type]

    monkeypatch.setattr(house.room.sources, "put", put)
    house.room.files.write(A, "the otter sleeps")
    house.watch.tell(A)
    await house.until_held(A, "sleeps")
    assert any("disk is full" in event.text for event in house.desk.told(Warned))


async def test_a_drive_without_notices_is_scanned(room: Room) -> None:
    async with watched(room) as house:
        house.watch.scanned[R] = Following(False, "it is on a network drive (nfs4)")
        await house.begin()
        room.files.write(A, "the otter sleeps")
        await house.until_held(A, "sleeps")
        (root,) = await house.watching.roots()
        assert (root.by, root.reason) == ("scans", "it is on a network drive (nfs4)")
        assert house.desk.told(Warned) == []


async def test_too_many_folders_are_scanned_and_told_with_the_remedy(room: Room) -> None:
    async with watched(room) as house:
        house.watch.scanned[R] = Following(False, "the system takes no more watches", full=True)
        await house.begin()
        (warned,) = house.desk.told(Warned)
        assert "max_user_watches" in warned.text
        room.files.write(A, "the otter sleeps")
        await house.until_held(A, "sleeps")
        assert len(house.desk.told(Warned)) == 1


async def test_a_git_operation_is_waited_for(house: House) -> None:
    house.room.files.write("/r/.git/index.lock", "")
    house.room.files.skips["/r/.git"] = ("ignored", "ignored folder: .git")
    house.room.files.write(A, "the otter sleeps")
    house.watch.tell("/r/.git/index.lock", A)
    await house.desk.turns(500)
    assert "sleeps" not in house.text(A)
    house.room.files.remove("/r/.git/index.lock")
    house.watch.tell("/r/.git/index.lock")
    await house.until_held(A, "sleeps")


async def test_a_changed_gitignore_is_asked_about_its_whole_folder(house: House) -> None:
    house.room.files.skips[B] = ("ignored", "ignored by .gitignore: b.txt")
    house.room.walker.sought.clear()
    house.watch.tell("/r/sub/.gitignore")
    await house.until(lambda: house.text(B) == "")
    assert ("/r/sub",) in house.room.walker.sought


async def test_what_is_left_out_as_before_is_neither_told_again_nor_holds_anybody_up(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.files.skips["/r/big.bin"] = ("binary", "binary file (.bin)")
    room.files.write("/r/big.bin", "x")
    await room.add(R)
    quieted: list[set[str]] = []
    async with watched(room) as house:
        plain = house.desk.scheduler.quiet

        def quiet(source_ids: set[str]) -> AbstractAsyncContextManager[None]:
            quieted.append(source_ids)
            return plain(source_ids)

        monkeypatch.setattr(house.desk.scheduler, "quiet", quiet)
        await house.begin()
        room.files.write(A, "the otter sleeps")
        house.watch.tell(R)
        await house.until_held(A, "sleeps")
        assert (quieted, [one.path for one in house.desk.told(SourceChanged) if one.state == "excluded"]) == ([], [])
        room.files.skips[B] = ("ignored", "ignored by your settings: b.txt")
        house.watch.tell(R)
        await house.until(lambda: house.text(B) == "")
        assert [one.path for one in house.desk.told(SourceChanged) if one.state == "excluded"] == [B]
        assert [told.changed for told in house.desk.told(ChangesNoticed)] == [1]


async def test_what_is_out_of_reach_before_its_vectors_were_computed_gets_them_from_its_text(house: House) -> None:
    house.desk.embedding.shut()
    house.room.files.write(A, "the otter sleeps")
    house.watch.tell(A)
    await house.until_held(A, "sleeps")
    async with asyncio.timeout(DEADLINE_S):
        await house.desk.embedding.reached.wait()
    house.room.files.unplugged.add(R)
    await house.until_states("offline")
    house.desk.embedding.open()
    await house.desk.settled()
    assert set((await house.room.states()).values()) == {"offline"}
    assert (await house.room.memory.verify()).ok


async def test_roots_are_followed_as_a_person_says(house: House) -> None:
    await house.watching.unwatch(R)
    await house.until(lambda: house.watch.followed[-1] == ())
    house.room.files.write(A, "the otter sleeps")
    house.room.files.write("/s/x.txt", "the stoat")
    await house.desk.add("/s")
    house.watching.refresh()
    await house.until(lambda: house.watch.followed[-1] == ("/s",))
    assert "sleeps" not in house.text(A)
    await house.watching.watch(R)
    await house.until_held(A, "sleeps")
    assert [(root.path, root.watched, root.by) for root in await house.watching.roots()] == [
        (R, True, "notices"),
        ("/s", True, "notices"),
    ]
    await house.desk.forget(R)
    house.watching.refresh()
    await house.until(lambda: house.watch.followed[-1] == ("/s",))
