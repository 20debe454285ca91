"""Reader and walker over what Mneme wrote about its runs, and what memory makes of it."""

from collections.abc import Sequence
from typing import Any

import pytest

from assistant.app.own_texts import OwnReader, OwnWalker, RunTexts
from assistant.domain.document import SourceState
from assistant.domain.errors import ReadError
from assistant.domain.memory import RecallQuery
from assistant.domain.own import DEEDS, deed_path
from tests.fakes.acting_stores import FakeRuns
from tests.fakes.memory import Room
from tests.fakes.reflected import move, over

PATH = deed_path("run_1")


class Desk:
    """A memory that reads texts of runs, and the runs."""

    def __init__(self) -> None:
        self.runs = FakeRuns()
        self.texts = RunTexts(self.runs)
        self.room = Room()
        self.room.files.write("/r/harbour.txt", "the lamp burns in the harbour")
        self.reader = OwnReader(self.room.reader, self.texts)
        self.walker = OwnWalker(self.room.walker, self.texts)
        self.room.reader, self.room.walker = self.reader, self.walker  # type: ignore[assignment]
        self.room.restart()

    async def did(self, run_id: str, request: str, *applied: Any, **more: Any) -> None:
        run, log = over(run_id, request, *applied, **more)
        await self.texts.begin(run, log)
        await self.texts.save(run)

    async def remember(self, *run_ids: str) -> None:
        wanted = [await self.room.memory.own.wanted(deed_path(run_id)) for run_id in run_ids]
        await self.room.work([source for source in wanted if source is not None])

    async def found(self, text: str) -> Sequence[str]:
        return [hit.cite.path for hit in (await self.room.memory.recall(RecallQuery(text=text))).items]


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_a_text_is_read_as_a_file_is_and_files_as_ever(desk: Desk) -> None:
    await desk.did("run_1", "move the lamps", move(0, "/r/a", "/r/b"))
    document = await desk.reader.read(PATH)
    look = await desk.walker.stat(PATH)
    assert look is not None
    assert (document.digest, document.size) == (await desk.walker.digest(PATH), look.size)
    both = await desk.walker.stats([PATH, "/r/harbour.txt", deed_path("gone")])
    assert both[PATH] == look
    assert both["/r/harbour.txt"] is not None
    assert both[deed_path("gone")] is None
    assert (await desk.walker.presence(DEEDS)).there
    assert (await desk.reader.read("/r/harbour.txt")).parts[0].text == "the lamp burns in the harbour"
    with pytest.raises(ReadError):
        await desk.reader.read(deed_path("gone"))


async def test_a_deed_is_remembered_found_and_verified_without_a_root(desk: Desk) -> None:
    await desk.room.add("/r")
    await desk.did("run_1", "move the screenshots of March", move(0, "/r/a.png", "/r/03/a.png"))
    await desk.remember("run_1")
    assert PATH in await desk.found("what did I move, the screenshots?")
    assert (await desk.room.memory.source(PATH)).state is SourceState.READY
    assert [root.path for root in await desk.room.memory.noticing.roots()] == ["/r"]
    assert await desk.room.memory.own.wanted(PATH) is None, "it is remembered as it is"
    await desk.room.recover()
    assert PATH in await desk.found("screenshots of March")
    assert (await desk.room.memory.verify()).ok


async def test_what_was_undone_is_read_again(desk: Desk) -> None:
    await desk.did("run_1", "move the screenshots", move(0, "/r/a.png", "/r/03/a.png"))
    await desk.remember("run_1")
    await desk.did("run_1", "move the screenshots", move(0, "/r/a.png", "/r/03/a.png"), state="undone", reverted=(0,))
    await desk.remember("run_1")
    hits = (await desk.room.memory.recall(RecallQuery(text="undone afterwards"))).items
    assert [hit.cite.path for hit in hits if "undone" in hit.snippet] == [PATH]
    assert not hits[0].source_changed


async def test_forgetting_a_deed_is_for_good(desk: Desk) -> None:
    await desk.did("run_1", "move the screenshots", move(0, "/r/a.png", "/r/03/a.png"))
    await desk.remember("run_1")
    report = await desk.room.memory.forget(PATH)
    assert (report.sources, report.proved) == (1, True)
    await desk.remember("run_1")
    assert await desk.found("screenshots") == []


async def test_texts_that_name_a_forgotten_file_are_named_by_former_names_too(desk: Desk) -> None:
    await desk.did("run_1", "first", move(0, "/r/a.png", "/r/b.png"))
    await desk.did("run_2", "second", move(0, "/r/b.png", "/r/c/d.png"))
    await desk.did("run_3", "third", move(0, "/r/other.png", "/r/else.png"))
    await desk.remember("run_1", "run_2", "run_3")
    assert set(await desk.room.memory.own.naming(["/r/c/d.png"])) == {deed_path("run_1"), deed_path("run_2")}
    assert await desk.room.memory.own.naming(["/r/c/d"]) == []
    assert await desk.room.memory.own.naming(["/r/else.png"]) == [deed_path("run_3")]
    await desk.texts.forget(["/r/else.png"])
    assert "else.png" not in (await desk.texts.at(deed_path("run_3"))).text
