"""Reading one source: known content is left alone, and what changes under the reader is never recorded wrongly."""

import pytest

from assistant.domain.document import Document, Part, Source, SourceState
from assistant.domain.errors import UnsteadyFileError
from assistant.memory.ingest.pipeline import quality
from tests.fakes.files import FakeReader
from tests.fakes.memory import Room

PATH = "/r/log.txt"


class Busy(FakeReader):
    """Someone writes to the file while it is read, `times` times."""

    times = 0

    async def read(self, path: str) -> Document:
        document = await super().read(path)
        if self.times:
            self.times -= 1
            self.files.write(path, self.files.texts[path] + " more")
        return document


@pytest.fixture
async def room() -> Room:
    made = Room()
    made.files.write(PATH, "first line")
    await made.add("/r")
    made.reader.__class__ = Busy
    made.reader.reads.clear()
    return made


async def queued(room: Room) -> Source:
    return (await room.memory.enqueue(["/r"])).sources[0]


async def test_a_file_that_changes_once_is_read_again_and_recorded_as_it_was_then(room: Room) -> None:
    room.files.write(PATH, "second")
    room.reader.times = 1  # type: ignore[attr-defined]
    await room.add("/r")
    source = await room.memory.source(PATH)
    assert [chunk.text for chunk in room.records.chunks.values()] == ["second more"]
    assert (source.modified, source.size) == (room.files.times[PATH], len("second more"))
    assert (await room.memory.enqueue(["/r"])).unchanged == 1


async def test_a_file_that_keeps_changing_keeps_what_was_remembered_and_needs_update(room: Room) -> None:
    room.files.write(PATH, "second")
    room.reader.times = 9  # type: ignore[attr-defined]
    source = await queued(room)
    with pytest.raises(UnsteadyFileError):
        await room.memory.read(source)
    await room.work([source])
    assert (await room.states())[PATH] == "needs update"
    assert [chunk.text for chunk in room.records.chunks.values()] == ["first line"]
    assert (await room.memory.verify()).ok
    room.reader.times = 0  # type: ignore[attr-defined]
    await room.recover()
    assert (await room.memory.source(PATH)).state is SourceState.READY


async def test_a_new_file_that_keeps_changing_fails_with_the_reason(room: Room) -> None:
    room.files.write("/r/new.txt", "x")
    room.reader.times = 9  # type: ignore[attr-defined]
    await room.add("/r")
    source = await room.memory.source("/r/new.txt")
    assert (source.state, "keeps changing" in source.reason) == (SourceState.FAILED, True)


@pytest.mark.parametrize(
    ("language", "warnings", "rated"), [("", (), 1.0), ("", ("page 2 is empty",), 0.8), ("json", (), 0.6), ("python", (), 1.0)]
)
def test_quality(language: str, warnings: tuple[str, ...], rated: float) -> None:
    part = Part(kind="lines", number=1, text="x")
    made = Document(media="text/plain", modality="text", language=language, parts=(part,), warnings=warnings)
    assert quality(made) == rated
