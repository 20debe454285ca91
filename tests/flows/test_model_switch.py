"""The model is changed while questions are asked: killed half-way, resumed, judged, switched, rolled back, forgotten in both."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from assistant.api.contract import Assistant
from assistant.api.views import SourceState
from assistant.app.bootstrap import running
from assistant.app.environment import Environment
from assistant.domain.errors import ModelError
from tests.flows.cli import LIMIT_S, ROOT
from tests.flows.two_models import DIMENSIONS, NEW, OLD, QUESTION, resources, two_models

FILES = 30


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return resources(tmp_path / "resources")


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """Files on leave, and many others; one of them in a language that neither model knows."""
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "leave.md").write_text("# Leave\n\nEvery keeper gets 26 days of paid leave per year.\n", "utf-8")
    (folder / "насос.md").write_text("# Насос\n\nНасос стоит у скважины и качает воду.\n", "utf-8")
    for number in range(FILES):
        (folder / f"note{number}.md").write_text(f"# Note {number}\n\nThe red cat number {number} sat on a mat.\n", "utf-8")
    return folder.resolve()


async def remember(assistant: Assistant, *paths: Path) -> None:
    await assistant.ingest([str(path) for path in paths], "cli")
    await rested(assistant)


async def rested(assistant: Assistant) -> None:
    events = assistant.events()
    async with asyncio.timeout(LIMIT_S):
        while (await assistant.progress()).active:
            await anext(events)


async def state(assistant: Assistant, model_id: str) -> str:
    return next((one.state for one in await assistant.spaces.all() if one.model_id == model_id), "")


async def asked(assistant: Assistant) -> None:
    """Ask; the answer is there and right, whatever goes on behind it."""
    answer = await assistant.ask(QUESTION, "cli")
    assert not answer.abstained
    assert "26 days" in answer.answer


async def asked_until(assistant: Assistant, model_id: str, wanted: str) -> None:
    async with asyncio.timeout(LIMIT_S):
        while await state(assistant, model_id) != wanted:
            await asked(assistant)


@pytest.fixture
async def env(tmp_path: Path, place: Path, papers: Path) -> AsyncGenerator[Environment]:
    """A memory of the papers, with the old model in use and the new one installed."""
    found = two_models(tmp_path / "home", place)
    async with running(found) as assistant:
        for model_id in DIMENSIONS:
            await assistant.install_model(model_id, False, str(place / "weights" / model_id))
    async with running(found) as assistant:
        await remember(assistant, papers)
        assert (await assistant.status()).model == f"{OLD}@r1"
    yield found


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
async def test_killed_half_way_it_resumes_switches_and_goes_back(
    env: Environment, tmp_path: Path, place: Path, papers: Path
) -> None:
    command = [sys.executable, "-m", "tests.flows.two_models", str(tmp_path / "home"), str(place)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert child.stdout is not None
    said = [line for line in iter(child.stdout.readline, "half\n") if line]
    os.killpg(child.pid, signal.SIGKILL)
    said += child.communicate(timeout=LIMIT_S)[0].splitlines(keepends=True)
    assert set(said) <= {"answered\n"}

    async with running(env) as assistant:
        assert await state(assistant, NEW) in ("building", "active")  # it went on by itself
        sources = (await assistant.status()).sources
        assert {source.state for source in sources} == {SourceState.READY}
        await remember(assistant, _written(papers / "late.md", "The late heron came while the model changed."))
        await asked_until(assistant, NEW, "active")
        assert (await assistant.status()).model == f"{NEW}@r1"
        assert await state(assistant, OLD) == "kept"
        await rested(assistant)
        assert (await assistant.verify()).disagreements == ()
        compared = {one.model_id: one for one in (await assistant.spaces.compare()).spaces}
        assert compared[NEW].figures["golden.recall@20"] == compared[OLD].figures["golden.recall@20"] == 1.0
        assert compared[NEW].done == compared[NEW].total > FILES
        with pytest.raises(ModelError, match="in use"):
            await assistant.remove_model(NEW)
        with pytest.raises(ModelError, match="in use"):
            await assistant.remove_model(OLD)

    async with running(env) as assistant:  # another start, the settings still name the old model
        assert (await assistant.status()).model == f"{NEW}@r1"
        await remember(assistant, _written(papers / "newest.md", "The newest badger only knows the new model."))
        assert (await assistant.spaces.rollback()).model_id == OLD
        await asked(assistant)
        await rested(assistant)
        assert (await assistant.status()).model == f"{OLD}@r1"
        assert (await assistant.verify()).disagreements == ()
        report = await assistant.forget(str(papers / "newest.md"), "cli")
        assert (report.proved, report.chunks, report.remains["vectors"]) == (True, 1, 0)
        assert (await assistant.spaces.rollback()).model_id == NEW  # forward again: forgotten there as well
        await rested(assistant)
        assert (await assistant.verify()).disagreements == ()
        await assistant.spaces.drop(OLD)
        assert [one.model_id for one in await assistant.spaces.all()] == [NEW]
        await assistant.remove_model(OLD)


def _written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path
