"""Undo of a file that was edited since: both changes live on where they do not meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.orchestrator.acting.merging import merge

BASE = b"one\ntwo\nthree\nfour\nfive\n"
texts = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12).map("\n".join).map(str.encode)


def test_changes_of_different_lines_are_both_kept() -> None:
    mine = BASE.replace(b"one", b"ONE")
    theirs = BASE.replace(b"five", b"FIVE")
    assert merge(BASE, mine, theirs) == b"ONE\ntwo\nthree\nfour\nFIVE\n"


def test_changes_of_the_same_line_clash() -> None:
    assert merge(BASE, BASE.replace(b"two", b"2"), BASE.replace(b"two", b"zwei")) is None


@pytest.mark.parametrize("side", [b"\0", "слово".encode("koi8-r")])
def test_what_is_not_text_is_not_merged(side: bytes) -> None:
    assert merge(BASE, side, BASE) is None


@given(texts, texts)
def test_where_only_one_side_changed_that_side_stands(base: bytes, changed: bytes) -> None:
    assert merge(base, changed, base) == changed
    assert merge(base, base, changed) == changed
    assert merge(base, changed, changed) == changed


@given(texts, texts, texts)
def test_sides_may_be_swapped(base: bytes, one: bytes, other: bytes) -> None:
    assert merge(base, one, other) == merge(base, other, one)
