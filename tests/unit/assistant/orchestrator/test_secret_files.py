"""Files with secrets can be left out; old memories get their marks once; files that stop readers are left alone."""

import pytest

from assistant.config.schema import Settings
from assistant.domain.document import SourceState
from assistant.domain.errors import HoldsSecretsError, ReaderCrashedError, ReaderTimeoutError
from assistant.domain.memory import RecallQuery
from assistant.domain.sensitive import SensitiveKind
from assistant.memory.upkeep import marked_again
from tests.fakes.memory import Room

SECRET = 'db_password = "xK9#mQ2vLp7!"'


def room_with(secrets: str) -> Room:
    made = Room(settings=Settings.model_validate({"ingest": {"secrets": secrets}}))
    made.files.write("/r/plain.txt", "the lamp burns")
    made.files.write("/r/keys.txt", SECRET)
    return made


async def test_files_with_secrets_are_left_out_with_the_kinds_and_not_read_again() -> None:
    room = room_with("exclude")
    await room.add("/r")
    held = {source.path: source for source in await room.sources.find()}
    assert held["/r/plain.txt"].state is SourceState.READY
    assert held["/r/keys.txt"].state is SourceState.EXCLUDED
    assert "password: 1" in held["/r/keys.txt"].reason
    assert "xK9" not in str(room.held())
    reads = len(room.reader.reads)
    await room.add("/r")
    room.restart()
    await room.add("/r")
    assert len(room.reader.reads) == reads
    assert (await room.memory.verify()).ok


async def test_a_file_that_was_left_out_is_read_once_it_changes_or_the_settings_do() -> None:
    room = room_with("exclude")
    await room.add("/r")
    room.files.write("/r/keys.txt", "the password is kept elsewhere now")
    await room.add("/r")
    assert (await room.states())["/r/keys.txt"] == "ready"
    room.files.write("/r/keys.txt", SECRET + " again")
    await room.add("/r")
    assert (await room.states())["/r/keys.txt"] == "excluded"
    room.settings = Settings()
    room.restart()
    await room.add("/r")
    assert (await room.states())["/r/keys.txt"] == "ready"


@pytest.mark.parametrize(("secrets", "shown"), [("hide", False), ("show", True)])
async def test_secrets_are_shown_where_the_settings_say_so(secrets: str, shown: bool) -> None:
    room = room_with(secrets)
    await room.add("/r")
    found = await room.memory.recall(RecallQuery(text="db_password"))
    assert ("xK9" in str(found)) == shown


async def test_a_memory_from_before_the_marks_gets_them() -> None:
    room = room_with("hide")
    await room.add("/r")
    room.records.chunks = {key: chunk.model_copy(update={"sensitive": ()}) for key, chunk in room.records.chunks.items()}
    source = next(s for s in await room.sources.find() if s.path == "/r/keys.txt")
    ids = [s.id for s in await room.sources.find()]
    assert [one.id for one in await marked_again(room.stores, ids)] == [source.id]
    marks = [mark.kind for chunk in room.records.chunks.values() for mark in chunk.sensitive]
    assert marks == [SensitiveKind.PASSWORD]
    before = dict(room.records.chunks)
    await marked_again(room.stores, ids)
    assert room.records.chunks == before


@pytest.mark.parametrize("error", [ReaderCrashedError("It died."), ReaderTimeoutError("It hung.")])
async def test_a_file_that_stops_its_reader_is_left_alone_and_says_so(error: Exception) -> None:
    room = room_with("hide")
    source = (await room.memory.enqueue(["/r"])).sources[0]
    rejected = await room.memory.reject(source, error)  # type: ignore[arg-type]
    assert rejected.state is SourceState.FAILED
    assert rejected.reason.endswith("Mneme leaves it alone until it changes or you try it again.")
    assert source.id not in {one.id for one in (await room.memory.enqueue(["/r"])).sources}


async def test_leaving_out_is_no_failure() -> None:
    room = room_with("exclude")
    source = next(one for one in (await room.memory.enqueue(["/r"])).sources if one.path == "/r/keys.txt")
    with pytest.raises(HoldsSecretsError, match="password: 1"):
        await room.memory.read(source)
