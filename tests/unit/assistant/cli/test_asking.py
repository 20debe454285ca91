"""`ask` and `recall`: what scripts get, what a person reads, and how it ends."""

import json

import pytest

from assistant.api.views import Cite, Hit, RecallQuery, RecallResult, ScoreParts, Signals
from tests.fakes.assistant import FakeAssistant, answer, citation
from tests.unit.assistant.cli.conftest import Run

QUESTION = "When is the broker switched off?"


@pytest.fixture
def answered(fake: FakeAssistant) -> FakeAssistant:
    fake.answers[QUESTION] = answer(
        QUESTION,
        [("On 1 April.", [1]), ("Before noon.", [1, 2])],
        [citation(1, "/d/adr.md", "- On 1 April.", line=7), citation(2, "/d/scan.pdf", "Before noon.", page=3, line_end=None)],
        notes=["text search only"],
    )
    return fake


def hit(path: str, **more: object) -> Hit:
    facts = {"id": "c1", "score": 0.91, "snippet": "def admit(batch):", "cite": Cite(path=path, line=4, line_end=9)}
    parts = ScoreParts(dense=None, sparse=0.5, recency=1.0, source_quality=1.0)
    return Hit.model_validate({**facts, "parts": parts, "modality": "code", "group": "s1", **more})


def test_json_is_what_the_specification_says_and_nothing_else(mneme: Run, answered: FakeAssistant) -> None:
    result = mneme("ask", QUESTION, "--json")
    told = json.loads(result.stdout)
    assert set(told) == {"answer", "abstained", "claims", "citations", "took_ms"}
    assert told["claims"][1] == {"text": "Before noon.", "citations": [1, 2]}
    assert told["citations"][0] == {
        "n": 1, "path": "/d/adr.md", "line": 7, "line_end": 7, "page": None, "quote": "- On 1 April.", "hash": "0" * 64,
    }  # fmt: skip
    assert result.exit_code == 0
    assert answered.called("ask") == [(QUESTION, "cli")]


def test_a_person_reads_marks_sources_and_places(mneme: Run, answered: FakeAssistant) -> None:
    shown = mneme("ask", QUESTION).stdout
    assert "On 1 April. [1] Before noon. [1][2]" in shown
    assert "[1] /d/adr.md:7\n    - On 1 April." in shown
    assert "[2] /d/scan.pdf page 3" in shown


def test_notes_do_not_get_between_a_pipe_and_the_answer(mneme: Run, answered: FakeAssistant) -> None:
    result = mneme("ask", QUESTION)
    assert "text search only" not in result.stdout
    assert "text search only" in result.stderr


@pytest.mark.parametrize(
    ("question", "said"), [("What is it?", "Memory does not hold"), ("Что это такое?", "В памяти нет ответа")]
)
def test_abstaining_is_said_in_the_language_of_the_question(mneme: Run, question: str, said: str) -> None:
    result = mneme("ask", question)
    assert said in result.stdout
    assert result.exit_code == 3


def test_abstaining_shows_the_nearest_evidence(mneme: Run, fake: FakeAssistant) -> None:
    fake.answers["x y"] = answer("x y", [], [], nearest=[citation(1, "/d/near.md", "nearly", line=3)])
    result = mneme("ask", "x y")
    assert "Nearest:" in result.stdout
    assert "/d/near.md:3" in result.stdout
    assert json.loads(mneme("ask", "x y", "--json").stdout)["abstained"] is True


def test_a_changed_source_is_called_changed(mneme: Run, fake: FakeAssistant) -> None:
    changed = citation(1, "/d/a.md", "old", state="source changed")
    fake.answers["q"] = answer("q", [("old", [1])], [changed])
    assert "source changed" in mneme("ask", "q").stdout


def test_hostile_text_and_names_cannot_steer_the_terminal(mneme: Run, fake: FakeAssistant) -> None:
    evil = "\x1b]0;owned\x07\u202e"
    fake.answers["q"] = answer("q", [(evil, [1])], [citation(1, f"/d/{evil}\n.md", evil)])
    result = mneme("ask", "q")
    for sign in ("\x1b", "\x07", "\u202e"):
        assert sign not in result.output
    assert "⟨U+202E⟩␊.md:1" in result.stdout
    assert json.loads(mneme("ask", "q", "--json").stdout)["citations"][0]["quote"] == evil


@pytest.mark.parametrize("command", ["ask", "recall"])
def test_an_empty_text_is_wrong_usage(mneme: Run, command: str) -> None:
    assert mneme(command, "  ").exit_code == 2


def test_recall_passes_its_options_on_and_gives_the_result_with_score_parts(mneme: Run, fake: FakeAssistant) -> None:
    fake.recalled = RecallResult(items=(hit("/d/ingest.py"),), took_ms=4.2)
    result = mneme("recall", "admit", "-k", "5", "--modality", "code,text", "--file-hint", "*.py", "--json")
    wanted = RecallQuery(text="admit", k=5, modality=("code", "text"), signals=Signals(file_hints=("*.py",)))
    assert fake.called("recall") == [(wanted, "cli")]
    item = json.loads(result.stdout)["items"][0]
    assert {"id", "score", "snippet", "cite", "parts"} <= set(item)
    assert item["cite"]["path"] == "/d/ingest.py"
    assert item["parts"] == {"dense": None, "sparse": 0.5, "recency": 1.0, "source_quality": 1.0}


def test_recall_shows_place_parts_scope_and_duplicates(mneme: Run, fake: FakeAssistant) -> None:
    fake.recalled = RecallResult(
        items=(hit("/d/a.py", scope="class W > def admit", also=[Cite(path="/d/b.py", line=1)]),), took_ms=1
    )
    shown = mneme("recall", "admit").stdout
    assert "1. /d/a.py:4-9  0.910" in shown
    assert "dense off · text 0.50 · recency 1.00 · quality 1.00" in shown
    assert "class W > def admit" in shown
    assert "also in /d/b.py:1" in shown


def test_of_many_equal_passages_few_are_named(mneme: Run, fake: FakeAssistant) -> None:
    also = [Cite(path="/d/log.txt", line=1)] * 500 + [Cite(path=f"/d/{n}.txt", line=1) for n in range(9)]
    fake.recalled = RecallResult(items=(hit("/d/a.py", also=also),), took_ms=1)
    shown = mneme("recall", "again").stdout
    assert shown.count("also in") == 4
    assert "also in 7 more places" in shown


def test_nothing_found_is_3(mneme: Run) -> None:
    result = mneme("recall", "nothing")
    assert (result.exit_code, result.stdout) == (3, "")
    assert json.loads(mneme("recall", "nothing", "--json").stdout)["items"] == []


@pytest.mark.parametrize("wrong", [("-k", "0"), ("-k", "many"), ("--modality", "smell"), ("--colour",)])
def test_wrong_options_are_2(mneme: Run, wrong: tuple[str, ...]) -> None:
    assert mneme("recall", "text", *wrong).exit_code == 2
