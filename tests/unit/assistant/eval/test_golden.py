"""The golden set: what counts as found, as rightly cited, as broken, and as rightly not answered."""

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.answer import Citation
from assistant.domain.document import Document, Part
from assistant.domain.errors import ReadError
from assistant.eval.golden import holds, run_golden
from tests.unit.assistant.eval.benches import FakeBench


def golden(folder: Path, *cases: dict[str, Any]) -> Path:
    (folder / "corpus").mkdir()
    (folder / "corpus" / "otter.txt").write_text("the otter swims\nat night\n", "utf-8")
    (folder / "corpus" / "heron.txt").write_text("the heron waits\n", "utf-8")
    (folder / "cases.jsonl").write_text("\n".join(map(json.dumps, cases)), "utf-8")
    return folder


def case(name: str, question: str, path: str = "", text: str = "", **place: Any) -> dict[str, Any]:
    answers = [{"path": path, "text": text, **place}] if path else []
    return {"id": name, "lang": "en", "question": question, "answers": answers, "answerable": bool(path), "kind": "fact"}


FOUND = case("c1", "who swims otter", "otter.txt", "the otter swims", line=1)
ELSEWHERE = case("c2", "who waits heron", "otter.txt", "at night", line=2)
HOPELESS = case("c3", "zebra")


async def test_figures_overall_and_by_language(tmp_path: Path) -> None:
    bench = FakeBench()
    bench.failed = ("x.pdf: it is damaged",)
    found, failures = await run_golden(bench, golden(tmp_path, FOUND, ELSEWHERE, HOPELESS), "hybrid", lambda _: None)
    assert found["recall@20"] == found["en.recall@20"] == 0.5
    assert found["citation_precision"] == found["answered_rightly"] == 0.5
    assert (found["citations_held"], found["abstention_recall"], found["abstention_wrong"]) == (1.0, 1.0, 0.0)
    assert found["questions"] == 3.0
    assert failures == ["not indexed: x.pdf: it is damaged"]


async def test_the_lines_of_an_answer_are_looked_up_where_the_case_names_none(tmp_path: Path) -> None:
    cases = [case("c1", "who swims otter", "otter.txt", "otter   swims"), case("c2", "swims otter", "otter.txt", "at night")]
    found, _ = await run_golden(FakeBench(), golden(tmp_path, *cases), "hybrid", lambda _: None)
    assert found["recall@20"] == 0.5


async def test_a_citation_that_does_not_hold_is_told(tmp_path: Path) -> None:
    found, failures = await run_golden(FakeBench(wrong_quotes=True), golden(tmp_path, FOUND), "hybrid", lambda _: None)
    assert found["citations_held"] == 0.0
    assert len(failures) == 1
    assert failures[0].startswith("c1: a citation does not hold")


@pytest.mark.parametrize("line", ["{", '{"id": "c1"}', '{"id": 1, "extra": 2}'])
async def test_a_broken_golden_set_is_named(tmp_path: Path, line: str) -> None:
    folder = golden(tmp_path)
    (folder / "cases.jsonl").write_text(line, "utf-8")
    with pytest.raises(ReadError, match=r"cases\.jsonl"):
        await run_golden(FakeBench(), folder, "hybrid", lambda _: None)


@pytest.mark.parametrize(
    ("place", "right"),
    [
        ({"line": 2, "line_end": 2}, True),
        ({"line": 3, "line_end": 3}, True),
        ({"line": 1, "line_end": 1}, False),
        ({}, True),
        ({"quote": "nowhere"}, False),
    ],
)
def test_a_quote_holds_only_letter_for_letter_at_its_place(place: dict[str, Any], right: bool) -> None:
    part = Part(kind="lines", number=1, text="one\ntwo two\ntwo\n")
    made = Citation.model_validate({"n": 1, "path": "/r", "quote": "two", "hash": "", **place})
    assert holds(made, Document(media="text/plain", modality="text", parts=(part,))) is right


@pytest.mark.parametrize(("page", "right"), [(2, True), (1, False)])
def test_a_quote_on_a_page_holds_on_that_page_only(page: int, right: bool) -> None:
    parts = (Part(kind="page", number=1, text="one"), Part(kind="page", number=2, text="two"))
    made = Citation(n=1, path="/r", page=page, quote="two", hash="")
    assert holds(made, Document(media="application/pdf", modality="text", parts=parts, extracted=True)) is right
