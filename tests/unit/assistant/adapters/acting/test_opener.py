import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.adapters.acting.opener import SystemOpener
from assistant.domain.errors import ChangedMeanwhileError, PathRefusedError, StorageError

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the programs here are shell scripts")


class Desktop:
    """Programs in a folder of their own that write down what they are called with."""

    def __init__(self, place: Path) -> None:
        self.programs = place / "programs"
        self.programs.mkdir()
        self.log = place / "log"

    def install(self, name: str, code: int = 0) -> None:
        program = self.programs / name
        program.write_text(f'#!/bin/sh\nfor word in {name} "$@"; do printf "%s\\0" "$word" >> "{self.log}"; done\nexit {code}\n')
        program.chmod(0o755)

    def called(self) -> list[str]:
        return self.log.read_text("utf-8").split("\0")[:-1] if self.log.exists() else []


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desktop:
    made = Desktop(tmp_path)
    monkeypatch.setenv("PATH", str(made.programs))
    return made


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    root.mkdir()
    return root


@pytest.fixture
def opener(root: Path) -> Iterator[SystemOpener]:
    async def roots() -> list[str]:
        return [str(root)]

    with ThreadPoolExecutor(1) as pool:
        yield SystemOpener(pool, roots)


async def test_a_file_is_one_argument_whatever_its_name(desktop: Desktop, root: Path, opener: SystemOpener) -> None:
    desktop.install("xdg-open")
    file = root / "$(touch x); `id` & \"quoted\" 'a' *.txt"
    file.write_text("text")
    await opener.open(str(file), reveal=False)
    assert desktop.called() == ["xdg-open", str(file)]
    assert [path.name for path in root.iterdir()] == [file.name]


async def test_another_program_is_tried_when_one_fails(desktop: Desktop, root: Path, opener: SystemOpener) -> None:
    desktop.install("xdg-open", 3)
    desktop.install("gio")
    (root / "a.txt").write_text("text")
    await opener.open(str(root / "a.txt"), reveal=False)
    assert desktop.called() == ["xdg-open", str(root / "a.txt"), "gio", "open", str(root / "a.txt")]


async def test_no_program_is_said(desktop: Desktop, root: Path, opener: SystemOpener) -> None:
    desktop.install("xdg-open", 4)
    (root / "a.txt").write_text("text")
    with pytest.raises(StorageError, match=r"No program was found that opens .*a\.txt"):
        await opener.open(str(root / "a.txt"), reveal=False)


@pytest.mark.parametrize(
    ("name", "content", "mode"),
    [
        ("a.desktop", b"[Desktop Entry]", 0o644),
        ("a.EXE", b"MZ", 0o644),
        ("innocent.pdf", b"\x7fELF\x02", 0o644),
        ("script", b"#!/bin/sh\n", 0o755),
        ("notes.txt", b"#!/usr/bin/env python\n", 0o755),
        ("a.jar", b"PK", 0o644),
    ],
)
async def test_what_would_run_is_only_shown(
    desktop: Desktop, root: Path, opener: SystemOpener, name: str, content: bytes, mode: int
) -> None:
    desktop.install("xdg-open")
    file = root / name
    file.write_bytes(content)
    file.chmod(mode)
    with pytest.raises(PathRefusedError, match="would run"):
        await opener.open(str(file), reveal=False)
    assert desktop.called() == []
    await opener.open(str(file), reveal=True)
    assert desktop.called() == ["xdg-open", str(root)]


@pytest.mark.parametrize("mode", [0o644, 0o755])
async def test_documents_open_even_where_all_files_may_be_run(
    desktop: Desktop, root: Path, opener: SystemOpener, mode: int
) -> None:
    desktop.install("xdg-open")
    (root / "a.txt").write_text("#!/bin/sh" if mode == 0o644 else "text")
    (root / "a.txt").chmod(mode)
    await opener.open(str(root / "a.txt"), reveal=False)
    assert desktop.called() == ["xdg-open", str(root / "a.txt")]


async def test_a_file_is_shown_by_the_file_manager_where_it_can(desktop: Desktop, root: Path, opener: SystemOpener) -> None:
    desktop.install("dbus-send")
    desktop.install("xdg-open")
    (root / "a, b.txt").write_text("text")
    await opener.open(str(root / "a, b.txt"), reveal=True)
    program, *arguments = desktop.called()
    assert program == "dbus-send"
    assert arguments[-2:] == [f"array:string:file://{root}/a%2C%20b.txt", "string:"]


async def test_outside_behind_links_and_missing_is_refused(
    desktop: Desktop, root: Path, tmp_path: Path, opener: SystemOpener
) -> None:
    desktop.install("xdg-open")
    (tmp_path / "secret.txt").write_text("text")
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    for path in (tmp_path / "secret.txt", root / "link.txt"):
        for reveal in (False, True):
            with pytest.raises(PathRefusedError):
                await opener.open(str(path), reveal=reveal)
    with pytest.raises(ChangedMeanwhileError):
        await opener.open(str(root / "none.txt"), reveal=False)
    assert desktop.called() == []
