"""`eval`: what is measured, what scripts get, and the gate against a baseline."""

import json
from pathlib import Path

import pytest

from assistant.eval.baseline import Baseline, regressions
from tests.unit.assistant.cli.conftest import FakeDoors, Run


def test_json_holds_the_figures_and_messages_stay_off_stdout(mneme: Run) -> None:
    result = mneme("eval", "--json")
    told = json.loads(result.stdout)
    assert (told["ndcg@10"], told["recall@20"], told["retriever"]) == (0.8, 0.9, "hybrid")
    assert "asking 3 questions" in result.stderr


def test_the_bundled_golden_set_is_the_default_and_a_collection_can_be_named(
    mneme: Run, doors: FakeDoors, tmp_path: Path
) -> None:
    assert mneme("eval").exit_code == 0
    assert mneme("eval", "--beir", str(tmp_path), "--retriever", "sparse").exit_code == 0
    assert [(kind, folder.name, use) for kind, folder, use in doors.measured] == [
        ("golden", "golden", "hybrid"),
        ("beir", tmp_path.name, "sparse"),
    ]


@pytest.mark.parametrize("wrong", [("--golden", ".", "--beir", "."), ("--retriever", "luck")])
def test_wrong_usage(mneme: Run, wrong: tuple[str, ...]) -> None:
    assert mneme("eval", *wrong).exit_code == 2


def test_a_folder_or_baseline_that_is_not_there_fails_before_the_work(mneme: Run, doors: FakeDoors, tmp_path: Path) -> None:
    assert mneme("eval", "--beir", str(tmp_path / "none")).exit_code == 1
    assert mneme("eval", "--check", str(tmp_path / "none.json")).exit_code == 1
    assert not doors.measured


def test_a_baseline_is_written_checked_and_keeps_its_tolerances(mneme: Run, doors: FakeDoors, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    assert mneme("eval", "--write-baseline", str(file)).exit_code == 0
    assert mneme("eval", "--check", str(file)).exit_code == 0
    held = json.loads(file.read_text())
    file.write_text(json.dumps({**held, "tolerance": {"default": 0.2}}))
    doors.report = doors.report.model_copy(update={"figures": {"ndcg@10": 0.65, "recall@20": 0.9, "query_p95_ms": 900.0}})
    assert mneme("eval", "--check", str(file)).exit_code == 0
    assert mneme("eval", "--write-baseline", str(file)).exit_code == 0
    assert json.loads(file.read_text())["tolerance"] == {"default": 0.2}


def test_a_fall_beyond_the_tolerance_fails_with_a_table(mneme: Run, doors: FakeDoors, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    mneme("eval", "--write-baseline", str(file))
    doors.report = doors.report.model_copy(update={"figures": {"ndcg@10": 0.7, "query_p95_ms": 900.0}})
    result = mneme("eval", "--check", str(file))
    assert result.exit_code == 1
    assert "ndcg@10" in result.stderr
    assert "missing" in result.stderr  # recall@20
    assert "query_p95_ms" not in result.stderr


def test_failures_of_the_golden_run_fail_the_check(mneme: Run, doors: FakeDoors, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    doors.report = doors.report.model_copy(update={"failures": ("en-001: a citation does not hold",)})
    assert mneme("eval", "--write-baseline", str(file)).exit_code == 0
    result = mneme("eval", "--check", str(file))
    assert result.exit_code == 1
    assert "en-001" in result.stderr


def test_a_damaged_baseline_is_named(mneme: Run, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    file.write_text("{")
    result = mneme("eval", "--check", str(file))
    assert result.exit_code == 1
    assert "baseline.json" in result.stderr


def test_tolerance_is_found_by_figure_then_by_name_without_language_then_by_default() -> None:
    held = Baseline(
        figures={"ndcg@10": 0.8, "ru.ndcg@10": 0.8, "mrr@10": 0.8, "abstention_wrong": 0.1},
        tolerance={"ru.ndcg@10": 0.3, "ndcg@10": 0.1, "default": 0.0},
    )
    now = {"ndcg@10": 0.71, "ru.ndcg@10": 0.51, "mrr@10": 0.79, "abstention_wrong": 0.11}
    assert [one.figure for one in regressions(held, now)] == ["abstention_wrong", "mrr@10"]
    assert not regressions(held, {**now, "mrr@10": 0.9, "abstention_wrong": 0.0})
