"""A Qdrant server that is down: the memory opens and answers by words, and everything is there when it is back."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant.adapters.store import qdrant_dense
from assistant.api.contract import Assistant
from assistant.api.views import RecallQuery
from assistant.app import returning
from assistant.app.bootstrap import running
from assistant.app.environment import environment
from assistant.domain.document import SourceState
from assistant.domain.errors import UnreachableError
from assistant.domain.events import Warned
from tests.fakes.qdrant import LocalServer

DEADLINE_S = 60.0
ASKED = RecallQuery(text="What does a keeper get per year?", k=3)


class Wire:
    """A server that can be unplugged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.up = False

    def plugged(self, *_: Any) -> "Plugged":
        return Plugged(self)


class Plugged(LocalServer):
    def __init__(self, wire: Wire) -> None:
        super().__init__(str(wire.folder))
        self._wire = wire

    def call(self, work: Any) -> Any:
        if not self._wire.up:
            raise UnreachableError("The Qdrant server box:6333 cannot be reached (refused).", remedy="Check that it runs.")
        return super().call(work)


@pytest.fixture
def wire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wire:
    made = Wire(tmp_path / "server")
    monkeypatch.setattr(qdrant_dense, "QdrantServer", made.plugged)
    monkeypatch.setattr(returning, "FIRST_S", 0.01)
    monkeypatch.setattr(returning, "MOST_S", 0.05)
    return made


@asynccontextmanager
async def mneme(home: Path, models: Path) -> AsyncGenerator[Assistant]:
    (home / "data").mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        (home / "data" / "models").symlink_to(models, target_is_directory=True)
    told = {"MNEME_HOME": str(home), "MNEME_ENGINES__DENSE": "qdrant", "MNEME_QDRANT__URL": "http://127.0.0.1:1"}
    async with running(environment(told)) as assistant:
        yield assistant


async def rested(assistant: Assistant) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while (await assistant.progress()).active:
            await asyncio.sleep(0.01)


async def heard(assistant: Assistant, code: str) -> Warned:
    async with asyncio.timeout(DEADLINE_S):
        async for event in assistant.events():
            if isinstance(event, Warned) and event.code == code:
                return event
    raise AssertionError(code)


async def whole(assistant: Assistant) -> None:
    """Wait until every source is ready and everything agrees."""
    async with asyncio.timeout(DEADLINE_S):
        while not all(one.state is SourceState.READY for one in (await assistant.status()).sources):
            await asyncio.sleep(0.01)
    await rested(assistant)
    report = await assistant.verify()
    assert report.ok, report.disagreements


def written(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")


@pytest.mark.timeout(180)
async def test_a_server_that_is_down_at_the_start_costs_nothing_but_search_by_meaning(
    tmp_path: Path, wire: Wire, models_dir: Path
) -> None:
    home, papers = tmp_path / "home", tmp_path.resolve() / "papers"
    written(papers, "leave.md", "# Leave\n\nEvery keeper gets 26 days of paid leave per year.\n")
    async with mneme(home, models_dir) as assistant:
        warned = await heard(assistant, "unreachable")
        assert "box:6333" in warned.text and "Check that it runs" in warned.text
        await assistant.ingest([str(papers)], "cli")
        await rested(assistant)
        (source,) = (await assistant.status()).sources
        assert source.state is SourceState.SEARCHABLE
        found = await assistant.recall(ASKED)
        assert found.items, "by words"
        assert any("box:6333" in note for note in found.notes)
        assert "box:6333" in (await assistant.progress()).away
        doctor = await assistant.doctor()
        assert doctor.ok
        assert any(check.name == "vector server" and check.state == "warning" for check in doctor.checks)
        back = asyncio.ensure_future(heard(assistant, "reachable"))
        await asyncio.sleep(0)
        wire.up = True
        await back
        await whole(assistant)
        assert not (await assistant.progress()).away
        assert not any("box:6333" in note for note in (await assistant.recall(ASKED)).notes)


@pytest.mark.timeout(180)
async def test_one_that_goes_away_and_comes_back_holds_what_the_records_say(tmp_path: Path, wire: Wire, models_dir: Path) -> None:
    home, papers = tmp_path / "home", tmp_path.resolve() / "papers"
    written(papers, "leave.md", "# Leave\n\nEvery keeper gets 26 days of paid leave per year.\n")
    written(papers, "oil.md", "# Oil\n\nThe lamp takes a litre of oil per night.\n")
    wire.up = True
    async with mneme(home, models_dir) as assistant:
        await assistant.ingest([str(papers)], "cli")
        await whole(assistant)
        wire.up = False
        away = asyncio.ensure_future(heard(assistant, "unreachable"))
        await asyncio.sleep(0)
        assert (await assistant.recall(ASKED)).items
        await away
        forgotten = await assistant.forget(str(papers / "oil.md"), "cli")
        assert (forgotten.proved, forgotten.remains["vectors"]) == (False, 1), "nobody can prove it yet"
        written(papers, "rope.md", "# Rope\n\nEvery keeper gets a new rope per year.\n")
        await assistant.ingest([str(papers / "rope.md")], "cli")
        await rested(assistant)
    async with mneme(home, models_dir) as assistant:  # closed and opened again while it is away
        await heard(assistant, "unreachable")
        wire.up = True
        await whole(assistant)
        assert {Path(one.path).name for one in (await assistant.status()).sources} == {"leave.md", "rope.md"}
        assert (await assistant.status()).totals.vectors == 2
