"""Lines of a difference: numbered, below each other, and old and new side by side at equal height."""

from assistant.api.views import ChangeKind, DiffLine, FileDiff, Hunk
from ui.previews.diff_rows import DiffRow, side_by_side, unified


def line(sign: str, text: str, old: int | None = None, new: int | None = None) -> DiffLine:
    return DiffLine.model_validate({"sign": sign, "text": text, "old": old, "new": new})


HUNK = Hunk(
    n=0,
    old_start=1,
    new_start=1,
    lines=(
        line(" ", "a", 1, 1),
        line("-", "b", 2),
        line("-", "c", 3),
        line("+", "B", None, 2),
        line(" ", "d", 4, 3),
        line("+", "e", None, 4),
        line("-", "f", 5),
    ),
)
DIFF = FileDiff(path="/x", kind=ChangeKind.WRITE, hunks=(HUNK,))


def test_below_each_other() -> None:
    rows = unified(DIFF)
    assert rows[0] == DiffRow("@", "@@ -1,5 +1,4 @@", hunk=0)
    assert [(row.sign, row.text, row.old, row.new) for row in rows[1:]] == [
        (one.sign, one.text, one.old, one.new) for one in HUNK.lines
    ]


def test_side_by_side_fills_up_the_shorter_side() -> None:
    left, right = side_by_side(DIFF)
    assert [(row.sign, row.text) for row in left] == [
        ("@", "@@ -1,5 +1,4 @@"),
        *((" ", "a"), ("-", "b"), ("-", "c"), (" ", "d"), ("", ""), ("-", "f")),
    ]
    assert [(row.sign, row.text) for row in right] == [
        ("@", "@@ -1,5 +1,4 @@"),
        *((" ", "a"), ("+", "B"), ("", ""), (" ", "d"), ("+", "e"), ("", "")),
    ]
    assert [(row.old, row.new) for row in left[1:3]] == [(1, None), (2, None)]
    assert right[1].new == 1


def test_nothing_gives_nothing() -> None:
    empty = DIFF.model_copy(update={"hunks": ()})
    assert unified(empty) == []
    assert side_by_side(empty) == ([], [])
