"""`health` and `tune`."""

import json

import pytest

from assistant.api.views import FailedFile, GoldenRun, RatePoint, Trouble, TuningRecord
from tests.fakes.assistant import FakeAssistant
from tests.fakes.health import NOON, healthy, times
from tests.unit.assistant.cli.conftest import Run

BEFORE = {"weight_dense": 0.42, "weight_sparse": 0.42, "weight_recency": 0.1, "weight_quality": 0.06}


def record(state: str) -> TuningRecord:
    return TuningRecord.model_validate(
        {
            "id": "t",
            "at": NOON,
            "state": state,
            "reason": "the gain on held-out questions may be noise",
            "before": BEFORE,
            "after": BEFORE | {"weight_sparse": 0.6},
            "configured": BEFORE,
            "figures": {"questions": 30.0, "ndcg@10 before": 0.7, "ndcg@10 after": 0.8},
        }
    )


def test_a_sound_memory_is_well(mneme: Run, fake: FakeAssistant) -> None:
    series = (times("search", [10.0, 1500.0]), *(times(name, []) for name in ("ask", "searchable", "ready")))
    run = GoldenRun(id="r", at=NOON, kind="mine", trigger="asked", model="m", weights={}, figures={"ndcg@10": 0.81234})
    rate = RatePoint(at=NOON, chunks=100, chunks_per_s=50.0)
    fake.upkeep.healthy = healthy(times=series, runs=(run,), throughput=(rate,))
    result = mneme("health")
    assert result.exit_code == 0
    for line in ("All is well.", "P95 1.5 s", "50.0 chunks/s", "1.2 GB of 20.0 GB", "ndcg@10 0.812", "agrees"):
        assert line in result.stdout


def test_what_is_wrong_is_named_and_fails(mneme: Run, fake: FakeAssistant) -> None:
    trouble = Trouble(code="failed", text="Files that could not be read: 12.", remedy="`mneme retry` reads them again.")
    file = FailedFile(path="/a/b.pdf", state="failed", reason="It is encrypted.", at=NOON)
    fake.upkeep.healthy = healthy(ok=False, troubles=(trouble,), failed=(file,), failed_files=12)
    result = mneme("health")
    assert result.exit_code == 1
    assert "1 thing to look at" in result.stdout
    assert trouble.text in result.stdout
    assert "It is encrypted." in result.stdout
    found = mneme("health", "--json", "--by", "days")
    assert (found.exit_code, json.loads(found.stdout)["ok"]) == (1, False)
    assert fake.called("upkeep.health") == [("hours",), ("days",)]


def test_golden_sets_run_on_demand(mneme: Run, fake: FakeAssistant) -> None:
    assert mneme("health", "--run").exit_code == 0
    assert fake.called("quality.run") == [()]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("applied", "`mneme tune --reset` takes it back."),
        ("proposed", "`mneme tune --apply` applies it."),
        ("rejected", "Nothing was changed."),
    ],
)
def test_tuning_tells_what_came_of_it(mneme: Run, fake: FakeAssistant, state: str, said: str) -> None:
    fake.quality.tuned = record(state)
    result = mneme("tune", "--dry-run")
    assert said in result.stdout
    assert "the gain on held-out questions may be noise." in result.stdout
    assert ("0.420 -> 0.600" in result.stdout) is (state != "rejected")
    assert fake.called("quality.tune") == [(True,)]


def test_a_proposal_is_applied_and_taken_back(mneme: Run, fake: FakeAssistant) -> None:
    assert mneme("tune", "--apply").exit_code == 3
    fake.quality.tuned = record("undone")
    result = mneme("tune", "--reset", "--json")
    assert (result.exit_code, json.loads(result.stdout)["state"]) == (0, "undone")
    assert fake.called("quality.reset_tuning") == [()]
    assert mneme("tune", "--reset", "--apply").exit_code == 2
