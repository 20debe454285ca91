"""Which path lies where: whole names decide, never how a name begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.policy import paths
from assistant.policy.paths import Folders, ancestors, fault_of, hidden_signs, is_volume, matches, within

names = st.text(st.characters(blacklist_characters="/\0*?"), min_size=1, max_size=8).filter(lambda name: name not in (".", ".."))


@given(st.lists(names, min_size=1, max_size=4), st.lists(names, max_size=3), names)
def test_prefix_twins_are_never_within(folder: list[str], below: list[str], more: str) -> None:
    place = "/" + "/".join(folder)
    assert within("/".join([place, *below]), place)
    assert not within("/".join([place + more, *below]), place)
    assert matches("/".join([place, *below]), place)
    assert not matches("/".join([place + more, *below]), place)
    assert Folders([place + "/"]).outside([place, place + more]) == place + more


def test_folders_cover_and_name() -> None:
    folders = Folders(["/a/b", "", "/c"])
    assert folders.name("/a/b")
    assert not folders.name("/a/b/d")
    assert folders.outside(["/a/b/d", "/c"]) == ""
    assert Folders(["/"]).cover("/anything")
    assert not Folders([]).cover("/a")
    assert ancestors("/a/b") == ["/a", "/"]


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("/a/b", ""),
        ("/", ""),
        ("/a/../b", "plainly"),
        ("/a/./b", "plainly"),
        ("/a//b", "plainly"),
        ("/a/", "plainly"),
        ("//server/share", "plainly"),
        ("a/b", "not absolute"),
        ("", "not absolute"),
        ("C:\\a", "not absolute"),
        ("/a\0b", "zero byte"),
    ],
)
def test_a_path_has_to_say_plainly_where_it_leads(path: str, fault: str) -> None:
    assert fault in fault_of(path)
    assert bool(fault_of(path)) is bool(fault)


def test_a_stream_of_a_file_is_no_file_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fault_of("/a/b:stream") == ""
    monkeypatch.setattr(paths, "STREAMS", True)
    assert "stream" in fault_of("/a/b:stream")


@pytest.mark.parametrize(
    ("path", "volume"),
    [
        ("/", True),
        ("/mnt/disk", True),
        ("/mnt/disk/a", False),
        ("/media/u/stick", True),
        ("/run/media/u/stick", True),
        ("/run/media/u/stick/a", False),
        ("/Volumes/Stick", True),
        ("C:\\", True),
        ("C:", True),
        ("C:\\a", False),
        ("\\\\server\\share", True),
        ("\\\\server\\share\\a", False),
        ("/home/u", False),
    ],
)
def test_whole_volumes_are_known_by_their_place(path: str, volume: bool) -> None:
    assert is_volume(path) is volume


@pytest.mark.parametrize(
    ("pattern", "path", "named"),
    [
        ("/a/*", "/a/b", True),
        ("/a/*", "/a/b/c", True),
        ("/a/*", "/a", False),
        ("/a/*.md", "/a/b.md", True),
        ("/a/*.md", "/a/b/c.md", False),
        ("/a/**/c.md", "/a/c.md", True),
        ("/a/**/c.md", "/a/b/x/c.md", True),
        ("/a/**", "/a/b/c", True),
        ("/a/**", "/ab", False),
        ("/a/?", "/a/b", True),
        ("/a/?", "/a/bc", False),
        ("/a/[b]", "/a/b", False),
        ("/a/[b]", "/a/[b]", True),
        ("*.key", "/a/b/my.key", True),
        ("*.key", "/a/b/my.key.md", False),
        (".git", "/a/.git/config", True),
        ("/a/b/", "/a/b/c", True),
    ],
)
def test_patterns_stay_within_names(pattern: str, path: str, named: bool) -> None:
    assert matches(path, pattern) is named


def test_signs_that_cannot_be_seen_are_seen() -> None:
    assert hidden_signs("/a/photo\u202egpj.exe")
    assert not hidden_signs("/a/фото 2026.jpg")
