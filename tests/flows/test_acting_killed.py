"""A process killed while it changes files: the next start tells of it, and finishes it or takes it back, exactly.

Short here; `make soak` kills thirty times.
"""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.flows.cli import LIMIT_S, Mneme
from tests.flows.tree import look

SEED = int(os.environ.get("MNEME_TEST_SEED", "1"))
FILES = 200
OLD_NS = 1_700_000_000_000_000_000
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Deed:
    """A request over the files, and what they are afterwards by their names."""

    request: str
    after: Callable[[Texts], Texts]


def _replaced(text: str) -> str:
    return text.replace("old", "new")


DEEDS = (
    Deed("move *.txt from {root} to {root}/to", lambda before: {f"to/{name}": text for name, text in before.items()}),
    Deed('replace "old" with "new" in {root}', lambda before: {name: _replaced(text) for name, text in before.items()}),
    Deed("copy *.txt from {root} to {root}/to", lambda before: before | {f"to/{name}": text for name, text in before.items()}),
    Deed("delete *.txt in {root}", lambda _: {}),
    Deed(
        'move *.txt from {root} to {root}/to and then replace "old" with "new" in {root}/to',
        lambda before: {f"to/{name}": _replaced(text) for name, text in before.items()},
    ),
)
BEFORE: Texts = {f"{n:03}.txt": f"the old text {n}\n" for n in range(FILES)}


def _lay(root: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    for n, (name, text) in enumerate(BEFORE.items()):
        (root / name).write_text(text, "utf-8")
        os.utime(root / name, ns=(OLD_NS + n, OLD_NS + n))
    os.utime(root, ns=(OLD_NS, OLD_NS))


def _texts(root: Path) -> Texts:
    return {str(path.relative_to(root)): path.read_text("utf-8") for path in root.rglob("*") if path.is_file()}


def _marks(root: Path) -> set[tuple[str, int, int]]:
    """Return what tells that a file was touched, quickly."""
    found: set[tuple[str, int, int]] = set()
    for place, folders, names in os.walk(root):  # which passes over what vanishes meanwhile
        for name in (*folders, *names):
            path = Path(place) / name
            with contextlib.suppress(FileNotFoundError):
                info = path.lstat()
                found.add((str(path), info.st_ino, info.st_mtime_ns))
    return found


def _killed(mneme: Mneme, root: Path, request: str, after: int) -> bool:
    """Start a request and kill its process once `after` entries differ; False when it ended before."""
    before = _marks(root)
    running = mneme.start("do", request, "--yes", "--json")
    while len(before ^ _marks(root)) < after:
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(0.002)
            break
    killed = running.poll() is None
    if killed:
        os.killpg(running.pid, signal.SIGKILL)
    running.communicate(timeout=LIMIT_S)
    return killed


def _play(tmp_path: Path, kills: int, chance: random.Random, *, undo: bool) -> None:
    root, mneme = tmp_path.resolve() / "files", Mneme(tmp_path / "home")
    _lay(root)
    assert mneme("add", str(root)).code == 0
    fell = ended = 0
    while fell < kills:
        deed = DEEDS[fell % len(DEEDS)]
        _lay(root)
        before = look(root)
        request = deed.request.format(root=root)
        was_killed = _killed(mneme, root, request, chance.randint(1, FILES))
        fell += was_killed
        ended += not was_killed
        assert ended <= kills, "most kills have to fall into a run"
        newest = mneme("log", "--runs", "--json").json[0]
        assert newest["plan"]["request"] == request
        assert newest["state"] in (("interrupted", "done") if was_killed else ("done",))
        if newest["state"] == "interrupted":
            finish = chance.random() < 0.5
            over = mneme("finish", newest["id"], "--json", *([] if finish else ["--take-back"]))
            assert (over.code, over.json["state"]) == (0, "done" if finish else "cancelled"), over
            if not finish:
                assert look(root) == before
                continue
        assert _texts(root) == deed.after(BEFORE)
        if undo:
            taken_back = mneme("undo", newest["id"], "--json")
            assert taken_back.code == 0, taken_back
            assert look(root) == before


@posix
@pytest.mark.timeout(300)
def test_killed_at_random_moments_files_are_as_before_or_as_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNEME_EMBEDDING__MODEL", "")
    _play(tmp_path, 3, random.Random(SEED), undo=False)


@posix
@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_killed_thirty_times_files_are_as_before_or_as_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNEME_EMBEDDING__MODEL", "")
    _play(tmp_path, int(os.environ.get("MNEME_SOAK_KILLS", "30")), random.Random(SEED), undo=True)
