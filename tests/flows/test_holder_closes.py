"""Several terminals over one memory: the one that holds it closes, is stopped or dies, and nobody else loses anything by that.

Files are moved in real processes; what they are at is seen on the disk and on their terminals.
"""

import sys
from pathlib import Path

import pytest

from tests.flows.cli import Mneme
from tests.flows.terminal import Terminal
from tests.flows.tree import look

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="terminals and signals of POSIX"),
    pytest.mark.timeout(300),
]

LOTS, MANY, FEW = 2000, 600, 3
ASKED = "Do this? [y/N] "


class Desk:
    """A home with three folders of text files, in which Mneme may act."""

    def __init__(self, place: Path) -> None:
        self.mneme = Mneme(place / "home")
        self.place = place / "files"
        self.place.mkdir()
        added = self.mneme("add", str(self.place))
        assert added.code == 0, added.stderr
        for name, number in (("few", FEW), ("many", MANY), ("other", FEW)):
            (self.place / name).mkdir()
            self.lay(name, number)

    def lay(self, name: str, number: int) -> None:
        """Let a folder have so many files."""
        for n in range(number):
            (self.place / name / f"{n:04}.txt").write_text(f"text {n}\n", "utf-8")

    def move(self, name: str) -> str:
        return f"move *.txt from {self.place / name} to {self.place / name}/to"

    def moved(self, name: str) -> int:
        to = self.place / name / "to"
        return len(list(to.iterdir())) if to.exists() else 0

    def until_moved(self, name: str, number: int, running: Terminal) -> None:
        """Wait until so many files were moved, watching the command that has them moved or waits for it."""
        while self.moved(name) < number:
            assert running.process.poll() is None, running.shown

    def newest(self) -> dict[str, object]:
        return self.mneme("log", "--runs", "--json").json[0]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("MNEME_EMBEDDING__MODEL", "")
    return Desk(tmp_path.resolve())


def test_who_closes_first_waits_for_the_run_of_another(desk: Desk) -> None:
    desk.lay("many", LOTS)  # so that there is something to wait for, however quick the disk
    with Terminal(desk.mneme, "do", desk.move("few")) as holder:
        holder.until(ASKED)
        assert desk.mneme("status", "--json").code == 0, "a prompt keeps nobody waiting"
        with Terminal(desk.mneme, "do", desk.move("many"), "--yes") as other:
            desk.until_moved("many", 20, other)
            holder.type("n\n")
            holder.until("Nothing was done.")
            holder.until("is carried out")
            with Terminal(desk.mneme, "do", desk.move("other"), "--yes") as late:  # waits until the holder has closed
                assert holder.ended() == 4
                assert other.ended() == 0
                assert "done: " in other.shown
                assert f"{LOTS + 1:,} changes of {LOTS + 1:,} stand." in other.shown
                assert late.ended() == 0, late.shown
    assert (desk.moved("many"), desk.moved("other"), desk.moved("few")) == (LOTS, FEW, 0)


def test_plans_that_wait_outlive_the_mneme_that_made_them(desk: Desk) -> None:
    """Both say yes at once: one opens the memory, the other goes through it. What changed meanwhile is asked about again."""
    with Terminal(desk.mneme, "do", desk.move("few")) as holder:
        holder.until(ASKED)  # it holds the memory, and the others go through it
        with (
            Terminal(desk.mneme, "do", desk.move("other")) as same,
            Terminal(desk.mneme, "do", desk.move("many")) as changed,
        ):
            same.until(ASKED)
            changed.until(ASKED)
            holder.type("n\n")
            assert holder.ended() == 4
            same.type("y\n")
            (desk.place / "many" / "late.txt").write_text("late\n", "utf-8")
            changed.type("y\n")
            changed.until("It would not be the same any more as what you agreed to.")
            changed.until(ASKED)
            assert same.ended() == 0, same.shown
            assert ASKED not in same.shown
            changed.type("y\n")
            assert changed.ended() == 0, changed.shown
    assert (desk.moved("few"), desk.moved("other"), desk.moved("many")) == (0, FEW, MANY + 1)


def test_a_holder_that_is_killed_leaves_a_run_that_the_other_tells_of(desk: Desk) -> None:
    before = look(desk.place)
    with Terminal(desk.mneme, "do", desk.move("few")) as holder:
        holder.until(ASKED)
        with Terminal(desk.mneme, "do", desk.move("many"), "--yes") as other:
            desk.until_moved("many", 20, other)
            holder.kill()
            assert other.ended() == 1
            assert f"of {MANY + 1} changes were made. It was cut off." in " ".join(other.shown.split())
    run = desk.newest()
    with Terminal(desk.mneme, "do", desk.move("few")) as holder:
        holder.until(ASKED)
        with Terminal(desk.mneme, "finish", str(run["id"])) as finishing:
            desk.until_moved("many", desk.moved("many") + 20, finishing)
            holder.kill()
            assert finishing.ended() == 0, "a person asked for it: the next Mneme goes on with it"
    with Terminal(desk.mneme, "do", desk.move("few")) as holder:
        holder.until(ASKED)
        with Terminal(desk.mneme, "undo", str(run["id"])) as undoing:
            while desk.moved("many") > MANY - 20:
                assert undoing.process.poll() is None, undoing.shown
            holder.kill()
            assert undoing.ended() == 0, undoing.shown
    assert look(desk.place) == before


def test_ctrl_c_stops_a_run_and_takes_it_back(desk: Desk) -> None:
    desk.lay("many", LOTS)  # so that it is not over before it hears of it
    before = look(desk.place)
    with Terminal(desk.mneme, "do", desk.move("few")) as holder:
        holder.until(ASKED)
        with Terminal(desk.mneme, "do", desk.move("many"), "--yes") as running:
            desk.until_moved("many", 20, running)
            running.interrupt()
            assert running.ended() == 130, running.shown
            assert "What was done is taken back" in running.shown
        holder.interrupt()
        assert holder.ended() == 130, "at the prompt too, once the other's was taken back"
        assert "Nothing was done." in holder.shown
    assert look(desk.place) == before
    assert desk.newest()["state"] == "cancelled"
