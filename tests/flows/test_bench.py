"""The benchmark itself: at tiny sizes it runs through and prints every row. What the figures are is not asked here."""

import json
from pathlib import Path

import pytest

from tests.bench import __main__ as bench

ROWS = {
    "pipeline_ratio",
    "pipeline_rate",
    "searchable_share",
    "searchable_s",
    "text_files",
    "text_chunks",
    "text_cold",
    "short_hour",
    "short_ratio",
    "busy_150_ratio",
    "idle_150",
    "peak_indexing",
    "query_150_p50",
    "query_150_p95",
    "query_150_over_bare",
    "query_150_quantised_p95",
    "usable_full",
    "status_full",
    "window_peak_full",
}


def test_the_quick_run_prints_every_row(
    own_home: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    home = own_home / "measured"
    (home / "data").mkdir(parents=True)
    (home / "data" / "models").symlink_to(models_dir, target_is_directory=True)
    monkeypatch.setenv("MNEME_HOME", str(home))
    assert bench.main(["--quick", "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    rows = {row["key"]: row["value"] for row in told["rows"]}
    assert set(rows) >= ROWS
    assert all(rows[key] > 0 for key in ROWS)
    assert told["notes"]
