"""What is written about a run: what was asked and done, with links, and never a word of a file."""

from assistant.domain.change import Applied, Change, ChangeKind
from assistant.domain.erasure import Doomed, erased
from assistant.orchestrator.acting.reflecting import reflection
from tests.fakes.reflected import move, over

MKDIR = Applied(n=0, change=Change(kind=ChangeKind.MKDIR, path="/r/2026-03"))
MOVED = move(1, "/r/a.png", "/r/2026-03/a.png")


def test_a_run_that_was_done() -> None:
    run, log = over("run_1", "sort the  screenshots\nby month", MKDIR, MOVED)
    assert reflection(run, log) == (
        "# What Mneme did: 2026-11-27 12:00 UTC\n\n"
        "Asked for (window): sort the screenshots by month\n\n"
        "It was done. files moved or renamed: 1, folders made: 1.\n\n"
        "To take it back: mneme undo run_1\n\n"
        "Folders: /r (1), /r/2026-03 (1)\n\n"
        "Touched:\n- /r/2026-03\n- /r/a.png → /r/2026-03/a.png\n"
    )


def test_in_the_language_of_the_request_and_with_what_went_wrong() -> None:
    run, log = over("run_1", "разложи снимки", MOVED, state="failed", reason="Диск полон.", reverted=(1,), language="ru")
    text = reflection(run, log)
    assert "Просьба (window): разложи снимки" in text
    assert "Это не удалось. Ничего из этого не осталось." in text
    assert "Не так, как ожидалось: Диск полон." in text
    assert "mneme undo" not in text


def test_what_goes_on_is_not_written_about_and_what_was_undone_says_so() -> None:
    assert reflection(*over("run_1", "x", MOVED, state="running")) == ""
    assert "It was undone afterwards. Nothing of it stands." in reflection(*over("r", "x", MOVED, state="undone", reverted=(1,)))


def test_contents_are_never_quoted_and_long_lists_end() -> None:
    many = [move(n, f"/r/{n}.txt", f"/r/{n % 20}/{n}.txt") for n in range(100)]
    write = Applied(
        n=100, change=Change(kind=ChangeKind.WRITE, path="/r/w.txt", blob="b" * 64, why="“secret word” found 3 times")
    )
    text = reflection(*over("run_1", "y" * 5000, *many, write))
    assert "secret word" not in text
    assert len(text) < 3000
    assert "and 71 more" in text
    assert "files moved or renamed: 100" in text


def test_what_was_forgotten_is_in_no_text() -> None:
    run, log = over("run_1", "move /r/a.png to /r/2026-03", MKDIR, MOVED, reason="/r/2026-03/a.png is not as it was left.")
    left = erased(run, log, Doomed(["/r/2026-03/a.png"]))
    assert left is not None
    text = reflection(*left)
    assert "a.png" not in text
    assert "What was asked for was forgotten." in text
    assert "/r/2026-03" in text
