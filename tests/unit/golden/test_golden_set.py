"""Holds the golden set to its own rules: answers stand where they are said to stand, and questions do not give them away."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, cast

import pypdfium2  # pyright: ignore[reportMissingTypeStubs]  # it ships without
import pytest
from kreuzberg import ExtractionConfig, extract_file_sync
from py_rust_stemmers import SnowballStemmer

GOLDEN = Path(__file__).resolve().parents[3] / "golden"
CORPUS = GOLDEN / "corpus"
CASES: list[dict[str, Any]] = [json.loads(line) for line in (GOLDEN / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
ANSWERS = [(case, answer) for case in CASES for answer in case["answers"]]
# What is not listed here is UTF-8; a file must not change its encoding unnoticed, for these three test the detection of it.
ENCODINGS = {
    "kazan/dogovor-arendy.txt": "cp1251",
    "dacha/kvas-i-kombucha.txt": "koi8-r",
    "dacha/velosipedy.txt": "utf-16",
}
MOST_OVERLAP = 0.6
STEMMERS = {"en": SnowballStemmer("english"), "ru": SnowballStemmer("russian")}
STOP_TEXT = """
a an and are as at be been before but by can did do does for from had has have how i if in into is it its many may me
more most much must my no not of on one or our out so that the their them then there they this to up us was we were
what when where which who why will with you your а без бы в вам вас во вот все всё где для до его если есть ещё же за
и из или им их к как какая какие какого какой каком какую ко когда кому ли на над нас не ни но о об он она они от по
под почему при с сколько со так такой то того тоже только у уже чем через что чтобы эта это
"""
STOP_WORDS = frozenset(STOP_TEXT.split())


def text_of(path: str) -> str:
    return (CORPUS / path).read_bytes().decode(ENCODINGS.get(path, "utf-8"))


def collapsed(text: str) -> str:
    return " ".join(text.split())


def pdf_pages(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        return [collapsed(page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def docx_text(path: Path) -> str:
    return collapsed(extract_file_sync(str(path), config=ExtractionConfig(use_cache=False)).content)


def content_stems(text: str) -> set[str]:
    """The stems of the words that carry meaning, each stemmed by the rules of its own script."""
    words = (word for word in re.findall(r"[^\W_]+", text.lower()) if word not in STOP_WORDS)
    return {STEMMERS["ru" if re.search("[а-яё]", word) else "en"].stem_word(word) for word in words}


def overlap(question: str, answer: str) -> float:
    """Jaccard index of the stemmed content words: 0 shares nothing, 1 is the same sentence said again.

    Taken against the whole answer and each of its sentences, the largest counts: a long answer must not hide a copied sentence.
    """
    asked = content_stems(question)
    told = [content_stems(part) for part in [answer, *re.split(r"(?<=[.!?;:])\s+", answer)]]
    return max(len(asked & stems) / len(asked | stems) for stems in told if stems)


def name(value: object) -> str | None:
    return cast("dict[str, str]", value).get("id") if isinstance(value, dict) else None


@pytest.mark.parametrize(("case", "answer"), ANSWERS, ids=name)
def test_an_answer_is_letter_for_letter_at_its_place(case: dict[str, Any], answer: dict[str, Any]) -> None:
    path, text = answer["path"], answer["text"]
    assert text.strip()
    if path.endswith(".pdf"):
        assert text in pdf_pages(CORPUS / path)[answer["page"] - 1]
    elif path.endswith(".docx"):
        assert text in docx_text(CORPUS / path)
    elif path.endswith(".ipynb"):
        assert text in "".join(json.loads(text_of(path))["cells"][answer["cell"] - 1]["source"])
    else:
        lines = text_of(path).split("\n")
        here = "\n".join(lines[answer["line"] - 1 : answer["line_end"]])
        assert text in here
        # No line too many either: without its first or last line the place no longer holds the answer.
        assert answer["line"] == answer["line_end"] or (
            text not in here.split("\n", 1)[1] and text not in here.rsplit("\n", 1)[0]
        )


@pytest.mark.parametrize(("case", "answer"), ANSWERS, ids=name)
def test_a_question_does_not_repeat_its_answer(case: dict[str, Any], answer: dict[str, Any]) -> None:
    assert overlap(case["question"], answer["text"]) < MOST_OVERLAP


def test_the_overlap_is_measured_on_stems_in_both_languages() -> None:
    assert overlap("Where are the hives weighed?", "the hive is weighing") == 1.0
    assert overlap("Где весы для ульев?", "весы улья") == 1.0
    assert overlap("How heavy is a roof?", "Wet wood gains weight") == 0.0


def test_a_russian_question_about_prose_shares_a_stem_with_an_answer() -> None:
    """Without a multilingual model text search alone has to find it."""
    lost = [
        case["id"]
        for case in CASES
        if case["lang"] == "ru"
        and case["answerable"]
        and not any(content_stems(case["question"]) & content_stems(answer["text"]) for answer in case["answers"])
    ]
    assert lost == []


def test_cases_keep_the_format() -> None:
    for case in CASES:
        assert set(case) == {"id", "lang", "question", "answers", "answerable", "kind"}, case["id"]
        assert case["answerable"] == bool(case["answers"]) == (case["kind"] != "unanswerable"), case["id"]
        for answer in case["answers"]:
            places: dict[str, set[str]] = {".pdf": {"page"}, ".ipynb": {"cell"}, ".docx": set()}
            place = places.get(Path(answer["path"]).suffix, {"line", "line_end"})
            assert set(answer) == {"path", "text"} | place, case["id"]


def test_ids_and_questions_are_unique() -> None:
    for key in ("id", "question"):
        assert [value for value, times in Counter(case[key] for case in CASES).items() if times > 1] == []


def test_languages_and_unanswerable_questions_are_balanced() -> None:
    languages = Counter(case["lang"] for case in CASES)
    silent = Counter(case["lang"] for case in CASES if not case["answerable"])
    assert set(languages) == {"en", "ru", "code"}
    assert all(40 <= count <= 55 for count in languages.values()), languages
    assert all(0.1 <= silent[lang] / languages[lang] <= 0.2 for lang in languages), silent


def test_every_document_answers_something() -> None:
    files = {path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*") if path.is_file()}
    assert len(files) == 60
    assert files - {answer["path"] for _, answer in ANSWERS} == set()


@pytest.mark.parametrize("path", ENCODINGS)
def test_old_encodings_are_still_in_place(path: str) -> None:
    raw = (CORPUS / path).read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    letters = [letter for letter in text_of(path) if letter.isalpha()]
    assert sum("а" <= letter.lower() <= "я" or letter.lower() == "ё" for letter in letters) > 0.95 * len(letters)


def test_the_script_makes_the_committed_documents_again(tmp_path: Path) -> None:
    """The texts are compared, not the bytes: another version of zlib may pack the same content differently."""
    pytest.importorskip("reportlab")
    pytest.importorskip("docx")
    for folder in ("first", "second"):
        subprocess.run(
            [sys.executable, str(GOLDEN / "make_documents.py"), str(tmp_path / folder)], check=True, capture_output=True
        )
    pdf, docx = "manuals/hivelight-service-manual.pdf", "kazan/polozhenie-o-komandirovkah.docx"
    assert len(pdf_pages(CORPUS / pdf)) == 5
    assert pdf_pages(tmp_path / "first" / pdf) == pdf_pages(CORPUS / pdf)
    assert docx_text(tmp_path / "first" / docx) == docx_text(CORPUS / docx)
    for path in (pdf, docx):
        assert (tmp_path / "first" / path).read_bytes() == (tmp_path / "second" / path).read_bytes()
