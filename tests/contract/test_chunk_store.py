"""What every ChunkStore promises."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_records import SqliteChunks
from assistant.domain.document import SourceState, Span
from assistant.ports.records import Candidate, ChunkLine, ChunkMark, ChunkStore
from tests.contract.samples import chunk, chunk_id, source
from tests.fakes.stores import FakeChunks


@pytest.fixture(params=["fake", "sqlite"])
async def chunks(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ChunkStore]:
    if request.param == "fake":
        yield FakeChunks()
        return
    database = Database(tmp_path / "records.db")
    yield SqliteChunks(database)
    await database.close()


async def test_gives_back_what_was_stored(chunks: ChunkStore) -> None:
    full = chunk(
        1,
        text="строка\r\n\tline \0 \u2028 'quoted'",
        part=3,
        offset=17,
        span=Span(unit="cell", start=2, end=9, label="Лист 1", line=4, line_end=5),
        modality="code",
        language="python",
        scope="class A > def b",
        symbols=("A", "б", 'quo"te', ""),
        simhash=2**64 - 1,
        tokens=99,
    )
    await chunks.replace(source("s1"), [full, chunk(2, simhash=2**63)])
    found = await chunks.get([full.id, chunk_id(2), "nobody"])
    assert found == {full.id: full, chunk_id(2): chunk(2, simhash=2**63)}
    assert type(found[full.id].symbols) is tuple


async def test_replace_stores_exactly_these_and_tells_what_is_gone(chunks: ChunkStore) -> None:
    assert await chunks.replace(source("s1"), [chunk(1), chunk(2), chunk(3)]) == []
    assert await chunks.replace(source("s2"), [chunk(9, "s2")]) == []
    gone = await chunks.replace(source("s1"), [chunk(2, text="new"), chunk(4)])
    assert sorted(gone) == [chunk_id(1), chunk_id(3)]
    assert [each.text for each in await chunks.of_sources(["s1"])] == ["new", "text 4"]
    assert await chunks.ids() == {chunk_id(2), chunk_id(4), chunk_id(9)}


async def test_replaces_those_of_several_sources_at_once(chunks: ChunkStore) -> None:
    await chunks.replace(source("s1"), [chunk(1), chunk(2)])
    gone = await chunks.replace_all(
        [(source("s1"), [chunk(2, text="new")]), (source("s2"), [chunk(9, "s2")]), (source("s3"), [])]
    )
    assert gone == [chunk_id(1)]
    assert [each.text for each in await chunks.of_sources(["s1", "s2"])] == ["new", "text 9"]
    assert (await chunks.totals()).sources == 3


async def test_replacing_with_the_same_changes_nothing(chunks: ChunkStore) -> None:
    await chunks.replace(source("s1"), [chunk(1), chunk(2)])
    assert await chunks.replace(source("s1"), [chunk(1), chunk(2)]) == []
    assert len(await chunks.ids()) == 2


async def test_replace_stores_the_source_record(chunks: ChunkStore) -> None:
    await chunks.replace(source("s1", state=SourceState.SEARCHABLE), [])
    assert (await chunks.totals()).by_state == {"searchable": 1}


async def test_lists_by_source_and_ordinal(chunks: ChunkStore) -> None:
    await chunks.replace(source("s2"), [chunk(7, "s2", ordinal=0)])
    await chunks.replace(source("s1"), [chunk(1, ordinal=5), chunk(2, ordinal=1)])
    assert [each.id for each in await chunks.of_sources(["s2", "s1", "s3"])] == [chunk_id(2), chunk_id(1), chunk_id(7)]
    assert await chunks.of_sources([]) == []


async def test_ids_by_language(chunks: ChunkStore) -> None:
    await chunks.replace(source("s1"), [chunk(1, language="en"), chunk(2, language="ru"), chunk(3)])
    assert await chunks.ids(["en", "de"]) == {chunk_id(1)}
    assert await chunks.ids([""]) == {chunk_id(3)}
    assert await chunks.ids([]) == set()


async def test_marks_tell_of_every_chunk_without_its_text(chunks: ChunkStore) -> None:
    assert await chunks.marks() == []
    await chunks.replace(source("s1"), [chunk(1, language="en"), chunk(2, modality="code", language="python")])
    await chunks.replace(source("s2"), [chunk(3, "s2")])
    assert sorted(await chunks.marks(), key=lambda mark: mark.chunk_id) == [
        ChunkMark(chunk_id(1), "s1", "text", "en"),
        ChunkMark(chunk_id(2), "s1", "code", "python"),
        ChunkMark(chunk_id(3), "s2", "text", ""),
    ]


async def test_lines_come_in_pages_with_texts_where_asked(chunks: ChunkStore) -> None:
    assert await chunks.lines(0, 10) == []
    await chunks.replace(source("s1"), [chunk(n, text=f"Насос {n}", language="ru") for n in range(5)])
    await chunks.replace(source("s2"), [chunk(7, "s2", modality="code")])
    met: list[ChunkLine] = []
    while page := await chunks.lines(met[-1].place if met else 0, 4):
        met += page
    assert [line.chunk_id for line in met] == [chunk_id(n) for n in (0, 1, 2, 3, 4, 7)]
    assert (met[-1].source_id, met[-1].modality, met[0].language, met[0].text, met[0].digest) == ("s2", "code", "ru", "", "")
    first = (await chunks.lines(0, 1, texts=True))[0]
    assert (first.text, first.digest, first.offset) == ("Насос 0", chunk(0, text="Насос 0").digest, chunk(0).offset)


async def test_candidates_tell_what_ranking_needs_of_chunk_and_source(chunks: ChunkStore) -> None:
    assert await chunks.candidates([]) == {}
    held = source("s1")
    one, two = chunk(1, text="Насос", simhash=-5, language="ru"), chunk(2)
    await chunks.replace(held, [one, two])
    found = await chunks.candidates([chunk_id(1), chunk_id(7)])
    size = len("Насос".encode())
    assert found == {
        chunk_id(1): Candidate(
            chunk_id(1), "s1", "text", "ru", one.digest, -5, size, held.path, held.root, held.modified, held.quality
        )
    }
    assert len(await chunks.candidates({chunk_id(1), chunk_id(2)})) == 2


async def test_erase_takes_the_chunks_and_leaves_the_source(chunks: ChunkStore) -> None:
    await chunks.replace(source("s1"), [chunk(1), chunk(2)])
    await chunks.replace(source("s2"), [chunk(3, "s2")])
    assert sorted(await chunks.erase(["s1", "nobody"])) == [chunk_id(1), chunk_id(2)]
    assert await chunks.erase(["s1"]) == []
    totals = await chunks.totals()
    assert (totals.sources, totals.chunks) == (2, 1)


async def test_totals(chunks: ChunkStore) -> None:
    await chunks.replace(source("s1", state=SourceState.READY), [chunk(1, language="en"), chunk(2, language="ru")])
    await chunks.replace(source("s2"), [chunk(3, "s2", language="en")])
    totals = await chunks.totals()
    assert (totals.sources, totals.chunks) == (2, 3)
    assert totals.by_state == {"ready": 1, "queued": 1}
    assert totals.by_language == {"en": 2, "ru": 1}


async def test_thousands_at_once(chunks: ChunkStore) -> None:
    many = [chunk(number) for number in range(6000)]
    await chunks.replace(source("s1"), many)
    assert len(await chunks.get([each.id for each in many])) == 6000
    assert len(await chunks.replace(source("s1"), many[:1])) == 5999
