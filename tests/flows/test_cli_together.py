"""Two commands over one memory, and a command that is killed: nothing is lost, nothing is told wrongly."""

import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.flows.cli import LIMIT_S, Mneme

FILES = 60
CHUNKS = 6
"""Passages of each file: all are cut alike, so that one with more or fewer was not remembered whole."""
SOME_BYTES = 1_500_000
"""Written by when some files are remembered and others are not."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Enough files that adding them takes a moment."""
    place = tmp_path.resolve() / "papers"
    place.mkdir()
    for number in range(FILES):
        paragraphs = (f"Hive {number} weighed {number + part} kilograms on day {part} of the trial." for part in range(80))
        (place / f"hive{number:02}.md").write_text(f"# Hive {number}\n\n" + "\n\n".join(paragraphs) + "\n", "utf-8")
    return place


def standing(mneme: Mneme) -> list[tuple[Any, ...]]:
    """What memory holds, without the times."""
    sources = mneme("status", "--json").json["sources"]
    return [(one["path"], one["state"], one["reason"], one["chunks"]) for one in sources]


def written(home: Path) -> int:
    """Bytes of the records and of what is about to join them; a journal may vanish at any moment."""
    total = 0
    for file in (home / "data" / "memory").glob("records.db*"):
        with contextlib.suppress(FileNotFoundError):
            total += file.stat().st_size
    return total


def test_ask_works_through_the_add_that_holds_the_memory(tmp_path: Path, folder: Path) -> None:
    mneme = Mneme(tmp_path / "home")
    adding = mneme.start("add", str(folder), "--json")
    mneme.until(adding, (mneme.home / "data" / "memory" / "gateway.json").exists)
    status = mneme("status", "--json")
    assert status.code == 0, status.stderr
    asked = mneme("ask", "How much did hive 7 weigh on day 3 of the trial?", "--json")
    assert asked.code in (0, 3), asked.stderr  # found or not yet; never damaged, never refused
    stdout, stderr = adding.communicate(timeout=LIMIT_S)
    assert adding.returncode == 0, stderr
    assert f'"remembered": {FILES}' in stdout
    assert mneme("verify").code == 0


def test_two_adds_at_once_remember_everything_once(tmp_path: Path, folder: Path) -> None:
    mneme = Mneme(tmp_path / "home")
    both = [mneme.start("add", str(folder), "--json") for _ in range(2)]
    for running in both:
        _, stderr = running.communicate(timeout=LIMIT_S)
        assert running.returncode == 0, stderr
    assert [state for _, state, _, _ in standing(mneme)] == ["ready"] * FILES
    assert mneme("verify").code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_an_add_that_was_cut_off_is_finished_by_the_next(
    tmp_path: Path, folder: Path, sent: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNEME_INDEX__COMMIT_SECONDS", "0.01")
    monkeypatch.setenv("MNEME_INGEST__READERS", "1")
    cut = Mneme(tmp_path / "cut")
    adding = cut.start("add", str(folder))
    cut.until(adding, lambda: written(cut.home) > SOME_BYTES)
    os.killpg(adding.pid, sent) if sent == signal.SIGKILL else adding.send_signal(sent)
    _, stderr = adding.communicate(timeout=LIMIT_S)
    if sent == signal.SIGINT:
        assert adding.returncode == 130
        assert "`mneme add` goes on" in stderr
        assert "Traceback" not in stderr
    rest = cut("add", str(folder), "--json")
    assert 0 < rest.json["remembered"] < FILES  # what was remembered before the cut was not read again
    assert standing(cut) == [(str(folder / f"hive{number:02}.md"), "ready", "", CHUNKS) for number in range(FILES)]
    if sent == signal.SIGKILL:
        assert cut("verify").code == 0
