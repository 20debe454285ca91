"""A difference shows what changes, and any choice of its hunks gives a text between before and after."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.change import ChangeKind, FileDiff
from assistant.orchestrator.acting.diffs import MOST_LINES, compare, without

BARE = FileDiff(path="/r/a.txt", kind=ChangeKind.WRITE)
OLD = "".join(f"line {n}\n" for n in range(30)).encode()
NEW = OLD.replace(b"line 3\n", b"line three\n").replace(b"line 25\n", b"line 25\nand a half\n")

texts = st.lists(st.sampled_from(["a", "b", "c", "", "d\r"]), max_size=40).map("\n".join).map(str.encode)


def test_two_places_far_apart_are_two_hunks_with_line_numbers_of_both_sides() -> None:
    diff = compare(BARE, OLD, NEW)

    assert [hunk.n for hunk in diff.hunks] == [0, 1]
    changed = [(line.sign, line.text, line.old, line.new) for hunk in diff.hunks for line in hunk.lines if line.sign != " "]
    assert changed == [("-", "line 3", 4, None), ("+", "line three", None, 4), ("+", "and a half", None, 27)]
    assert (diff.old_size, diff.new_size) == (len(OLD), len(NEW))


def test_a_hunk_left_out_stays_as_it_was() -> None:
    assert without(OLD, NEW, {1}) == OLD.replace(b"line 3\n", b"line three\n")
    assert without(OLD, NEW, {0}) == OLD.replace(b"line 25\n", b"line 25\nand a half\n")


def test_bytes_and_very_long_files_are_shown_by_size_alone() -> None:
    assert compare(BARE, b"\0\1", b"text").binary
    assert compare(BARE, "текст".encode("cp1251"), b"text").binary
    long = compare(BARE, b"x\n" * MOST_LINES, b"y\n")
    assert long.truncated
    assert not long.hunks
    assert without(b"\0", b"new", {0}) == b"new"


def test_a_missing_end_of_line_is_told() -> None:
    diff = compare(BARE, b"one\n", b"one")
    assert (diff.old_eol, diff.new_eol) == (True, False)


@given(texts, texts)
def test_all_hunks_left_out_is_before_and_none_is_after(old: bytes, new: bytes) -> None:
    every = {hunk.n for hunk in compare(BARE, old, new).hunks}
    assert without(old, new, every) == (old if every else new)
    assert without(old, new, set()) == new
    assert bool(every) == (old != new)
