"""How a process opens its memory: one holder, the others through it, nothing on the network, nothing for other users."""

import asyncio
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from assistant.app.bootstrap import connect, environment, running
from assistant.app.environment import ROOT, Environment
from assistant.app.remote import RemoteAssistant
from assistant.domain.errors import InUseError, StorageError

DEADLINE_S = 30.0
HOLD = """
import asyncio, sys
from assistant.app.bootstrap import environment, running
async def main():
    async with running(environment()):
        print("open", flush=True)
        await asyncio.to_thread(sys.stdin.read)
asyncio.run(main())
"""


@pytest.fixture
def env(own_home: Path) -> Environment:
    return environment()


async def test_a_second_one_works_through_the_first(env: Environment, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("The warehouse lease ends on 30 June 2027.", "utf-8")
    async with running(env) as first:
        with pytest.raises(InUseError, match="in use"):
            async with running(env):
                pass
        async with connect(env) as second:
            assert isinstance(second, RemoteAssistant)
            await second.ingest([str(note)], "cli")
            facts = first.events()
            async with asyncio.timeout(DEADLINE_S):
                while (await first.progress()).active:
                    await anext(facts)
            assert [source.path for source in (await second.status()).sources] == [str(note)]
            assert (await second.ask("When does the warehouse lease end?", "cli")).citations[0].path == str(note)
            with pytest.raises(InUseError, match="open window"):
                await second.preview((await second.recall(_query())).items[0].cite, "", 100)
    async with connect(env) as alone:
        assert not isinstance(alone, RemoteAssistant)
        assert (await alone.status()).totals.chunks == 1


async def test_another_process_is_refused_and_its_death_frees_the_memory(env: Environment) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        try:
            assert other.stdout is not None
            assert (await asyncio.to_thread(other.stdout.readline)).strip() == "open"
            with pytest.raises(InUseError):
                async with running(env):
                    pass
            async with connect(env) as through:
                assert (await through.status()).totals.sources == 0
                other.kill()
                await asyncio.to_thread(other.wait)
                with pytest.raises(InUseError, match="closed while it worked"):
                    await through.status()
        finally:
            other.kill()
    async with running(env) as mine:
        assert (await mine.verify()).ok


async def test_nobody_else_may_enter_and_nothing_listens_on_the_network(env: Environment) -> None:
    def rooms() -> set[Path]:
        return {Path(unix.laddr).parent for unix in here.net_connections("unix") if str(unix.laddr).endswith("/door")}

    here = psutil.Process()
    before = rooms()
    async with running(env) as assistant:
        await assistant.status()
        (room,) = rooms() - before
        assert stat.S_IMODE(room.stat().st_mode) == 0o700
        assert stat.S_IMODE((env.places.memory / "gateway.json").stat().st_mode) == 0o600
        for process in (here, *here.children(recursive=True)):
            assert process.net_connections("inet") == []
    assert not room.exists()
    assert not (env.places.memory / "gateway.json").exists()


async def test_a_place_that_cannot_be_written_is_named_with_a_remedy(env: Environment) -> None:
    env.places.data.parent.mkdir(parents=True, exist_ok=True)
    env.places.data.write_text("a file where a folder should be", "utf-8")
    with pytest.raises(StorageError, match="MNEME_HOME"):
        async with running(env):
            pass


async def test_without_a_model_text_search_works_and_says_so(env: Environment) -> None:
    async with running(env) as assistant:
        status = await assistant.status()
        assert (status.text_search_only, status.model) == (True, "")
        assert "text search only: no model is installed" in (await assistant.recall(_query())).notes
        assert any(check.name == "text model" and check.state == "warning" for check in (await assistant.doctor()).checks)


def _query() -> object:
    from assistant.api.views import RecallQuery

    return RecallQuery(text="warehouse lease")
