"""Backups, restoring, rebuilding and set-aside files of a real memory: nothing is lost, nothing forgotten comes back."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from assistant.adapters.store.sqlite_audit import SqliteAudit
from assistant.adapters.store.sqlite_database import Database
from assistant.api.contract import Assistant
from assistant.app.aside import ASIDE
from assistant.app.bootstrap import running
from assistant.app.environment import Environment, environment
from assistant.app.keeping import put_back
from assistant.app.lifecycle import SEAL
from assistant.domain.document import Source
from assistant.domain.errors import DamagedError, PolicyDeniedError, StorageError
from assistant.domain.memory import RecallQuery
from assistant.domain.plan import Decision
from assistant.memory.service import Memory
from tests.fixtures.quick_model import lend_quick

DEADLINE_S = 60.0
FACTS = {"leave.md": "Every keeper gets 26 days of paid leave.", "lease.md": "The warehouse lease ends in June."}


@pytest.fixture
def env(tmp_path: Path, model_dir: Path) -> Environment:
    home = tmp_path / "home"
    lend_quick(home, model_dir)
    return environment({"MNEME_HOME": str(home)})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path.resolve() / "papers"
    place.mkdir()
    for name, text in FACTS.items():
        (place / name).write_text(f"# {name}\n\n{text}\n", "utf-8")
    return place


async def rested(assistant: Assistant) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while (now := await assistant.progress()).active or now.repairing:
            await asyncio.sleep(0.01)


@asynccontextmanager
async def filled(env: Environment, folder: Path) -> AsyncGenerator[Assistant]:
    async with running(env) as assistant:
        await assistant.ingest([str(folder)], "cli")
        await rested(assistant)
        yield assistant


async def names(assistant: Assistant) -> list[str]:
    return [Path(source.path).name for source in (await assistant.status()).sources]


async def test_a_backup_put_back_brings_back_what_was_lost_but_not_what_was_forgotten(
    env: Environment, folder: Path, tmp_path: Path
) -> None:
    copy = str(tmp_path / "mine.db")
    async with filled(env, folder) as assistant:
        made = await assistant.upkeep.backup(copy)
        assert (made.sources, made.chunks, made.automatic) == (2, 2, False)
        with pytest.raises(StorageError, match="exists already"):
            await assistant.upkeep.backup(copy)
        await assistant.upkeep.backup()
        assert len(await assistant.upkeep.backups()) == 1
        (folder / "new.md").write_text("# New\n\nWritten after the copy.\n", "utf-8")
        await assistant.ingest([str(folder)], "cli")
        await rested(assistant)
        await assistant.forget(str(folder / "lease.md"), "cli")
        assert await assistant.upkeep.backups() == []
        await assistant.upkeep.restore(copy)
        await rested(assistant)
        assert await names(assistant) == ["leave.md"]
        assert (await assistant.verify()).ok
        assert len(await assistant.upkeep.backups()) == 1  # the state before, should the person regret it
    async with running(env) as assistant:
        assert (await assistant.verify()).ok
        assert "26 days" in (await assistant.ask("How many days of paid leave does a keeper get?", "cli")).answer


async def test_a_damaged_backup_changes_nothing(env: Environment, folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "mine.db"
    async with filled(env, folder) as assistant:
        await assistant.upkeep.backup(str(copy))
        torn = bytearray(copy.read_bytes())
        torn[5000:9000] = bytes(4000)
        copy.write_bytes(torn)
        with pytest.raises(DamagedError):
            await assistant.upkeep.restore(str(copy))
        assert (await assistant.verify()).ok
        assert len(await names(assistant)) == 2


async def test_damaged_records_name_the_newest_backup_which_is_put_back_without_opening_them(
    env: Environment, folder: Path
) -> None:
    async with filled(env, folder) as assistant:
        await assistant.upkeep.backup()
    records = env.places.memory / "records.db"
    records.write_bytes(b"not a database" * 1000)
    with pytest.raises(DamagedError, match="mneme restore"):
        async with running(env):
            pass
    denied = '[[rule]]\nname="n"\ntool="memory.restore"\norigin=["*"]\ndecision="deny"\nreason="not today"\n'
    (env.places.config / "policy.toml").parent.mkdir(parents=True, exist_ok=True)
    (env.places.config / "policy.toml").write_text(denied, "utf-8")
    with pytest.raises(PolicyDeniedError):
        await put_back(env, "")
    assert records.read_bytes().startswith(b"not a database")
    (env.places.config / "policy.toml").unlink()
    await put_back(env, "")
    assert list(env.places.memory.glob(f"records.db{ASIDE}*"))
    database = Database(records)
    (verdict, *_) = await SqliteAudit(database).read()
    await database.close()
    assert (verdict.tool, verdict.origin, verdict.decision) == ("memory.restore", "person", Decision.ALLOW)
    async with running(env) as assistant:
        await rested(assistant)
        assert (await assistant.verify()).ok
        assert len(await names(assistant)) == 2


@pytest.mark.parametrize(("text", "vectors"), [(True, False), (False, True), (True, True)])
async def test_an_index_is_written_anew_without_reading_or_embedding_again(
    env: Environment, folder: Path, text: bool, vectors: bool
) -> None:
    async with filled(env, folder) as assistant:
        for file in folder.iterdir():
            file.unlink()  # nothing is left to read
        assert await assistant.upkeep.rebuild(text=text, vectors=vectors) == 2
        await rested(assistant)
        assert (await assistant.verify()).ok
        assert (await assistant.status()).totals.vectors == 2


async def test_who_has_vectors_written_anew_waits_for_the_text_alone(env: Environment, folder: Path) -> None:
    """Computing them may take hours; how far it is shows as with any other indexing."""
    async with filled(env, folder) as assistant:
        await assistant.pause(True)
        async with asyncio.timeout(DEADLINE_S):
            assert await assistant.upkeep.rebuild(text=False, vectors=True) == 2
        assert (await assistant.progress()).repairing == ("vectors",)
        await assistant.pause(False)
        await rested(assistant)
        assert (await assistant.verify()).ok


async def test_nothing_is_written_while_the_stores_are_held_against_each_other(
    env: Environment, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a reading writes meanwhile would be taken for a leftover of a crash, and removed."""
    kept: list[bool] = []
    plain = Memory.replay

    async def replay(memory: Memory, census: bool = True) -> list[Source]:
        kept.append(memory.writing.locked())
        return await plain(memory, census)

    monkeypatch.setattr(Memory, "replay", replay)
    async with filled(env, folder) as assistant:
        await assistant.upkeep.rebuild(text=True, vectors=False)
    assert kept == [True, True]


async def test_a_clean_end_is_marked_and_a_crash_is_not(env: Environment, folder: Path) -> None:
    seal = env.places.memory / SEAL
    async with filled(env, folder) as assistant:
        assert not seal.exists()
        await assistant.status()
    assert seal.exists()
    async with running(env) as assistant:
        assert not seal.exists()
        assert (await assistant.verify()).ok


async def test_a_text_index_that_lost_its_files_is_filled_again_at_the_next_start(env: Environment, folder: Path) -> None:
    """The engine takes what is left for an empty index, and reports nothing."""
    async with filled(env, folder):
        pass
    (env.places.memory / "text" / "meta.json").unlink()
    async with running(env) as assistant:
        await rested(assistant)
        assert (await assistant.verify()).ok
        found = await assistant.recall(RecallQuery(text="lease"))
        assert [Path(hit.cite.path).name for hit in found.items][:1] == ["lease.md"]


async def test_what_is_out_of_budget_goes_the_oldest_first(env: Environment, folder: Path) -> None:
    small = env.settings.model_copy(update={"upkeep": env.settings.upkeep.model_copy(update={"disk_budget_mb": 0})})
    env = Environment(small, env.places, env.resources)
    aside = env.places.memory / f"text{ASIDE}20200101-000000"
    async with filled(env, folder) as assistant:
        aside.mkdir()
        (aside / "torn").write_bytes(bytes(100_000))
        await assistant.upkeep.backup()
        report = await assistant.upkeep.collect()
        assert not aside.exists()
        assert report.freed["set aside"] >= 100_000
        assert (await assistant.verify()).ok
