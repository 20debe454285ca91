"""`add`, `status` and `forget`: counts, reasons, confirmation and proof."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.api.views import ForgetReport, SourceState
from tests.fakes.assistant import IDLE, FakeAssistant, source
from tests.unit.assistant.cli.conftest import Run

SOON = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path, fake: FakeAssistant) -> Path:
    """A folder whose files ended in different states."""
    place = tmp_path.resolve()
    fake.sources = [
        source(f"{place}/a.md", updated=SOON),
        source(f"{place}/old.md"),
        source(f"{place}/bad.pdf", SourceState.FAILED, reason="The file is damaged.", chunks=0),
        source(f"{place}/lib", SourceState.EXCLUDED, reason="dependency folder", chunks=0),
    ]
    return place


def test_add_tells_scripts_what_became_of_every_file(mneme: Run, folder: Path, fake: FakeAssistant) -> None:
    result = mneme("add", str(folder), "--json")
    told = json.loads(result.stdout)
    assert told.pop("seconds") >= 0
    assert told == {
        "queued": 128, "unchanged": 4, "excluded": 2, "remembered": 1,
        "failed": [{"path": f"{folder}/bad.pdf", "reason": "The file is damaged."}],
    }  # fmt: skip
    assert result.exit_code == 0
    assert fake.called("ingest") == [((str(folder),), "cli")]


def test_add_tells_a_person_what_failed_and_what_was_left_out(mneme: Run, folder: Path) -> None:
    result = mneme("add", str(folder))
    assert "Remembered 1 file" in result.stdout
    assert "The file is damaged." in result.stdout
    assert "dependency folder" in result.stdout
    assert "1 file could not be read" in result.stderr
    assert result.exit_code == 0


def test_a_path_that_is_not_there_adds_nothing_at_all(mneme: Run, folder: Path, fake: FakeAssistant) -> None:
    result = mneme("add", str(folder), str(folder / "nowhere"))
    assert result.exit_code == 1
    assert "nowhere" in result.stderr
    assert not fake.called("ingest")


def test_a_link_is_followed_before_it_is_granted(mneme: Run, folder: Path, fake: FakeAssistant) -> None:
    link = folder / "link"
    link.symlink_to(folder, target_is_directory=True)
    assert mneme("add", str(link), "--json").exit_code == 0
    assert fake.called("ingest") == [((str(folder),), "cli")]


def test_a_name_that_is_no_text_does_not_crash(mneme: Run, folder: Path) -> None:
    result = mneme("add", str(folder / "bad\udcff.txt"))
    assert result.exit_code == 1
    assert "⟨U+DCFF⟩" in result.stderr


def test_paused_indexing_is_a_failure_with_a_way_on(mneme: Run, folder: Path, fake: FakeAssistant) -> None:
    fake.now = IDLE.model_copy(update={"active": True, "paused": True, "files_total": 3})
    result = mneme("add", str(folder))
    assert result.exit_code == 1
    assert "3 files wait" in result.stderr
    assert "What was read is kept." in result.stderr


def test_interrupting_says_what_is_kept(mneme: Run, folder: Path, fake: FakeAssistant) -> None:
    fake.failures["ingest"] = KeyboardInterrupt()  # type: ignore[assignment]
    result = mneme("add", str(folder))
    assert result.exit_code == 130
    assert "What was read is kept; `mneme add` goes on" in result.stderr


def test_status_gives_scripts_five_facts_of_each_source(mneme: Run, folder: Path) -> None:
    told = json.loads(mneme("status", "--json").stdout)
    assert set(told) == {"sources", "totals", "roots"}
    assert all(set(one) == {"path", "state", "reason", "chunks", "updated"} for one in told["sources"])
    assert told["totals"]["by_state"] == {"ready": 2, "failed": 1, "excluded": 1}


def test_status_begins_with_what_needs_attention(mneme: Run, folder: Path) -> None:
    shown = mneme("status").stdout
    assert "1 failed, 2 ready, 1 excluded" in shown
    assert shown.index("bad.pdf") < shown.index("a.md") < shown.index("dependency folder")


def test_status_says_that_indexing_is_paused_though_nothing_is_under_way(mneme: Run, fake: FakeAssistant) -> None:
    fake.now = IDLE.model_copy(update={"paused": True})
    assert "`mneme resume` lets it go on" in mneme("status").stdout
    fake.now = IDLE
    assert "paused" not in mneme("status").stdout


def test_status_lists_all_only_when_asked(mneme: Run, fake: FakeAssistant) -> None:
    fake.sources = [source(f"/d/{number:03}.md") for number in range(30)]
    assert "/d/029.md" not in mneme("status").stdout
    assert "10 more" in mneme("status").stdout
    assert "/d/029.md" in mneme("status", "--all").stdout


def test_status_says_when_there_is_no_model_and_how_far_indexing_is(mneme: Run, fake: FakeAssistant) -> None:
    fake.model = ""
    fake.now = IDLE.model_copy(update={"active": True, "files_total": 10, "files_searchable": 4, "eta_s": 90.0})
    shown = mneme("status").stdout
    assert "text search only" in shown
    assert "4 of 10 files searchable" in shown
    assert "1 min 30 s left" in shown


def test_forget_shows_what_each_store_still_holds(mneme: Run, folder: Path, fake: FakeAssistant) -> None:
    result = mneme("forget", str(folder))
    assert result.exit_code == 0
    assert "Proved" in result.stdout
    for store in ("records", "text", "vectors"):
        assert store in result.stdout
    assert fake.called("forget") == [(str(folder), "cli")]


def test_forget_asks_a_person_and_no_is_the_default(mneme: Run, folder: Path, fake: FakeAssistant) -> None:
    refused = mneme("forget", str(folder), typed="\n")
    assert refused.exit_code == 1
    assert "4 sources" in refused.stderr
    assert not fake.called("forget")
    assert mneme("forget", str(folder), typed="y\n").exit_code == 0


def test_forget_with_yes_asks_nobody_and_with_verify_counts_everything(mneme: Run, folder: Path) -> None:
    told = json.loads(mneme("forget", str(folder), "--yes", "--verify", "--json", typed="").stdout)
    assert told["proved"] is True
    assert told["remains"] == {"records": 0, "text": 0, "vectors": 0}
    assert told["verify"]["ok"] is True


def test_forget_of_a_file_that_is_gone_needs_no_file(mneme: Run, folder: Path, fake: FakeAssistant) -> None:
    assert mneme("forget", f"{folder}/./old.md").exit_code == 0
    assert fake.called("forget") == [(f"{folder}/old.md", "cli")]


def test_forget_takes_the_name_before_what_a_link_there_leads_to(mneme: Run, folder: Path, fake: FakeAssistant) -> None:
    (folder / "a.md").symlink_to(folder / "old.md")
    assert mneme("forget", f"{folder}/a.md").exit_code == 0
    assert fake.called("forget") == [(f"{folder}/a.md", "cli")]


def test_forget_of_what_is_not_remembered_fails_plainly(mneme: Run) -> None:
    result = mneme("forget", "/nowhere/at/all")
    assert result.exit_code == 1
    assert "Nothing was erased." in result.stderr


def test_forget_that_leaves_something_fails(
    mneme: Run, folder: Path, fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def forget(path: str, origin: str) -> ForgetReport:
        return ForgetReport(path=path, sources=1, chunks=1, proved=False, remains={"vectors": 1})

    monkeypatch.setattr(fake, "forget", forget)
    result = mneme("forget", str(folder))
    assert result.exit_code == 1
    assert "Proved" not in result.stdout
