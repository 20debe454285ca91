"""Looking at changed paths alone: the same judgement as a walk of the whole folder."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.adapters.system.walker import DiskWalker
from assistant.config.schema import Ingest
from assistant.domain.errors import PathRefusedError
from assistant.ports.content import FoundFile


@pytest.fixture
def walker(tmp_path: Path) -> Iterator[DiskWalker]:
    with ThreadPoolExecutor(2) as pool:
        yield DiskWalker(pool, Ingest(max_file_mb=1, ignore=("*.secret",)), own=[str(tmp_path / "root" / "own")])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "root"
    for name, text in {
        "a.txt": "otter",
        ".gitignore": "*.log\nout/\n",
        "b.log": "x",
        "out/c.txt": "x",
        "node_modules/lib/d.js": "x",
        "sub/.gitignore": "!kept.log\n*.tsv\n",
        "sub/kept.log": "x",
        "sub/e.tsv": "x",
        "sub/deep/f.md": "x",
        "sub/deep/big.txt": "x" * 2**21,
        "sub/deep/key.secret": "x",
        "env/pyvenv.cfg": "x",
        "env/g.py": "x",
        "own/h.txt": "x",
        "film.mkv": "x",
        "empty.txt": "",
        "rust/Cargo.toml": "x",
        "rust/target/i.txt": "x",
        "plain/target/j.txt": "x",
    }.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (folder / ".git").mkdir()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "k.txt").write_text("x")
    (folder / "link").symlink_to(outside)
    (folder / "sub" / "link.txt").symlink_to(outside / "k.txt")
    return folder


def covered(found: list[FoundFile], path: str) -> list[FoundFile]:
    """Return what a walk says of a path: the entry itself, those under it, or the skipped folder above it."""
    return [one for one in found if Path(one.path).is_relative_to(path) or (one.skip and Path(path).is_relative_to(one.path))]


async def test_every_path_is_judged_as_by_a_walk(walker: DiskWalker, root: Path) -> None:
    whole = await walker.walk(str(root))
    places = [str(place) for place in root.rglob("*")]
    for place in places:
        assert await walker.look(str(root), [place]) == covered(whole, place), place
    assert await walker.look(str(root), places) == whole
    assert await walker.look(str(root), [str(root)]) == whole


async def test_what_lies_behind_a_link_is_not_met(walker: DiskWalker, root: Path) -> None:
    (found,) = await walker.look(str(root), [str(root / "link" / "k.txt")])
    assert (found.path, found.skip) == (str(root / "link"), "outside")


async def test_what_is_gone_or_outside_is_not_listed(walker: DiskWalker, root: Path) -> None:
    gone = [str(root / "a.txt" / "below"), str(root / "no.txt"), str(root / "no" / "x.txt")]
    assert await walker.look(str(root), [*gone, str(root.parent / "outside" / "k.txt"), f"{root}-twin/x.txt"]) == []


async def test_a_single_file_is_its_own_root(walker: DiskWalker, root: Path) -> None:
    file = str(root / "a.txt")
    assert [(one.path, one.skip) for one in await walker.look(file, [file])] == [(file, "")]
    (root / "a.txt").unlink()
    with pytest.raises(PathRefusedError):
        await walker.look(file, [file])


async def test_a_root_that_became_a_link_is_refused(walker: DiskWalker, root: Path) -> None:
    root.rename(root.with_name("old"))
    root.symlink_to(root.parent / "outside")
    with pytest.raises(PathRefusedError, match="elsewhere"):
        await walker.look(str(root), [str(root / "k.txt")])
