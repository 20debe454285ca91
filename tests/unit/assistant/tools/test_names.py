"""Paths are literal, and new names are plain to see."""

import pytest

from assistant.tools.names import folded, is_literal_path, numbered, split, unfit, within


@pytest.mark.parametrize("path", ["/a", "/a/b c", "/", "/a/…b"])
def test_literal_paths(path: str):
    assert is_literal_path(path)


@pytest.mark.parametrize("path", ["", "a", "/a/../b", "/a/./b", "/a//b", "/a/", "/a\0b", "~/a", "//server/share"])
def test_paths_that_are_not(path: str):
    assert not is_literal_path(path)


def test_a_prefix_twin_does_not_lie_within():
    assert within("/allowed", "/allowed")
    assert within("/allowed/a", "/allowed")
    assert within("/a", "/")
    assert not within("/allowed-evil/a", "/allowed")


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a\u202egnp.exe", "a\u200bb", "a\nb", "a/b", " a", "a ", "я" * 128, "a\ufeff", "\udcff"]
)
def test_unfit_names(name: str):
    assert unfit(name)


@pytest.mark.parametrize("name", ["a", ".profile", "Снимок экрана 10:30.png", "é" * 127, "a.b."])
def test_fit_names(name: str):
    assert unfit(name) == ""


def test_names_are_cut_and_numbered():
    assert split("a.tar.gz") == ("a", ".tar.gz")
    assert split(".profile") == (".profile", "")
    assert split("a.b.md") == ("a.b", ".md")
    assert numbered("plan.md", 2) == "plan (2).md"
    assert numbered("Makefile", 3) == "Makefile (3)"
    assert len(numbered("я" * 125 + ".md", 12).encode()) <= 255
    assert folded("É.TXT") == folded("e\u0301.txt")
