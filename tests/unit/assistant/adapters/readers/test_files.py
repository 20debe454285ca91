"""Only plain files are opened, never through a link, and never half-written."""

import os
import sys
from pathlib import Path

import pytest

from assistant.adapters.readers import files
from assistant.adapters.readers.files import load
from assistant.domain.errors import ReaderLimitError, ReadError


def test_a_plain_file_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path.resolve() / "a b\nc.txt"
    file.write_bytes(b"x\r\ny")
    assert load(str(file), 100) == (b"x\r\ny", file.stat().st_mtime)


@pytest.mark.parametrize("path", ["relative.txt", "/a\0b", ""])
def test_odd_paths_are_refused(path: str) -> None:
    with pytest.raises(ReadError):
        load(path, 100)


def test_size_and_absence_are_told(tmp_path: Path) -> None:
    file = tmp_path.resolve() / "a"
    with pytest.raises(ReadError, match="gone"):
        load(str(file), 100)
    file.write_bytes(b"x" * 101)
    with pytest.raises(ReaderLimitError, match="larger"):
        load(str(file), 100)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_folders_and_pipes_are_refused(tmp_path: Path) -> None:
    base = tmp_path.resolve()
    (base / "real").mkdir()
    (base / "real" / "a").write_text("x")
    (base / "link").symlink_to(base / "real")
    (base / "file").symlink_to(base / "real" / "a")
    os.mkfifo(base / "pipe")
    for name, reason in (("link/a", "link"), ("file", "link"), ("pipe", "plain"), ("real", "plain|directory")):
        with pytest.raises(ReadError, match=reason):
            load(str(base / name), 100)


def test_a_file_that_changes_is_read_again_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path.resolve() / "a"
    file.write_bytes(b"whole")
    answers = [(files.Loaded(b"ha", 1.0), False), (files.Loaded(b"whole", 2.0), True)]

    def torn(path: str, max_bytes: int) -> tuple[files.Loaded, bool]:
        return answers.pop(0)

    monkeypatch.setattr(files, "_load", torn)
    assert load(str(file), 100).data == b"whole"
    answers[:] = [(b"", False), (b"", False)]
    with pytest.raises(ReadError, match="changing"):
        load(str(file), 100)
