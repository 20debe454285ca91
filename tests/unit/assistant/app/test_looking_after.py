"""Care by the clock: when automatic backups are made and space is given back, whatever the clock does. Nobody sleeps."""

import asyncio
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.app.aside import ASIDE
from assistant.app.environment import environment
from assistant.app.keeping import FIRST_LOOK_S, LOOK_S, Keeper
from assistant.config.schema import Upkeep
from assistant.domain.errors import StorageError
from assistant.domain.upkeep import Backup
from tests.fakes.memory import Room
from tests.fakes.stores import FakeNotes

HOUR = 3600.0


class Copies:
    """Backups in a list, dated by the clock of the room."""

    def __init__(self, now: Any) -> None:
        self.now = now
        self.held: list[Backup] = []
        self.made = 0
        self.full = False

    async def create(self, target: str = "") -> Backup:
        if self.full:
            raise StorageError("The disk is full.")
        self.made += 1
        copy = Backup(path=f"/b/{self.made}", at=self.now(), bytes=10, sources=1, chunks=1, automatic=True)
        self.held.insert(0, copy)
        return copy

    async def kept(self) -> list[Backup]:
        return list(self.held)

    async def drop(self, keep: int, most_bytes: int) -> int:
        gone = self.held[keep:]
        del self.held[keep:]
        return sum(copy.bytes for copy in gone)


class Still:
    """A scheduler with nothing to do."""

    async def settled(self) -> None: ...

    @asynccontextmanager
    async def quiet(self, held: Collection[str]) -> AsyncGenerator[None]:
        yield


class Care:
    """A keeper whose loop is driven by looks: each sleep moves the clock on by as much, and may set it to another time."""

    def __init__(self, place: Path, **settings: Any) -> None:
        self.room = Room()
        self.copies = Copies(self.room.clock.now)
        self.notes = FakeNotes()
        self.places = environment({"MNEME_HOME": str(place)}).places
        self.places.memory.mkdir(parents=True)
        chosen = Upkeep(**{"disk_budget_mb": 64, "backups_keep": 3, "backup_hours": 24.0, **settings})
        around: Any = (self.room.memory, Still(), None, self.copies, chosen, self.places, self.room.clock, self.notes, self._none)
        self.keeper = Keeper(*around)
        self.slept: list[float] = []

    async def _none(self) -> list[str]:
        return []

    async def look(self, times: int) -> None:
        """Let the loop look so often, then end it."""

        async def sleep(seconds: float) -> None:
            if len(self.slept) >= times:
                raise asyncio.CancelledError
            self.slept.append(seconds)
            self.room.clock.pass_days(seconds / 86400)

        self.slept = []
        with pytest.raises(asyncio.CancelledError):
            await self.keeper.look_after(sleep)

    @property
    def collected(self) -> datetime:
        return datetime.fromisoformat(self.notes.facts["collected"])


@pytest.fixture
async def care(tmp_path: Path) -> Care:
    made = Care(tmp_path)
    made.room.files.write("/r/a.txt", "otter")
    await made.room.add("/r")
    return made


async def test_the_first_look_comes_after_a_minute_and_makes_the_first_backup(care: Care) -> None:
    await care.look(1)
    assert care.slept == [FIRST_LOOK_S]
    assert care.copies.made == 1


async def test_backups_are_made_every_so_many_hours_and_the_oldest_go(care: Care) -> None:
    await care.look(int(24 * HOUR / LOOK_S))
    assert care.copies.made == 1
    await care.look(int(4 * 24 * HOUR / LOOK_S) + 1)
    assert care.copies.made == 5
    assert [copy.path for copy in care.copies.held] == ["/b/5", "/b/4", "/b/3"]


async def test_nothing_is_copied_while_nothing_is_remembered_or_none_are_wanted(tmp_path: Path) -> None:
    empty = Care(tmp_path / "empty")
    await empty.look(3)
    assert empty.copies.made == 0
    assert "collected" not in empty.notes.facts
    none = Care(tmp_path / "none", backups_keep=0)
    none.room.files.write("/r/a.txt", "otter")
    await none.room.add("/r")
    await none.look(3)
    assert none.copies.made == 0


async def test_a_clock_that_jumps_back_or_ahead_delays_no_backup(care: Care) -> None:
    await care.look(1)
    care.room.clock.pass_days(400)  # a wrong year
    await care.look(1)
    assert care.copies.made == 2
    care.room.clock.pass_days(-400)  # set right again: the copy from the future does not count
    await care.look(1)
    assert care.copies.made == 3 or 0 <= (care.room.clock.now() - care.copies.held[-1].at).total_seconds() < 24 * HOUR
    care.room.clock.pass_days(-3)
    await care.look(1)
    assert care.copies.made >= 3


async def test_space_is_given_back_once_a_day_and_whenever_it_is_too_much(care: Care) -> None:
    await care.look(2)
    first = care.collected
    await care.look(2)
    assert care.collected == first
    aside = care.places.memory / f"text{ASIDE}20200101-000000"
    aside.mkdir()
    (aside / "torn").write_bytes(bytes(65 * 1024 * 1024))
    await care.look(1)
    assert care.collected > first
    assert not aside.exists()
    second = care.collected
    care.room.clock.pass_days(1)
    await care.look(1)
    assert care.collected > second
    third = care.collected
    care.room.clock.pass_days(-30)  # a note from the future does not put it off for a month
    await care.look(1)
    assert care.collected < third


async def test_a_full_disk_is_tried_again_at_the_next_look(care: Care) -> None:
    care.copies.full = True
    await care.look(2)
    assert care.copies.made == 0
    care.copies.full = False
    await care.look(1)
    assert care.copies.made == 1


async def test_cached_vectors_of_models_that_are_gone_go(care: Care) -> None:
    room = care.room
    (vector, *_) = room.cache.vectors.values()
    ((_, digest), *_) = room.cache.vectors
    await room.cache.put("gone@1", {digest: vector})
    await room.cache.put("kept@1", {digest: vector})
    room.memory.spaces.beside["kept@1"] = room.dense  # type: ignore[assignment]
    assert (await care.keeper.collect()).vectors == 1
    assert {model for model, _ in room.cache.vectors} == {"kept@1", room.memory.model}
