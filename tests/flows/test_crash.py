"""A process killed while it works, again and again: the next start finishes, and memory is as if nothing had happened.

Short here; `make soak` kills fifty times over more files, optimisation included.
"""

import os
import random
import sys
from pathlib import Path

import pytest

from tests.fixtures.quick_model import lend_quick
from tests.flows.cli import Mneme
from tests.flows.killing import Files, held, killed, undisturbed

SEED = int(os.environ.get("MNEME_TEST_SEED", "1"))
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small batches, so that a kill meets every step many times."""
    monkeypatch.setenv("MNEME_INDEX__COMMIT_SECONDS", "0.01")
    monkeypatch.setenv("MNEME_INDEX__OPTIMISE_CHUNKS", "100")
    monkeypatch.setenv("MNEME_INGEST__READERS", "1")
    monkeypatch.setenv("MNEME_EMBEDDING__BATCH", "2")


@posix
@pytest.mark.timeout(300)
def test_killed_at_random_moments_it_ends_as_if_undisturbed(tmp_path: Path, model_dir: Path) -> None:
    _compare(tmp_path, model_dir, files=8, words=300, kills=3)


@posix
@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_killed_fifty_times_it_ends_as_if_undisturbed(tmp_path: Path, model_dir: Path) -> None:
    _compare(tmp_path, model_dir, files=150, words=1500, kills=int(os.environ.get("MNEME_SOAK_KILLS", "50")))


def _compare(tmp_path: Path, model: Path, *, files: int, words: int, kills: int) -> None:
    quiet, loud = Mneme(tmp_path / "undisturbed"), Mneme(tmp_path / "killed")
    lend_quick(quiet.home, model)
    lend_quick(loud.home, model)
    place = tmp_path.resolve() / "files"
    longest = undisturbed(quiet, Files(place, files, words, SEED))
    played = Files(place, files, words, SEED)
    toll = killed(loud, played, kills, random.Random(SEED), longest)
    sys.stderr.write(f"killed {toll.kills} times, {toll.by_rows} of them by what was written, {toll.by_command}\n")
    assert toll.kills >= kills
    last = loud("add", str(place))
    assert last.code == 0, last.stderr
    verified = loud("verify", "--json")
    assert verified.code == 0, verified.stdout
    assert held(loud) == held(quiet)
