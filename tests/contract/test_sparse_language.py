"""How a text index understands words: stems of two languages, identifiers whole and in parts, the same in every engine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.adapters.store.fts_sparse import FtsSparse
from assistant.adapters.store.tantivy_sparse import TantivySparse
from assistant.ports.stores import SparseIndex, SparseQuery
from tests.contract.samples import chunk_id, row

ROWS = [
    row(1, "def parse_config(path: str) -> ParserConfig:", symbols="parse_config", path="/home/u/app/loader.py", modality="code"),
    row(2, "raise AppError(ERR_42)  # HTTPServer2 answers", path="/home/u/app/server.py", modality="code"),
    row(3, "Released v2.3.1 with Qt6 support; see os.path.join.", path="/home/u/CHANGES.md"),
    row(4, "Планировщики задач запускаются ночью. Ёлка и ежи.", path="/home/u/Заметки/сервер.txt"),
    row(5, "The schedulers were running all night.", path="/home/u/notes.txt"),
    row(6, "configuration of something else, parsed elsewhere", path="/home/u/other.txt"),
    row(7, "со\u00adгласо\u00adвание за\u0301мка, the ﬁle and the café", path="/home/u/pdf.txt"),
    row(8, "東京タワーは高い", path="/home/u/ja.txt"),
]


@pytest.fixture(params=[TantivySparse, FtsSparse])
async def index(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SparseIndex]:
    opened: SparseIndex = request.param(tmp_path / "sparse")
    await opened.upsert(ROWS)
    await opened.commit()
    yield opened
    await opened.close()


async def first(index: SparseIndex, query: SparseQuery | str) -> int:
    asked = SparseQuery(query) if isinstance(query, str) else query
    hits = await index.search(asked, 10)
    return int(hits[0].chunk_id[3:], 16) if hits else 0


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("parse_config", 1),
        ("ParserConfig", 1),
        ("parser config", 1),
        ("PARSE_CONFIG", 1),
        ("ERR_42", 2),
        ("err 42", 2),
        ("42", 2),
        ("HTTPServer2", 2),
        ("http server", 2),
        ("AppError", 2),
        ("v2.3.1", 3),
        ("Qt6", 3),
        ("os.path.join", 3),
        ("join", 3),
        ("планировщик задача", 4),
        ("планировщиками", 4),
        ("ночь", 4),
        ("елка", 4),
        ("ЁЛКИ", 4),
        ("ёж", 4),
        ("scheduler run", 5),
        ("running at night", 5),
        ("согласования", 7),
        ("замку", 7),
        ("file", 7),
        ("CAFE", 7),
        ("東京", 8),
        ("タワー", 8),
        ("nothing of the kind exists", 0),
    ],
)
async def test_words_are_found_in_every_form(index: SparseIndex, asked: str, expected: int) -> None:
    assert await first(index, asked) == expected


async def test_the_whole_identifier_outranks_its_parts(index: SparseIndex) -> None:
    await index.upsert([row(20, "parse the config, config parse, parse config"), row(21, "call parse_config here and there")])
    await index.commit()
    hits = [hit.chunk_id for hit in await index.search(SparseQuery("parse_config"), 10)]
    assert hits.index(chunk_id(21)) < hits.index(chunk_id(20))


async def test_stop_words_count_only_where_nothing_else_is_asked(index: SparseIndex) -> None:
    await index.upsert([row(30, "to be or not to be")])
    await index.commit()
    assert await first(index, "to be or not to be") == 30
    assert {hit.chunk_id for hit in await index.search(SparseQuery("what is the scheduler"), 10)} == {chunk_id(5)}
    assert {hit.chunk_id for hit in await index.search(SparseQuery("где и какая ёлка"), 10)} == {chunk_id(4)}


async def test_symbols_lift_the_definition_and_paths_the_file(index: SparseIndex) -> None:
    await index.upsert([row(40, "parse_config parse_config parse_config is called here")])
    await index.commit()
    assert await first(index, SparseQuery("", symbols=("parse_config",))) == 1
    assert await first(index, SparseQuery("", paths=("app/server.py",))) == 2
    assert await first(index, SparseQuery("", paths=("Заметки",))) == 4
    assert await first(index, SparseQuery("night", paths=("**/notes.*",))) == 5
