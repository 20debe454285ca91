"""A walk names every file, reads what it may, and says of the rest why it is left out."""

import hashlib
import os
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.adapters.system.gitignore import rules_above
from assistant.adapters.system.walker import DiskWalker
from assistant.config.schema import Ingest
from assistant.domain.errors import PathRefusedError, ReadError

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX file systems only")


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture
def walker(executor: ThreadPoolExecutor) -> DiskWalker:
    return DiskWalker(executor, Ingest(max_file_mb=1, ignore=("*.secret", "/private/")))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "root"
    folder.mkdir()
    return folder


def put(root: Path, *names: str, content: bytes = b"text\n") -> None:
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


async def reasons(walker: DiskWalker, root: Path) -> dict[str, tuple[str, str]]:
    return {os.path.relpath(file.path, root): (file.skip, file.reason) for file in await walker.walk(str(root))}


async def test_plain_files_are_found_with_size_and_time(walker: DiskWalker, root: Path) -> None:
    put(root, "b.md", "deep/er/a.py", ".hidden.txt", "no extension")
    found = await walker.walk(str(root))
    assert [os.path.relpath(file.path, root) for file in found] == sorted([".hidden.txt", "b.md", "deep/er/a.py", "no extension"])
    assert all(file.size == 5 and file.modified > 0 and not file.skip for file in found)


async def test_folders_of_dependencies_and_builds_are_one_entry(walker: DiskWalker, root: Path) -> None:
    put(
        root,
        ".git/config",
        "node_modules/a/b.js",
        ".venv/x.py",
        "env/pyvenv.cfg",
        "env/lib/x.py",
        "build/o.txt",
        "src/__pycache__/x.py",
    )
    put(root, "target/free.txt", "rust/Cargo.toml", "rust/target/debug/x.txt")
    seen = await reasons(walker, root)
    assert seen == {
        ".git": ("ignored", "ignored folder: .git"),
        "node_modules": ("ignored", "ignored folder: node_modules"),
        ".venv": ("ignored", "ignored folder: .venv"),
        "env": ("ignored", "ignored folder: a Python environment"),
        "build": ("ignored", "ignored folder: build"),
        "src/__pycache__": ("ignored", "ignored folder: __pycache__"),
        "target/free.txt": ("", ""),
        "rust/Cargo.toml": ("", ""),
        "rust/target": ("ignored", "ignored folder: target"),
    }


async def test_gitignore_is_obeyed_nested_and_negated(walker: DiskWalker, root: Path) -> None:
    put(root, ".gitignore", content=b"# comment\n*.log\n!keep.log\n/only-here.txt\nout/\n")
    put(root, "a/.gitignore", content=b"!special.log\nsecret.md\n")
    put(
        root,
        "x.log",
        "keep.log",
        "only-here.txt",
        "a/only-here.txt",
        "a/special.log",
        "a/y.log",
        "a/secret.md",
        "secret.md",
        "out/x.md",
    )
    seen = await reasons(walker, root)
    assert {name for name, (skip, _) in seen.items() if not skip} == {
        ".gitignore", "a/.gitignore", "keep.log", "a/only-here.txt", "a/special.log", "secret.md",
    }  # fmt: skip
    assert seen["x.log"] == ("ignored", "ignored by .gitignore: *.log")
    assert seen["out"] == ("ignored", "ignored by .gitignore: out/")
    assert seen["a/secret.md"] == ("ignored", "ignored by .gitignore: secret.md")


async def test_rules_of_the_repository_above_hold_unless_they_ignore_the_folder_named(walker: DiskWalker, root: Path) -> None:
    put(root, ".git/info/exclude", content=b"*.local\n")
    put(root, ".gitignore", content=b"*.log\n/wanted/\n")
    put(root, "sub/a.log", "sub/b.local", "sub/c.md", "wanted/a.log")
    assert {name for name, (skip, _) in (await reasons(walker, root / "sub")).items() if not skip} == {"c.md"}
    assert await reasons(walker, root / "wanted") == {"a.log": ("", "")}


async def test_gitignore_can_be_switched_off(executor: ThreadPoolExecutor, root: Path) -> None:
    put(root, ".gitignore", content=b"*.md\n")
    put(root, "a.md")
    assert (await reasons(DiskWalker(executor, Ingest(use_gitignore=False)), root))["a.md"] == ("", "")


async def test_patterns_of_the_settings_are_obeyed(walker: DiskWalker, root: Path) -> None:
    put(root, "a.secret", "private/x.md", "sub/private/y.md")
    seen = await reasons(walker, root)
    assert seen["a.secret"] == ("ignored", "ignored by your settings: *.secret")
    assert seen["private"] == ("ignored", "ignored by your settings: /private/")
    assert seen["sub/private/y.md"] == ("", "")


@pytest.mark.parametrize(
    ("name", "content", "skip", "reason"),
    [
        ("big.txt", b"x" * (2**20 + 1), "too large", "larger than 1 MiB"),
        ("a.exe", b"MZ", "binary", "binary file (.exe)"),
        ("mystery", b"\x7fELF\0\0\1", "binary", "binary file"),
        ("empty.txt", b"", "ignored", "empty"),
        ("a.PNG", b"\x89PNG", "unsupported", "pictures are not remembered yet"),
        ("a.mp3", b"ID3", "unsupported", "sound is not remembered yet"),
        ("a.zip", b"PK\3\4", "unsupported", "archives are not opened"),
        ("disguised", b"PK\3\4", "unsupported", "archives are not opened"),
        (".DS_Store", b"x", "ignored", "temporary or system file"),
        ("~$letter.docx", b"x", "ignored", "temporary or system file"),
        ("yarn.lock", b"x", "ignored", "generated file"),
        ("jquery.min.js", b"x", "ignored", "generated file"),
        ("wide.note", "Привет, мир".encode("utf-16"), "", ""),
        ("wide2.note", "Привет, мир и все остальные\n".encode("utf-16-le"), "", ""),
        ("report", b"%PDF-1.7\n\0\0", "", ""),
        ("a.docx", b"PK\3\4\0", "", ""),
        ("odd\nname\u202e.txt", b"x", "", ""),
    ],
)
async def test_each_file_has_its_reason(
    walker: DiskWalker, root: Path, name: str, content: bytes, skip: str, reason: str
) -> None:
    put(root, name, content=content)
    assert await reasons(walker, root) == {name: (skip, reason)}


@posix
async def test_names_that_are_no_text_are_skipped_with_a_reason(walker: DiskWalker, root: Path) -> None:
    put(root, "good.md")
    Path(os.fsdecode(os.fsencode(root) + b"/bad\xff.md")).write_bytes(b"x")
    found = await walker.walk(str(root))
    assert [(file.skip, file.path.encode() is not None) for file in found] == [("unreadable", True), ("", True)]
    assert "bad\\udcff.md" in found[0].path


@posix
async def test_links_are_never_followed_and_loops_end(walker: DiskWalker, root: Path) -> None:
    outside = root.parent / "root-evil"
    put(outside, "x.md")
    put(root, "in/a.md")
    for name, target in (
        ("out", outside),
        ("file", outside / "x.md"),
        ("loop", root),
        ("inner", root / "in"),
        ("gone", root / "no"),
    ):
        (root / name).symlink_to(target)
    seen = await reasons(walker, root)
    assert {name: skip for name, (skip, _) in seen.items()} == {
        "out": "outside", "file": "outside", "loop": "ignored", "inner": "ignored", "gone": "unreadable", "in/a.md": "",
    }  # fmt: skip


@posix
async def test_sockets_and_pipes_are_not_opened(walker: DiskWalker, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(root / "pipe.txt")
    monkeypatch.chdir(root)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.txt")
        assert {skip for skip, _ in (await reasons(walker, root)).values()} == {"unsupported"}
    with pytest.raises(ReadError):
        await walker.digest(str(root / "pipe.txt"))


async def test_a_file_named_itself_is_not_asked_about_ignore_rules(walker: DiskWalker, root: Path) -> None:
    put(root, ".gitignore", content=b"*.log\n")
    put(root, "a.log", "b.exe")
    assert [file.skip for file in await walker.walk(str(root / "a.log"))] == [""]
    assert [file.skip for file in await walker.walk(str(root / "b.exe"))] == ["binary"]


async def test_paths_that_cannot_be_walked_are_refused_with_a_remedy(executor: ThreadPoolExecutor, root: Path) -> None:
    walker = DiskWalker(executor, Ingest(), own=[str(root / "mneme")])
    put(root, "mneme/memory.txt", "mneme-twin/x.md")
    for path in (str(root / "missing"), "relative", "/a\0b", "/a\udcff", str(root / "mneme")):
        with pytest.raises(PathRefusedError) as caught:
            await walker.walk(path)
        assert caught.value.remedy
        str(caught.value).encode()
    assert await reasons(walker, root) == {"mneme": ("ignored", "Mneme's own folder"), "mneme-twin/x.md": ("", "")}


async def test_digest_and_stat(walker: DiskWalker, root: Path) -> None:
    put(root, "a.md", content=b"abc")
    assert await walker.digest(str(root / "a.md")) == hashlib.sha256(b"abc").hexdigest()
    found = await walker.stat(str(root / "a.md"))
    assert found is not None and (found.size, found.skip) == (3, "")
    assert await walker.stat(str(root / "gone")) is None
    assert await walker.stat(str(root / "a.md" / "below")) is None
    with pytest.raises(ReadError):
        await walker.digest(str(root / "gone"))


def test_folders_above_that_may_not_be_looked_into_give_no_rules() -> None:
    assert rules_above("/" + "x" * 300) == ()  # the system refuses the look, as it does where rights are missing
