"""The memory as a person meets it: what adding, changing, losing and excluding files does to what is remembered."""

import asyncio

import pytest

from assistant.domain.document import SourceState
from assistant.domain.errors import NotRememberedError, PathRefusedError, ReaderCrashedError, ReadError
from assistant.domain.memory import RecallQuery
from tests.fakes.memory import Room

A, B, C = "/home/u/notes/a.txt", "/home/u/notes/b.txt", "/home/u/notes/sub/c.txt"
NOTES = "/home/u/notes"


@pytest.fixture
def room() -> Room:
    made = Room()
    made.files.write(A, "the otter swims\n\nthe heron waits")
    made.files.write(B, "the badger digs")
    made.files.write(C, "the falcon dives")
    return made


async def test_what_was_added_is_ready_found_and_in_every_store(room: Room) -> None:
    await room.add(NOTES)
    assert set((await room.states()).values()) == {"ready"}
    assert (await room.found("otter"))[0] == A
    assert len(room.records.chunks) == len(room.sparse.rows) == len(room.dense.points) == 4
    assert (await room.memory.verify()).ok


async def test_adding_unchanged_files_again_does_nothing(room: Room) -> None:
    await room.add(NOTES)
    before, entries = room.held(), len(room.journal.entries)
    room.reader.reads.clear()
    room.walker.digested.clear()
    assert room.embedder is not None
    room.embedder.calls.clear()
    queued = await room.memory.enqueue([NOTES])
    assert (queued.sources, queued.unchanged) == ([], 3)
    assert (room.reader.reads, room.walker.digested, room.embedder.calls) == ([], [], [])
    assert room.held() == before
    assert len(room.journal.entries) == entries


async def test_a_touched_file_is_not_read_again_and_keeps_what_was_known_of_it(room: Room) -> None:
    room.files.write("/home/u/notes/x.py", "def f(): pass")
    await room.add(NOTES)
    room.files.touch("/home/u/notes/x.py")
    room.reader.reads.clear()
    await room.add(NOTES)
    source = await room.memory.source("/home/u/notes/x.py")
    assert room.reader.reads == []
    assert (source.state, source.modality, source.language, source.chunks) == (SourceState.READY, "code", "python", 1)
    assert not (await room.memory.recall(RecallQuery(text="def f"))).items[0].source_changed


async def test_a_changed_file_replaces_exactly_its_own_chunks(room: Room) -> None:
    await room.add(NOTES)
    others = {key for key, chunk in room.records.chunks.items() if chunk.text != "the heron waits"}
    room.files.write(A, "the otter swims\n\nthe magpie steals")
    await room.add(NOTES)
    assert {chunk.text for chunk in room.records.chunks.values()} == {
        "the otter swims",
        "the magpie steals",
        "the badger digs",
        "the falcon dives",
    }
    assert others < set(room.records.chunks) == set(room.sparse.rows) == set(room.dense.points)
    assert "heron" not in " ".join(row.body for row in room.sparse.rows.values())
    assert (await room.memory.verify()).ok


async def test_vectors_of_text_that_is_gone_do_not_stay_in_the_cache_and_moved_text_is_not_embedded_again(room: Room) -> None:
    await room.add(NOTES)
    cached = len(room.cache.vectors)
    assert room.embedder is not None
    room.embedder.calls.clear()
    room.files.write(A, "the magpie steals\n\nthe otter swims")
    await room.add(NOTES)
    assert room.embedder.calls == [1]
    assert len(room.cache.vectors) == cached


async def test_prefix_twins_are_never_confused(room: Room) -> None:
    room.files.write("/a/b/one.txt", "walrus")
    room.files.write("/a/bc/two.txt", "weasel")
    await room.add("/a/b", "/a/bc")
    roots = {source.path: source.root for source in await room.sources.find("/a")}
    assert roots == {"/a/b/one.txt": "/a/b", "/a/bc/two.txt": "/a/bc"}
    await room.memory.forget("/a/b")
    assert await room.found("walrus weasel") == ["/a/bc/two.txt"]
    room.files.unplugged.add("/a/bc")
    await room.memory.enqueue(["/a/bc"])
    assert await room.states() == {"/a/bc/two.txt": "offline"}


async def test_a_deleted_file_is_in_no_result_any_more(room: Room) -> None:
    await room.add(NOTES)
    room.files.remove(B)
    queued = await room.memory.enqueue([NOTES])
    assert [source.path for source in queued.removed] == [B]
    assert B not in await room.states()
    assert B not in await room.found("badger")
    assert (await room.memory.verify()).ok


async def test_a_vanished_root_is_offline_and_comes_back_without_being_read(room: Room) -> None:
    await room.add(NOTES)
    held = room.held()
    room.files.unplugged.add(NOTES)
    queued = await room.memory.enqueue([NOTES])
    assert set((await room.states()).values()) == {"offline"}
    assert "cannot be found" in queued.gone[0].reason
    assert room.held()["chunks"] == held["chunks"]
    assert (await room.memory.estimate([NOTES], 40.0)).files == 0
    room.files.unplugged.clear()
    room.reader.reads.clear()
    await room.add(NOTES)
    assert set((await room.states()).values()) == {"ready"}
    assert room.reader.reads == []
    assert room.held() == held


async def test_a_drive_that_goes_while_its_files_are_read_deletes_nothing(room: Room) -> None:
    await room.add(NOTES)
    room.files.write(B, "the badger sleeps")
    queued = await room.memory.enqueue([NOTES])
    room.files.unplugged.add("/home/u")
    await room.work(queued.sources)
    assert (await room.states())[B] == "offline"
    assert (await room.found("badger"))[0] == B
    room.files.unplugged.clear()
    await room.add(NOTES)
    assert [chunk.text for chunk in await room.chunks.of_sources([(await room.memory.source(B)).id])] == ["the badger sleeps"]


async def test_a_path_that_never_was_is_an_error_and_changes_nothing(room: Room) -> None:
    with pytest.raises(PathRefusedError):
        await room.memory.enqueue([NOTES, "/home/u/nowhere"])
    assert room.records.sources == {}
    assert room.records.roots == {}


@pytest.mark.parametrize("skipped", ["/home/u/notes/sub", C])
async def test_what_is_now_excluded_leaves_the_indexes_with_its_reason(room: Room, skipped: str) -> None:
    await room.add(NOTES)
    room.files.skips[skipped] = ("ignored", ".gitignore: sub/")
    await room.add(NOTES)
    source = await room.memory.source(C)
    assert (source.state, source.reason, source.chunks) == (SourceState.EXCLUDED, ".gitignore: sub/", 0)
    assert "falcon" not in str(room.held()["rows"])
    assert len(room.dense.points) == len(room.sparse.rows) == 3
    assert (await room.memory.verify()).ok
    room.files.skips.clear()
    await room.add(NOTES)
    assert set((await room.states()).values()) == {"ready"}
    assert skipped in await room.states() or skipped.endswith("sub")


async def test_a_remembered_file_that_cannot_be_opened_now_is_offline_not_excluded(room: Room) -> None:
    await room.add(NOTES)
    room.files.skips[B] = ("unreadable", "cannot be opened: Permission denied")
    await room.add(NOTES)
    source = await room.memory.source(B)
    assert (source.state, source.reason) == (SourceState.OFFLINE, "cannot be opened: Permission denied")
    assert B in await room.found("badger")


async def test_a_failed_file_is_tried_again_and_one_bad_file_stops_nothing(room: Room) -> None:
    room.files.unreadable[B] = ReaderCrashedError("The reading process died.")
    await room.add(NOTES)
    source = await room.memory.source(B)
    assert source.state is SourceState.FAILED
    assert source.reason == "The reading process died. Mneme leaves it alone until it changes or you try it again."
    assert (await room.states())[A] == "ready"
    room.files.unreadable.clear()
    room.reader.reads.clear()
    await room.add(NOTES)
    assert room.reader.reads == []  # the same content fails in the same way: trying it again is for a person to say
    await room.work([await room.memory.mark(source, SourceState.QUEUED)])
    assert (await room.states())[B] == "ready"


async def test_an_unreadable_new_version_takes_the_old_one_out_and_leaves_nothing_open(room: Room) -> None:
    await room.add(NOTES)
    room.files.write(B, "now locked")
    room.files.unreadable[B] = ReadError("It is protected by a password.")
    await room.add(NOTES)
    assert (await room.states())[B] == "failed"
    assert len(room.sparse.rows) == len(room.dense.points) == 3
    assert (await room.memory.verify()).ok


async def test_a_file_without_text_fails_with_a_reason(room: Room) -> None:
    room.files.write(B, " \n\n ")
    await room.add(NOTES)
    source = await room.memory.source(B)
    assert source.state is SourceState.FAILED
    assert "no text" in source.reason
    assert (await room.memory.verify()).ok


async def test_warnings_of_a_reader_are_shown_beside_the_source(room: Room) -> None:
    room.files.warnings[B] = "page 3 holds no text"
    await room.add(NOTES)
    source = await room.memory.source(B)
    assert (source.state, source.reason, source.quality) == (SourceState.READY, "page 3 holds no text", 0.8)


async def test_a_language_the_model_does_not_know_gets_no_vector_and_is_found_by_text(room: Room) -> None:
    room = Room(languages=["en"])
    room.files.write("/d/en.txt", "the otter swims")
    room.files.write("/d/ru.txt", "выдра плывёт по реке")
    await room.add("/d")
    assert set((await room.states()).values()) == {"ready"}
    assert [point.path for point in room.dense.points.values()] == ["/d/en.txt"]
    result = await room.memory.recall(RecallQuery(text="выдра"))
    assert [(hit.cite.path, hit.parts.dense) for hit in result.items] == [("/d/ru.txt", None)]
    assert result.notes == ("text search only: the installed model does not know this language",)
    assert (await room.memory.verify()).ok


async def test_without_a_model_text_search_works_and_says_so() -> None:
    room = Room(model=False)
    room.files.write(A, "the otter swims")
    await room.add(A)
    result = await room.memory.recall(RecallQuery(text="otter"))
    assert (await room.states(), room.memory.model, await room.memory.vector_count()) == ({A: "ready"}, "", 0)
    assert result.items[0].parts.dense is None
    assert result.notes == ("text search only: no model is installed",)
    assert (await room.memory.verify()).ok


async def test_equal_text_in_two_files_is_embedded_once(room: Room) -> None:
    room.files.write("/home/u/notes/copy.txt", "the otter swims\n\nthe heron waits")
    await room.add(NOTES)
    assert room.embedder is not None
    assert sum(room.embedder.calls) == 4
    assert len(room.dense.points) == 6


async def test_a_source_excluded_while_it_waits_for_its_vectors_does_not_become_ready(room: Room) -> None:
    written = await room.memory.write_text(
        [item for s in (await room.memory.enqueue([NOTES])).sources if (item := await room.memory.read(s))]
    )
    room.files.skips[B] = ("ignored", "a rule")
    room.files.skips[C] = ("unreadable", "cannot be opened: Permission denied")
    await room.memory.enqueue([NOTES])
    await room.memory.forget(A)
    left = await room.memory.write_vectors(written, lambda _: None, _go_on)
    assert {source.path: source.state.value for source in left} == {B: "excluded", C: "offline"} == await room.states()
    assert (await room.memory.verify()).ok


async def test_of_a_source_read_twice_the_later_reading_counts(room: Room) -> None:
    source = (await room.memory.enqueue([B])).sources[0]
    first = await room.memory.read(source)
    room.files.write(B, "the badger sleeps")
    second = await room.memory.read(source)
    assert first is not None
    assert second is not None
    await room.work(await room.memory.write_text([first, second]))
    assert [row.body for row in room.sparse.rows.values()] == ["the badger sleeps"]
    assert (await room.memory.verify()).ok


async def test_the_dense_index_is_quantised_only_when_enough_came(room: Room) -> None:
    await room.add(NOTES)
    assert not await room.memory.optimise()
    assert room.dense.optimised == 0


async def test_nothing_is_written_while_a_start_is_being_repaired(room: Room) -> None:
    await room.add(NOTES)
    room.files.write(B, "the badger sleeps")
    todo, queued = await asyncio.gather(room.memory.replay(), room.memory.enqueue([NOTES]))
    assert todo == []
    assert [source.path for source in queued.sources] == [B]


async def test_asking_for_what_is_not_remembered_says_so(room: Room) -> None:
    with pytest.raises(NotRememberedError):
        await room.memory.source(A)
    with pytest.raises(NotRememberedError):
        await room.memory.forget(NOTES)


async def test_evidence_is_packed_letter_for_letter_with_its_place(room: Room) -> None:
    await room.add(NOTES)
    pack = await room.memory.gather(RecallQuery(text="heron waits"), 100)
    best = pack.evidence[0]
    assert (best.text, best.path, best.span.start) == ("the heron waits", A, 3)
    assert best.digest == (await room.memory.source(A)).digest
    assert pack.tokens <= 100


async def _go_on() -> None:
    return None


async def test_what_was_looked_up_loses_its_words_when_what_it_showed_is_forgotten() -> None:
    room = Room()
    room.files.write("/n/a.md", "green tea")
    await room.add("/n")
    found = await room.memory.recall(RecallQuery(text="tea"))
    await room.memory.note_recall("cli", "recall", "tea", [hit.group for hit in found.items])
    report = await room.memory.forget("/n/a.md")
    assert report.remains["record of recalls"] == 0
    assert [(line.query, line.paths) for line in await room.memory.recalls(0, 10)] == [("", ())]
