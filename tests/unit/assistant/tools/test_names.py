"""Paths are literal, and names are cut and numbered as people expect."""

import pytest

from assistant.tools.names import ending, folder_of, is_literal_path, joined, name_of, numbered, split, within


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


def test_names_are_cut_and_numbered():
    assert split("a.tar.gz") == ("a", ".tar.gz")
    assert split(".profile") == (".profile", "")
    assert split("a.b.md") == ("a.b", ".md")
    assert split("Report 17.05.2024") == ("Report 17.05.2024", "")
    assert (ending("/x/a.TAR.GZ"), ending("/x/Makefile"), ending("/x/.md")) == ("gz", "", "")
    assert (folder_of("/x/a"), name_of("/x/a"), joined("/", "a"), joined("/x", "a")) == ("/x", "a", "/a", "/x/a")
    assert numbered("plan.md", 2) == "plan (2).md"
    assert numbered("Makefile", 3) == "Makefile (3)"
    assert len(numbered("я" * 125 + ".md", 12).encode()) <= 255
