"""The command line of models and of confirmed answers: what a person sees and what a script gets."""

import json

from tests.fakes.assistant import FakeAssistant, answer, citation
from tests.fakes.groups import space
from tests.unit.assistant.cli.conftest import Run

QUESTION = "When does the pump run?"


def test_use_follows_a_preparation_to_its_end(mneme: Run, fake: FakeAssistant) -> None:
    fake.spaces.records = [space("next", "active", done=10)]
    done = mneme("models", "use", "next")
    assert done.exit_code == 0, done.stderr
    assert "next answers now" in done.stdout
    assert fake.called("spaces.start") == [("next",)]


def test_a_model_that_did_worse_is_told_with_what_to_do(mneme: Run, fake: FakeAssistant) -> None:
    fake.spaces.records = [space("next", "ready", reason="golden.recall@20 0.100 instead of 0.900")]
    done = mneme("models", "use", "next")
    assert done.exit_code == 1
    assert "0.100 instead of 0.900" in done.stderr
    assert "--anyway" in done.stderr
    assert mneme("models", "use", "next", "--anyway").exit_code == 0
    assert fake.called("spaces.switch") == [("next",)]


def test_compare_rollback_and_drop(mneme: Run, fake: FakeAssistant) -> None:
    figures = {"golden.recall@20": 0.9, "mine.mrr@10": 0.5}
    fake.spaces.records = [space("old", "kept", figures=figures), space("now", "active", figures=figures)]
    shown = mneme("models", "compare").stdout
    assert "golden.recall@20" in shown
    assert shown.count("0.900") == 2
    assert [one["model"] for one in json.loads(mneme("models", "compare", "--json").stdout)] == ["old@1", "now@1"]
    assert "old answers again" in mneme("models", "rollback").stdout
    assert mneme("models", "drop", "old").exit_code == 0
    assert [one.model_id for one in fake.spaces.records] == ["now"]


def test_confirm_keeps_the_citations_that_were_right(mneme: Run, fake: FakeAssistant) -> None:
    found = [citation(1, "/garden/README.md", "At 06:30.", line=14), citation(2, "/garden/other.md", "At noon.")]
    fake.answers[QUESTION] = answer(QUESTION, [("At 06:30.", [1, 2])], found)
    assert "mneme confirm" in mneme("ask", QUESTION).stderr
    done = mneme("confirm", QUESTION, "-c", "1", "--json")
    assert done.exit_code == 0, done.stderr
    assert [place["path"] for place in json.loads(done.stdout)["places"]] == ["/garden/README.md"]
    assert json.loads(mneme("eval", "--mine", "--json").stdout)["questions"] == 1.0


def test_nothing_to_confirm_and_nothing_confirmed(mneme: Run) -> None:
    assert mneme("confirm", "What nobody knows?").exit_code == 3
    assert mneme("eval", "--mine").exit_code == 3
    assert mneme("eval", "--mine", "--beir", ".").exit_code == 2
