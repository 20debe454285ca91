"""Full and read-only disks, and two starts at once, with real processes: nothing is lost or doubled, and work resumes."""

import json
import shutil
from pathlib import Path

import pytest

from tests.fixtures.quick_model import lend_quick
from tests.flows.cli import LIMIT_S, Done, Mneme
from tests.flows.faults import MIB, fill, needs_mounts, read_only, small_disk
from tests.flows.killing import Files, held

LEVELS = (64 * 1024, 600 * 1024, 1500 * 1024, 3 * MIB)
"""Bytes left free: from nothing for the journal to enough for all but the last step."""
SHORT = LEVELS[1:2]
FILES, WORDS, SEED = 12, 600, 3


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNEME_INDEX__COMMIT_SECONDS", "0.01")
    monkeypatch.setenv("MNEME_INGEST__READERS", "1")


def told(done: Done) -> str:
    """What a person reads when a command failed: a reason and a remedy, never a traceback."""
    assert "Traceback" not in done.stderr, done.stderr
    return done.stderr


def verified(mneme: Mneme) -> None:
    report = mneme("verify", "--full", "--json")
    assert report.code == 0, report.stdout + report.stderr


def _undisturbed(tmp_path: Path, model: Path, files: Files) -> Mneme:
    quiet = Mneme(tmp_path / "quiet")
    lend_quick(quiet.home, model)
    files.begin()
    done = quiet("add", str(files.place))
    assert done.code == 0, done.stderr
    return quiet


def _full_while_adding(tmp_path: Path, model: Path, left: int) -> None:
    files = Files(tmp_path.resolve() / "files", FILES, WORDS, SEED)
    quiet = _undisturbed(tmp_path, model, files)
    with small_disk(tmp_path / "disk", 96) as disk:
        loud = Mneme(disk / "home")
        lend_quick(loud.home, model)
        first = loud("status")  # the memory is made while there is room
        assert first.code == 0, first.stderr
        ballast = fill(disk, left)
        stopped = loud("add", str(files.place))
        said = told(stopped)
        assert stopped.code == 0 or ("full" in said.lower() or "space" in said.lower()), said
        ballast.unlink()
        resumed = loud("add", str(files.place))
        assert resumed.code == 0, resumed.stderr
        verified(loud)
        assert held(loud) == held(quiet)


def _full_while(tmp_path: Path, model: Path, left: int, *command: str) -> None:
    """Run a command on a full disk that holds a whole memory; with room again it does its work and nothing was lost."""
    files = Files(tmp_path.resolve() / "files", FILES, WORDS, SEED)
    files.begin()
    asked = [part.replace("FILE", str(files.gone)) for part in command]
    with small_disk(tmp_path / "disk", 96) as disk:
        mneme = Mneme(disk / "home")
        lend_quick(mneme.home, model)
        assert mneme("add", str(files.place)).code == 0
        before = held(mneme)
        ballast = fill(disk, left)
        stopped = mneme(*asked)
        said = told(stopped)
        assert stopped.code == 0 or said.startswith("mneme:"), said
        ballast.unlink()
        if command[0] == "forget":
            mneme(*asked)  # what the full disk kept from being forgotten may be gone since
            paths = [source["path"] for source in mneme("status", "--json").json["sources"]]
            assert str(files.gone) not in paths
            assert len(paths) == FILES - 1
        else:
            again = mneme(*asked)
            assert again.code == 0, again.stderr
            assert held(mneme) == before
        verified(mneme)


@needs_mounts
@pytest.mark.timeout(300)
@pytest.mark.parametrize("left", SHORT)
def test_a_full_disk_while_adding_loses_and_doubles_nothing(tmp_path: Path, model_dir: Path, left: int) -> None:
    _full_while_adding(tmp_path, model_dir, left)


@needs_mounts
@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("left", [each for each in LEVELS if each not in SHORT])
def test_a_full_disk_at_every_level_while_adding(tmp_path: Path, model_dir: Path, left: int) -> None:
    _full_while_adding(tmp_path, model_dir, left)


COMMANDS = [("forget", "FILE", "--yes"), ("backup",), ("rebuild",), ("collect",)]


@needs_mounts
@pytest.mark.timeout(300)
def test_a_full_disk_while_forgetting(tmp_path: Path, model_dir: Path) -> None:
    _full_while(tmp_path, model_dir, SHORT[0], "forget", "FILE", "--yes")


@needs_mounts
@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("left", LEVELS)
@pytest.mark.parametrize("command", COMMANDS, ids=[command[0] for command in COMMANDS])
def test_a_full_disk_at_every_level_while_keeping(tmp_path: Path, model_dir: Path, left: int, command: tuple[str, ...]) -> None:
    _full_while(tmp_path, model_dir, left, *command)


@needs_mounts
@pytest.mark.timeout(300)
@pytest.mark.parametrize("left", [0, *SHORT])
def test_on_a_full_disk_a_person_can_look_collect_and_forget(tmp_path: Path, model_dir: Path, left: int) -> None:
    files = Files(tmp_path.resolve() / "files", FILES, WORDS, SEED)
    files.begin()
    with small_disk(tmp_path / "disk", 128) as disk:
        mneme = Mneme(disk / "home")
        lend_quick(mneme.home, model_dir)
        assert mneme("add", str(files.place)).code == 0
        ballast = fill(disk, left)
        looked = mneme("status")
        assert looked.code == 0, looked.stderr
        assert looked.stdout.count(str(files.place)) >= FILES
        assert "The disk is full" in looked.stdout
        assert mneme("collect").code == 0
        forgot = mneme("forget", str(files.gone), "--yes", "--json")
        assert (forgot.code, forgot.json["remains"]["records"]) == (1, 0), forgot.stderr
        assert forgot.json["remains"]["vectors"], "these wait for room"
        assert len(mneme("status", "--json").json["sources"]) == FILES - 1
        ballast.unlink()
        mneme("status")  # what the full disk kept from being forgotten is erased by the start
        verified(mneme)
        assert mneme("forget", "--verify", "--json").json["proved"]


@needs_mounts
@pytest.mark.timeout(300)
def test_a_read_only_disk_is_told_and_damages_nothing(tmp_path: Path, model_dir: Path) -> None:
    files = Files(tmp_path.resolve() / "files", 4, WORDS, SEED)
    files.begin()
    mneme = Mneme(tmp_path / "home")
    lend_quick(mneme.home, model_dir)
    assert mneme("add", str(files.place)).code == 0
    before = held(mneme)
    with read_only(mneme.home):
        for command in (("status",), ("recall", "pump"), ("add", str(files.place)), ("forget", str(files.gone), "--yes")):
            refused = mneme(*command)
            assert refused.code != 0
            assert "mneme:" in told(refused)
    assert held(mneme) == before
    verified(mneme)


def _together(tmp_path: Path, model: Path, rounds: int) -> None:
    files = Files(tmp_path.resolve() / "files", 6, 200, SEED)
    files.begin()
    mneme = Mneme(tmp_path / "home")
    lend_quick(mneme.home, model)
    for _ in range(rounds):
        shutil.rmtree(mneme.home / "data" / "memory", ignore_errors=True)
        both = [mneme.start("add", str(files.place), "--json") for _ in range(2)]
        for running in both:
            stdout, stderr = running.communicate(timeout=LIMIT_S)
            assert running.returncode == 0, stderr
            assert json.loads(stdout)["failed"] in (0, [])
        assert len(mneme("status", "--json").json["sources"]) == 6
        verified(mneme)


@pytest.mark.timeout(300)
def test_two_started_at_once_both_succeed(tmp_path: Path, model_dir: Path) -> None:
    _together(tmp_path, model_dir, rounds=2)


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_two_started_at_once_ten_times(tmp_path: Path, model_dir: Path) -> None:
    _together(tmp_path, model_dir, rounds=10)


def test_restore_mends_records_that_cannot_be_opened(tmp_path: Path) -> None:
    folder = tmp_path.resolve() / "papers"
    folder.mkdir()
    (folder / "leave.md").write_text("# Leave\n\nEvery keeper gets 26 days of paid leave.\n", "utf-8")
    mneme = Mneme(tmp_path / "home")
    assert mneme("add", str(folder)).code == 0
    assert mneme("backup").code == 0
    records = mneme.home / "data" / "memory" / "records.db"
    records.write_bytes(b"not a database" * 1000)
    refused = mneme("status")
    assert refused.code == 1
    assert "mneme restore" in told(refused)
    restored = mneme("restore")
    assert restored.code == 0, restored.stderr
    assert "26 days" in mneme("ask", "How many days of paid leave does a keeper get?").stdout
    verified(mneme)
