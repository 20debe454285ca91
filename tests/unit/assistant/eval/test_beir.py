"""Collections in BEIR's layout: figures per document, every variant of the judgements, and plain words for a broken one."""

import json
from pathlib import Path

import pytest

from assistant.domain.errors import ReadError
from assistant.eval.beir import run_beir
from tests.unit.assistant.eval.benches import FakeBench

HEADED = "query-id\tcorpus-id\tscore\n"


def collection(folder: Path, judged: str = HEADED + "q1\td1\t1\nq2\td/2\t2\n", where: str = "qrels.tsv") -> Path:
    documents = [
        {"_id": "d1", "title": "Otter", "text": "an otter swims"},
        {"_id": "d/2", "title": None, "text": "the heron waits"},
        {"_id": 3, "text": "the heron waits"},
        {"_id": "empty", "title": "", "text": " "},
    ]
    queries = [{"_id": "q1", "text": "otter"}, {"_id": "q2", "text": "heron"}, {"_id": "q3", "text": "nobody judged this"}]
    for name, rows in {"corpus": documents, "queries": queries}.items():
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n\n", "utf-8")
    path = folder / where
    path.parent.mkdir(exist_ok=True)
    path.write_text(judged, "utf-8")
    return folder


async def run(folder: Path) -> dict[str, float]:
    return (await run_beir(FakeBench(), folder, ["hybrid"], lambda _: None))[0]


async def test_figures_of_a_small_collection(tmp_path: Path) -> None:
    found = await run(collection(tmp_path))
    assert (found["queries"], found["documents"], found["chunks"]) == (2.0, 4.0, 3.0)
    assert found["recall@20"] == found["recall@100"] == 1.0
    assert found["chunks_per_s"] == 1.5
    assert found["query_p50_ms"] == found["query_p95_ms"] == 3.0
    assert 0.5 < found["ndcg@10"] <= 1.0


async def test_a_duplicate_document_counts_where_it_was_folded(tmp_path: Path) -> None:
    found = await run(collection(tmp_path, HEADED + "q2\t3\t1\n"))
    assert found["recall@20"] == 1.0
    assert found["mrr@10"] > 0


@pytest.mark.parametrize(
    ("judged", "where"),
    [
        (HEADED + "q1\td1\t1\n", "qrels/test.tsv"),
        ("q1\td1\t1\n", "qrels.tsv"),
        ("query\tdocument\tgrade\nq1\td1\t1\n", "qrels.tsv"),
        ("q1\t0\td1\t1\n", "qrels.tsv"),
        (HEADED + 'q1\td1\t1\nq1\t"odd\t1\nunknown\td1\t1\nq2\td1\t0\n\n', "qrels.tsv"),
    ],
)
async def test_every_layout_of_judgements_is_read(tmp_path: Path, judged: str, where: str) -> None:
    found = await run(collection(tmp_path, judged, where))
    assert found["queries"] == 1.0
    assert found["mrr@10"] == 1.0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("corpus.jsonl", "{not json\n"),
        ("corpus.jsonl", '{"text": "no id"}\n'),
        ("corpus.jsonl", "[1, 2]\n"),
        ("corpus.jsonl", ""),
        ("queries.jsonl", '{"_id": "q1"}\n'),
        ("qrels.tsv", HEADED + "q1\td1\tgood\n"),
    ],
)
async def test_a_broken_collection_is_named_and_nothing_is_indexed(tmp_path: Path, name: str, content: str) -> None:
    collection(tmp_path)
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(ReadError, match=name):
        await run(tmp_path)


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
async def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    collection(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ReadError, match=name):
        await run(tmp_path)


async def test_a_collection_is_indexed_once_for_all_retrievers(tmp_path: Path) -> None:
    told: list[str] = []
    found = await run_beir(FakeBench(), collection(tmp_path), ["sparse", "dense", "hybrid"], told.append)
    assert len(found) == 3
    assert sum(line.startswith("indexing") for line in told) == 1
