"""What was forgotten is in no byte of the home (a passage, a file, a day), and stays away when files are read again."""

import os
from pathlib import Path

import pytest

from tests.flows.cli import Mneme
from tests.flows.test_canary import home, met, traces_of

PASSAGE, FILE, DAY = "Quixelvorn", "Plimquandory", "Snerwickleton"

NOTES = f"""# Garden

The lamp stands in the garden near the old oak tree and it burns every night until the morning comes.

# The treasure of {PASSAGE}

The {PASSAGE} treasure lies under the third lamp beside the well, and nobody but the captain of the ship knows about it.

# Harbour

Ships arrive in the harbour on Tuesday with salt, and the harbour master writes their names into the book.
"""


@pytest.fixture
def mneme(tmp_path: Path, models_dir: Path) -> Mneme:
    return home(tmp_path / "home", models_dir)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path.resolve() / "files"
    place.mkdir()
    (place / "notes.md").write_text(NOTES, "utf-8")
    (place / "letter.md").write_text(f"Dear {FILE}, the budget for next year was settled at the meeting.\n", "utf-8")
    old = place / "old.md"
    old.write_text(f"In those days {DAY} kept the bees and sold the honey at the market.\n", "utf-8")
    os.utime(old, (1_000_000_000, 1_000_000_000))  # September 2001
    return place


def left(mneme: Mneme, word: str) -> dict[str, list[str]]:
    return met([mneme.home], traces_of(word))


@pytest.mark.timeout(300)
def test_forgotten_passages_files_and_days_leave_no_byte_and_stay_away(mneme: Mneme, folder: Path, tmp_path: Path) -> None:
    assert mneme("add", str(folder)).code == 0
    assert mneme("backup").code == 0
    own = tmp_path / "mine.db"
    assert mneme("backup", str(own)).code == 0
    assert PASSAGE in mneme("recall", f"{PASSAGE} treasure").stdout
    for word in (PASSAGE, FILE, DAY):
        assert left(mneme, word), "the search finds what lies open"

    assert mneme("forget", "--query", f"{PASSAGE} treasure captain", "-k", "1").code == 1, "nobody was there to say yes"
    done = mneme("forget", "--query", f"{PASSAGE} treasure captain", "-k", "1", "--yes")
    assert done.code == 0, done.stderr + done.stdout
    assert f"{own}" in done.stdout.replace("\n", ""), "a copy that it does not reach is named"
    assert left(mneme, PASSAGE) == {}
    assert "lamp stands" in mneme("recall", "garden lamp oak").stdout
    assert mneme("verify").code == 0

    (folder / "notes.md").write_text(
        NOTES.replace("on Tuesday", "on Friday").replace(" treasure lies", "  treasure\nlies"), "utf-8"
    )
    assert mneme("add", str(folder)).code == 0
    assert "on Friday" in mneme("recall", "ships harbour salt").stdout
    assert left(mneme, PASSAGE) == {}
    (folder / "notes.md").rename(folder / "moved.md")
    assert mneme("add", str(folder)).code == 0
    (folder / "moved.md").write_text(NOTES.replace("on Tuesday", "on Monday"), "utf-8")
    assert mneme("add", str(folder)).code == 0
    assert "on Monday" in mneme("recall", "ships harbour salt").stdout
    assert left(mneme, PASSAGE) == {}

    assert mneme("forget", str(folder / "letter.md"), "--yes").code == 0
    assert left(mneme, FILE) == {}
    assert left(mneme, "letter.md") == {}

    told = mneme("forget", "--from", "2001-09-01", "--to", "2001-09-30", "--yes")
    assert told.code == 0, told.stderr
    assert "changed 2001-09-0" in told.stdout
    assert left(mneme, DAY) == {}
    proof = mneme("forget", "--verify")
    assert proof.code == 0, proof.stdout
    assert "Proved" in proof.stdout
    assert mneme("verify").code == 0

    assert mneme("add", str(folder / "moved.md")).code == 0
    assert PASSAGE in mneme("recall", f"{PASSAGE} treasure").stdout, "a file that is named itself comes back whole"
    assert mneme("forget", "--verify").code == 0


def test_forgetting_wants_one_way_of_saying_what(mneme: Mneme, folder: Path) -> None:
    assert mneme("forget").code == 2
    assert mneme("forget", str(folder), "--query", "x").code == 2
    assert mneme("forget", "--from", "2001-01-01").code == 2
    assert mneme("forget", "--from", "yesterday", "--to", "2001-01-01").code == 2
    assert mneme("forget", "--from", "2001-01-01", "--to", "2001-01-02", "--yes").code == 3
    assert mneme("forget", "--query", "nothing at all", "--yes").code == 3
