"""What is damaged on disk is set right or left out: a person still gets answers, and hears what happened."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from assistant.api.contract import Assistant
from assistant.api.views import RecallQuery
from assistant.app.bootstrap import running
from assistant.app.environment import environment
from assistant.domain.document import SourceState
from assistant.domain.errors import DamagedError, StorageError
from assistant.domain.events import Warned
from tests.conftest import DEFAULT_MODEL

DEADLINE_S = 60.0
QUESTION = "How many days of paid leave does a keeper get?"


@asynccontextmanager
async def mneme(home: Path) -> AsyncGenerator[Assistant]:
    async with running(environment({"MNEME_HOME": str(home)})) as assistant:
        yield assistant


async def ready(assistant: Assistant) -> None:
    """Wait until indexing and repairing rest."""
    async with asyncio.timeout(DEADLINE_S):
        while (now := await assistant.progress()).active or now.repairing:
            await asyncio.sleep(0.01)


async def remember(home: Path, folder: Path) -> None:
    folder.mkdir()
    (folder / "leave.md").write_text("# Leave\n\nEvery keeper gets 26 days of paid leave per year.\n", "utf-8")
    async with mneme(home) as assistant:
        await assistant.ingest([str(folder)], "cli")
        await ready(assistant)


def scramble(files: list[Path]) -> None:
    assert files
    for file in files:
        file.write_bytes(bytes(255 - byte for byte in file.read_bytes()) or b"?")


def garble_text(memory: Path) -> None:
    scramble([file for file in (memory / "text").iterdir() if file.suffix == ".term"])


def garble_text_catalogue(memory: Path) -> None:
    (memory / "text" / "meta.json").write_text("garbage", "utf-8")


def put_a_file_in_its_place(memory: Path) -> None:
    shutil.rmtree(memory / "text")
    (memory / "text").write_text("x", "utf-8")


@pytest.mark.parametrize("harm", [garble_text, garble_text_catalogue, put_a_file_in_its_place])
async def test_a_damaged_text_index_is_set_aside_and_rebuilt(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    home = tmp_path / "home"
    await remember(home, tmp_path / "papers")
    harm(home / "data" / "memory")
    async with mneme(home) as assistant:
        told = await anext(assistant.events())
        assert isinstance(told, Warned)
        assert "set aside" in told.text
        assert list((home / "data" / "memory").glob("text.damaged-*"))
        await ready(assistant)
        assert "26 days" in (await assistant.ask(QUESTION, "cli")).answer
        assert (await assistant.verify()).ok


async def test_emptied_records_are_no_empty_memory(tmp_path: Path) -> None:
    home = tmp_path / "home"
    await remember(home, tmp_path / "papers")
    memory = home / "data" / "memory"
    (memory / "records.db").write_bytes(b"")
    with pytest.raises(StorageError, match=r"cut off.*move the file away"):
        async with mneme(home):
            pass
    (memory / "records.db").unlink()
    async with mneme(home) as assistant:
        assert (await assistant.status()).sources == ()


def lend_model(home: Path, model_dir: Path) -> Path:
    place = home / "data" / "models" / DEFAULT_MODEL
    shutil.copytree(model_dir, place)
    return place


def garble_vectors(memory: Path) -> None:
    scramble([file for file in (memory / "vectors").rglob("*") if file.suffix in (".mmap", ".mappings")])


def garble_pointer(memory: Path) -> None:
    scramble(list((memory / "vectors").rglob("live.json")))


@pytest.mark.parametrize("harm", [garble_vectors, garble_pointer])
async def test_damaged_vectors_are_rebuilt(tmp_path: Path, model_dir: Path, harm: Callable[[Path], None]) -> None:
    home = tmp_path / "home"
    lend_model(home, model_dir)
    await remember(home, tmp_path / "papers")
    harm(home / "data" / "memory")
    async with mneme(home) as assistant:
        await ready(assistant)
        assert (await assistant.status()).totals.vectors == 1
        assert (await assistant.verify()).ok


async def test_a_damaged_model_leaves_text_search(tmp_path: Path, model_dir: Path) -> None:
    home = tmp_path / "home"
    model = lend_model(home, model_dir)
    await remember(home, tmp_path / "papers")
    scramble([model / "model.onnx"])
    async with mneme(home) as assistant:
        assert "26 days" in (await assistant.ask(QUESTION, "cli")).answer
        assert (await assistant.status()).text_search_only
        advice = next(check for check in (await assistant.doctor()).checks if check.name == "text model")
        assert advice.remedy.startswith(f"Run: mneme models remove {DEFAULT_MODEL}")
        await assistant.remove_model(DEFAULT_MODEL)
        assert [source.state for source in (await assistant.status()).sources] == [SourceState.READY]


async def test_damage_met_while_running_is_set_aside_and_mended(tmp_path: Path, model_dir: Path) -> None:
    home = tmp_path / "home"
    lend_model(home, model_dir)
    await remember(home, tmp_path / "papers")
    memory = home / "data" / "memory"
    async with running(environment({"MNEME_HOME": str(home)})) as assistant:
        await ready(assistant)
        index = assistant._rooms.memory.engines.stores.sparse  # type: ignore[attr-defined]
        inner = index._inner

        async def torn(*_: object) -> object:
            raise DamagedError("The text index is damaged.")

        inner.search, whole = torn, inner.search
        heard = assistant.events()
        await assistant.recall(RecallQuery(text=QUESTION))  # no failure: what the other index finds
        inner.search = whole
        async with asyncio.timeout(DEADLINE_S):
            while not isinstance(await anext(heard), Warned):
                pass
        await ready(assistant)
        assert list(memory.glob("text.damaged-*"))
        assert "26 days" in (await assistant.ask(QUESTION, "cli")).answer
        assert (await assistant.verify()).ok
