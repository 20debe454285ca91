"""A disk too full for the vectors: the memory opens, finds by words, forgets and collects; vectors follow when there is room."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.adapters.store import failures
from assistant.adapters.store.edge_dense import ROOM, ROOM_AGAIN
from assistant.api.contract import Assistant
from assistant.api.views import RecallQuery
from assistant.app import keeping, reserve, returning
from assistant.app.aside import ASIDE
from assistant.app.bootstrap import running
from assistant.app.environment import Environment, environment
from assistant.app.reserve import SIZE, room_kept
from assistant.domain.document import SourceState
from tests.fixtures.quick_model import lend_quick

DEADLINE_S = 60.0
ASKED = RecallQuery(text="paid leave of a keeper", k=3)


class Disk:
    """How much the parts that look are told is free."""

    def __init__(self) -> None:
        self.free = 1 << 40

    def disk_usage(self, _place: object) -> SimpleNamespace:
        return SimpleNamespace(free=self.free)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    made = Disk()
    for module in (failures, keeping, reserve):
        monkeypatch.setattr(module.shutil, "disk_usage", made.disk_usage)
    monkeypatch.setattr(returning, "FIRST_S", 0.01)
    monkeypatch.setattr(returning, "MOST_S", 0.05)
    return made


@pytest.fixture
def env(tmp_path: Path, model_dir: Path) -> Environment:
    home = tmp_path / "home"
    lend_quick(home, model_dir)
    return environment({"MNEME_HOME": str(home)})


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    place = tmp_path.resolve() / "papers"
    place.mkdir()
    (place / "leave.md").write_text("# Leave\n\nEvery keeper gets 26 days of paid leave per year.\n", "utf-8")
    (place / "oil.md").write_text("# Oil\n\nThe lamp takes a litre of oil per night.\n", "utf-8")
    return place


async def rested(assistant: Assistant) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while (now := await assistant.progress()).active or now.repairing:
            await asyncio.sleep(0.01)


async def states(assistant: Assistant) -> dict[str, SourceState]:
    return {Path(one.path).name: one.state for one in (await assistant.status()).sources}


async def whole(assistant: Assistant) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while (await assistant.progress()).away or set((await states(assistant)).values()) != {SourceState.READY}:
            await asyncio.sleep(0.01)
    await rested(assistant)
    report = await assistant.verify(full=True)
    assert report.ok, report.disagreements


async def test_a_memory_opens_without_room_for_vectors_and_fills_them_in_when_there_is(
    env: Environment, papers: Path, disk: Disk
) -> None:
    disk.free = ROOM - 1
    async with running(env) as assistant:
        await assistant.ingest([str(papers)], "cli")
        await rested(assistant)
        assert set((await states(assistant)).values()) == {SourceState.SEARCHABLE}
        found = await assistant.recall(ASKED)
        assert found.items, "by words"
        assert any("disk is full" in note for note in found.notes)
        assert any(check.name == "vectors" for check in (await assistant.doctor()).checks)
        disk.free = ROOM  # enough to open, not to go on: it would come and go
        assert (await assistant.progress()).away
        disk.free = ROOM_AGAIN
        await whole(assistant)


async def test_what_is_forgotten_meanwhile_leaves_the_vectors_when_there_is_room(
    env: Environment, papers: Path, disk: Disk
) -> None:
    async with running(env) as assistant:
        await assistant.ingest([str(papers)], "cli")
        await whole(assistant)
    disk.free = ROOM - 1
    async with running(env) as assistant:
        report = await assistant.forget(str(papers / "oil.md"), "cli")
        assert (report.proved, report.remains["vectors"], report.remains["records"]) == (False, 1, 0)
        assert any("erased when they can be had again" in note for note in report.notes)
        assert set(await states(assistant)) == {"leave.md"}
        disk.free = ROOM_AGAIN
        await whole(assistant)
        assert (await assistant.forgetting.prove()).proved


async def test_a_disk_that_fills_up_meanwhile_sends_the_vectors_away(env: Environment, papers: Path, disk: Disk) -> None:
    async with running(env) as assistant:
        await assistant.ingest([str(papers / "oil.md")], "cli")
        await whole(assistant)
        disk.free = ROOM - 1
        await assistant.ingest([str(papers / "leave.md")], "cli")
        await rested(assistant)
        assert await states(assistant) == {"oil.md": SourceState.READY, "leave.md": SourceState.SEARCHABLE}
        assert not (await assistant.forget(str(papers / "oil.md"), "cli")).proved
        disk.free = ROOM_AGAIN
        await whole(assistant)
        assert await states(assistant) == {"leave.md": SourceState.READY}
        assert (await assistant.forgetting.prove()).proved


async def test_on_a_full_disk_collecting_gives_back_all_that_nothing_needs(env: Environment, papers: Path, disk: Disk) -> None:
    async with running(env) as assistant:
        await assistant.ingest([str(papers)], "cli")
        await whole(assistant)
        await assistant.upkeep.backup()
        await assistant.upkeep.backup()
        aside = env.places.memory / f"text{ASIDE}20260101-000000-000000"
        aside.write_bytes(bytes(100_000))
        disk.free = ROOM - 1
        freed = (await assistant.upkeep.collect()).freed
        assert not aside.exists()
        assert freed["set aside"] >= 100_000
        assert freed["backups"] > 0
        assert len(await assistant.upkeep.backups()) == 1, "the newest stays"
        disk.free = ROOM_AGAIN
        await whole(assistant)


async def test_room_is_kept_given_up_and_kept_again(tmp_path: Path, disk: Disk) -> None:
    kept = tmp_path / reserve.FILE
    async with room_kept(tmp_path):
        assert kept.stat().st_size == SIZE
    disk.free = SIZE - 1
    async with room_kept(tmp_path):
        assert not kept.exists()
        disk.free = SIZE
    assert kept.exists(), "what was freed is kept for the next time"
    kept.unlink()
    disk.free = SIZE + 1
    async with room_kept(tmp_path):
        assert not kept.exists(), "a start leaves what little there is to the work"
        disk.free = 0


async def test_a_folder_that_refuses_is_left_as_it_is(tmp_path: Path) -> None:
    async with room_kept(tmp_path / "gone"):
        pass
    assert not (tmp_path / "gone").exists()
