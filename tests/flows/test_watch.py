"""`mneme watch` in a process of its own, on real files: changes are found, a drive that goes takes nothing along."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flows.cli import LIMIT_S, Mneme
from tests.flows.killing import rows

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ends the command as a terminal on POSIX does")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path.resolve() / "drive"
    (made / "sub").mkdir(parents=True)
    for number in range(25):
        (made / "sub" / f"{number:02}.txt").write_text(f"Entry {number} of the warehouse ledger, kept by hand.")
    (made / "otter.txt").write_text("The otter swims in the cold river.")
    return made


class Follower:
    """A `mneme watch` at work, and questions to it from other processes."""

    def __init__(self, mneme: Mneme, folder: Path) -> None:
        self.mneme = mneme
        self.running = mneme.start("watch", str(folder))
        self.until(lambda: set(self.states().values()) == {"ready"})

    def states(self) -> dict[str, str]:
        """The state of each file; what is left out, as the insides of a repository are, has none."""
        done = self.mneme("status", "--json")
        assert done.code == 0, done
        return {one["path"]: one["state"] for one in done.json["sources"] if one["state"] != "excluded"}

    def found(self, words: str) -> list[str]:
        items: list[Any] = self.mneme("recall", words, "--json").json["items"] if (self.running.poll() is None) else []
        return [item["cite"]["path"] for item in items]

    def until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + LIMIT_S
        while not holds():
            assert self.running.poll() is None, self.running.communicate()
            assert time.monotonic() < deadline, (self.states(), self.running.poll())

    def end(self) -> str:
        self.running.send_signal(signal.SIGINT)
        stdout, stderr = self.running.communicate(timeout=LIMIT_S)
        assert (self.running.returncode, stderr) == (0, "")
        return stdout


@pytest.fixture
def follower(tmp_path: Path, folder: Path) -> Iterator[Follower]:
    made = Follower(Mneme(tmp_path / "home"), folder)
    try:
        yield made
    finally:
        if made.running.poll() is None:
            made.running.kill()
            made.running.communicate()


def test_what_is_written_moved_and_deleted_is_found_as_it_is_now(follower: Follower, folder: Path) -> None:
    (folder / "new.txt").write_text("The axolotl regrows its limbs.")
    follower.until(lambda: follower.found("axolotl") == [str(folder / "new.txt")])
    (folder / "draft").write_text("The axolotl sleeps.")
    (folder / "draft").rename(folder / "otter.txt")
    follower.until(lambda: sorted(follower.found("axolotl")) == [str(folder / "new.txt"), str(folder / "otter.txt")])
    (folder / "new.txt").unlink()
    shutil.move(folder / "sub", folder / "ledger")
    follower.until(lambda: follower.found("axolotl") == [str(folder / "otter.txt")])
    follower.until(lambda: str(folder / "ledger" / "07.txt") in follower.found("ledger entry 7"))
    assert len(follower.states()) == 26
    assert follower.mneme("verify", "--json").code == 0
    told = follower.end()
    assert "Ctrl+C" in told
    assert "25 files moved" in told


def test_what_changed_while_nobody_watched_is_found_at_the_next_start(follower: Follower, folder: Path) -> None:
    follower.end()
    (folder / "otter.txt").rename(folder / "moved.txt")
    (folder / "new.txt").write_text("The axolotl regrows its limbs.")
    again = Follower(follower.mneme, folder)
    again.until(lambda: again.found("axolotl") == [str(folder / "new.txt")])
    assert str(folder / "otter.txt") not in again.states()
    assert again.found("otter river") == [str(folder / "moved.txt")]
    again.end()


class Repository:
    """A folder under Git with two branches that differ in few of its many files."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("add", ".")
        self.git("commit", "--quiet", "-m", "the ledger")
        self.git("checkout", "--quiet", "-b", "animals")
        (place / "sub" / "03.txt").write_text("Entry 3 was replaced by the axolotl, which regrows its limbs.")
        (place / "newt.txt").write_text("The newt waits under a stone.")
        self.git("rm", "--quiet", "sub/04.txt")
        self.git("mv", "sub/05.txt", "sub/moved.txt")
        self.git("add", ".")
        self.git("commit", "--quiet", "-m", "animals move in")
        self.git("checkout", "--quiet", "main")

    def git(self, *words: str) -> None:
        person = ["-c", "user.name=Keeper", "-c", "user.email=keeper@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *person, *words], cwd=self.place, check=True, capture_output=True)

    def written(self, mneme: Mneme, after: int) -> set[str]:
        """Return what was written to memory since an entry of the journal, by path within the repository."""
        found = rows(mneme, f"SELECT path FROM journal WHERE op = 'remember' AND seq > {after}")
        return {Path(path).relative_to(self.place).as_posix() for (path,) in found}


@pytest.mark.skipif(shutil.which("git") is None, reason="needs Git")
def test_another_branch_is_read_only_where_it_differs(tmp_path: Path, folder: Path) -> None:
    repository = Repository(folder)
    follower = Follower(Mneme(tmp_path / "home"), folder)
    try:
        _through_two_branches(follower, repository)
        assert "1 file moved" in follower.end()
    finally:
        if follower.running.poll() is None:
            follower.running.kill()
            follower.running.communicate()


def _through_two_branches(follower: Follower, repository: Repository) -> None:
    mneme, place = follower.mneme, repository.place
    before = rows(mneme, "SELECT max(seq) FROM journal")[0][0]
    repository.git("checkout", "--quiet", "animals")
    follower.until(lambda: follower.found("axolotl") == [str(place / "sub" / "03.txt")])
    follower.until(lambda: follower.found("newt stone") == [str(place / "newt.txt")])
    follower.until(lambda: str(place / "sub" / "04.txt") not in follower.states())
    follower.until(lambda: follower.states().get(str(place / "sub" / "moved.txt")) == "ready")
    assert repository.written(mneme, before) == {"sub/03.txt", "newt.txt", "sub/moved.txt"}
    assert len(follower.states()) == 26
    between = rows(mneme, "SELECT max(seq) FROM journal")[0][0]
    repository.git("checkout", "--quiet", "main")
    follower.until(lambda: follower.found("axolotl") == [] and follower.found("newt stone") == [])
    follower.until(lambda: str(place / "sub" / "04.txt") in follower.states())
    follower.until(lambda: set(follower.states().values()) == {"ready"})
    assert repository.written(mneme, between) == {"sub/03.txt", "sub/04.txt", "sub/05.txt"}
    assert str(place / "sub" / "05.txt") in follower.states()
    assert mneme("verify", "--json").code == 0


class Drive:
    """A folder that can be unplugged: a mount where this user may mount, else a folder that is renamed."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.real = place.with_name("real")
        place.rename(self.real)
        place.mkdir()
        mounted = os.geteuid() == 0 and shutil.which("mount") is not None
        self.mounts = mounted and subprocess.run(self._mount(), capture_output=True, check=False).returncode == 0
        if not self.mounts:
            self.plug()

    def _mount(self) -> list[str]:
        return ["mount", "--bind", str(self.real), str(self.place)]

    def plug(self) -> None:
        if self.mounts:
            subprocess.run(self._mount(), check=True)
        else:
            self.place.rmdir()
            self.real.rename(self.place)

    def unplug(self) -> None:
        if self.mounts:
            subprocess.run(["umount", "-l", str(self.place)], check=True)
        else:
            self.place.rename(self.real)
            self.place.mkdir()


@pytest.mark.parametrize("left", ["empty", "gone"])
def test_a_drive_that_goes_deletes_nothing_and_comes_back_without_being_read(tmp_path: Path, folder: Path, left: str) -> None:
    drive = Drive(folder)
    try:
        _through_an_unplugging(Follower(Mneme(tmp_path / "home"), folder), drive, left)
    finally:
        if drive.mounts:
            subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)


def _through_an_unplugging(follower: Follower, drive: Drive, left: str) -> None:
    folder = drive.place
    try:
        drive.unplug()
        if left == "gone":
            folder.rmdir()
        follower.until(lambda: set(follower.states().values()) == {"offline"})
        assert str(folder / "otter.txt") in follower.found("otter")
        before = follower.mneme("status", "--json").json["totals"]
        if left == "gone":
            folder.mkdir()
        (drive.real / "otter.txt").write_text("The axolotl regrows its limbs.")
        drive.plug()
        follower.until(lambda: set(follower.states().values()) == {"ready"} and follower.found("axolotl") != [])
        after = follower.mneme("status", "--json").json["totals"]
        assert (after["sources"], after["chunks"]) == (before["sources"], before["chunks"])
        (folder / "later.txt").write_text("The pangolin curls up.")
        follower.until(lambda: follower.found("pangolin") == [str(folder / "later.txt")])
        assert follower.mneme("verify", "--json").code == 0
        follower.end()
    finally:
        if follower.running.poll() is None:
            follower.running.kill()
            follower.running.communicate()
