"""`models`, `doctor`, `verify` and `demo`."""

import json
from pathlib import Path

import pytest

from assistant.api.views import Check, Comparison, Doctor, ModelStatus, VerifyReport
from assistant.domain.errors import ConsentRequiredError, ModelError
from tests.fakes.assistant import FakeAssistant, answer, citation
from tests.unit.assistant.cli.conftest import Run


@pytest.fixture
def catalogue(fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch) -> FakeAssistant:
    """A catalogue of one model that asks for consent."""
    one = {"id": "tiny", "name": "Tiny", "state": "available", "dimensions": 8, "languages": ["en"], "licence": "MIT"}
    fake.catalogue = [ModelStatus.model_validate({**one, "size_bytes": 24_000_000})]
    plain = fake.install_model

    async def install(model_id: str, consent: bool, local: str = "") -> ModelStatus:
        if not consent and not local:
            raise ConsentRequiredError("Installing Tiny (MIT) would fetch 24 MB.", kept="Nothing was fetched.", remedy="--from")
        return await plain(model_id, consent, local)

    monkeypatch.setattr(fake, "install_model", install)
    return fake


def test_models_are_listed_with_id_and_state(mneme: Run, catalogue: FakeAssistant) -> None:
    assert [(one["id"], one["state"]) for one in json.loads(mneme("models", "list", "--json").stdout)] == [("tiny", "available")]
    assert "24 MB, 8 dimensions, MIT, en" in mneme("models", "list").stdout


def test_nothing_is_fetched_without_a_person_or_a_yes(mneme: Run, catalogue: FakeAssistant) -> None:
    result = mneme("models", "install", "tiny")
    assert result.exit_code == 1
    assert "would fetch 24 MB" in result.stderr
    assert "mneme models install tiny --yes" in result.stderr
    assert not catalogue.called("install_model")


def test_a_folder_of_this_machine_needs_no_consent(mneme: Run, catalogue: FakeAssistant, tmp_path: Path) -> None:
    assert mneme("models", "install", "tiny", "--from", str(tmp_path)).exit_code == 0
    assert catalogue.called("install_model") == [("tiny", False, str(tmp_path))]
    missing = mneme("models", "install", "tiny", "--from", str(tmp_path / "nowhere"))
    assert missing.exit_code == 1
    assert "nowhere" in missing.stderr


def test_a_person_is_asked_and_may_refuse(mneme: Run, catalogue: FakeAssistant) -> None:
    refused = mneme("models", "install", "tiny", typed="n\n")
    assert refused.exit_code == 1
    assert "would fetch 24 MB" in refused.stderr
    assert not catalogue.called("install_model")
    assert mneme("models", "install", "tiny", typed="yes\n").exit_code == 0
    assert catalogue.called("install_model") == [("tiny", True)]


def test_yes_is_consent(mneme: Run, catalogue: FakeAssistant) -> None:
    told = json.loads(mneme("models", "install", "tiny", "--yes", "--json").stdout)
    assert told["id"] == "tiny"


def test_remove_passes_failures_on(mneme: Run, fake: FakeAssistant) -> None:
    assert mneme("models", "remove", "tiny").exit_code == 0
    fake.failures["remove_model"] = ModelError("tiny is not installed.")
    assert mneme("models", "remove", "tiny").exit_code == 1


def test_doctor_shows_remedies_and_fails_on_a_problem(mneme: Run, fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    assert mneme("doctor").exit_code == 0
    sick = Doctor(ok=False, checks=(Check(name="disk", state="problem", detail="full", remedy="Free some space."),))

    async def doctor() -> Doctor:
        return sick

    monkeypatch.setattr(fake, "doctor", doctor)
    result = mneme("doctor")
    assert result.exit_code == 1
    assert "Free some space." in result.stdout
    assert json.loads(mneme("doctor", "--json").stdout)["ok"] is False


def test_verify_fails_when_anything_disagrees(mneme: Run, fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    assert mneme("verify").exit_code == 0
    counted = Comparison(name="vectors for records", expected=3, found=2, agrees=False)

    async def verify(full: bool = False) -> VerifyReport:
        return VerifyReport(ok=False, comparisons=(counted,), disagreements=("a vector is missing",))

    monkeypatch.setattr(fake, "verify", verify)
    result = mneme("verify", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["disagreements"] == ["a vector is missing"]
    assert "2 of 3" in mneme("verify").stdout


def test_verify_can_look_at_everything(mneme: Run, fake: FakeAssistant) -> None:
    assert mneme("verify", "--full").exit_code == 0
    assert ("verify", "full") in fake.calls


def test_demo_asks_three_questions_of_the_bundled_documents(mneme: Run, fake: FakeAssistant) -> None:
    assert mneme("demo").exit_code == 3  # a scripted memory knows nothing
    for question in [str(call[0]) for call in fake.called("ask")]:
        fake.answers[question] = answer(question, [("Yes.", [1])], [citation(1, "/d/a.md", "Yes.")])
    result = mneme("demo")
    assert result.exit_code == 0
    assert result.stdout.count("[1] /d/a.md:1") == 3
    assert "mneme add" in result.stdout
    told = json.loads(mneme("demo", "--json").stdout)
    assert [one["abstained"] for one in told["answers"]] == [False] * 3
