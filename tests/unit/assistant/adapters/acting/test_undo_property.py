"""Random trees and random plans: what `check` lets through happens, and taken back all is as before."""

import asyncio
import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain.change import Applied, Change, ChangeKind, Stamp
from tests.contract.trees import Desk, state

NAMES = ["a", "b.txt", "ё", "Заметка 1.md", "c.tar.gz", "-rf", "sp ace", "日本.txt", "👩‍🚀.txt", "x" * 200]
ODD = ["\u202etxt.exe", "zero\u200bwidth", "new\nline", "con", "a:b", "dot."]
"""Names that exist but that nobody would be given."""
MODES = [0o600, 0o644, 0o755, 0o400, 0o666]

Op = tuple[str, int, int, int]
ops = st.lists(
    st.tuples(
        st.sampled_from(["create", "write", "move", "trash", "mkdir", "rmdir"]),
        st.integers(0, 50),
        st.integers(0, 50),
        st.integers(0, 50),
    ),
    max_size=14,
)
trees = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 20), st.integers(0, 20), st.integers(0, 20)), max_size=12)


def grow(desk: Desk, seeds: Sequence[tuple[int, int, int, int]]) -> dict[str, Stamp]:
    """Make a tree; return the stamps of all in it."""
    folders = [desk.root]
    for what, where, name, more in seeds:
        place = folders[where % len(folders)] / [*NAMES, *ODD][name % (len(NAMES) + len(ODD))]
        if place.exists() or place.is_symlink():
            continue
        if what == 0:
            place.mkdir()
            folders.append(place)
        elif what == 1:
            place.write_bytes(bytes([more]) * more * 100)
            place.chmod(MODES[more % len(MODES)])
        else:
            place.symlink_to("nowhere" if more % 2 else "/etc")
    entries = [desk.root, *desk.root.rglob("*")]
    for number, path in enumerate(sorted(entries, reverse=True)):
        at = 1_500_000_000_000_000_000 + number * 1_000_000_007
        os.utime(path, ns=(at, at), follow_symlinks=False)
    return {str(path): look(path) for path in entries}


def look(path: Path) -> Stamp:
    info = path.lstat()
    kind = "link" if path.is_symlink() else "folder" if path.is_dir() else "file"
    size = 0 if kind == "folder" else info.st_size
    return Stamp(kind=kind, size=size, mode=info.st_mode & 0o7777, mtime_ns=info.st_mtime_ns, inode=info.st_ino)


def draw(root: str, entries: dict[str, Stamp], steps: Sequence[Op]) -> tuple[list[Change], dict[str, bytes]]:
    """Turn picks into changes that can happen one after the other, with stamps as they are foreseen."""
    changes: list[Change] = []
    contents: dict[str, bytes] = {}
    for kind, one, two, three in steps:
        folders = sorted(path for path, stamp in entries.items() if stamp.kind == "folder")
        others = sorted(path for path in entries if path != root)
        files = [
            path for path in others if entries[path].kind == "file" and (entries[path].mode & 0o200 or not entries[path].mode)
        ]
        free = f"{folders[two % len(folders)]}/{NAMES[three % len(NAMES)]}"
        content = f"{kind} {one} {two}".encode() * three
        blob = sha256(content).hexdigest()
        written = Stamp(kind="file", size=len(content), mode=0, mtime_ns=0, digest=blob)
        change: Change | None = None
        if kind == "create" and free not in entries:
            change = Change(kind=ChangeKind.CREATE, path=free, blob=blob, size=len(content), mode=MODES[one % 5] | 0o600)
            entries[free] = written
        elif kind == "write" and files:
            path = files[one % len(files)]
            change = Change(kind=ChangeKind.WRITE, path=path, before=entries[path], blob=blob, size=len(content))
            entries[path] = written
        elif kind == "mkdir" and free not in entries:
            change = Change(kind=ChangeKind.MKDIR, path=free, mode=[None, 0o700, 0o755][one % 3])
            entries[free] = Stamp(kind="folder", size=0, mode=0, mtime_ns=0)
        elif others:
            path = others[one % len(others)]
            below = [other for other in entries if other.startswith(path + "/")]
            if kind == "move" and free not in entries and not free.startswith(path + "/"):
                change = Change(kind=ChangeKind.MOVE, path=path, to=free, before=entries[path])
                for other in [path, *below]:
                    entries[free + other[len(path) :]] = entries.pop(other)
            elif kind == "trash":
                change = Change(kind=ChangeKind.TRASH, path=path, before=entries[path])
                for other in [path, *below]:
                    del entries[other]
            elif kind == "rmdir" and entries[path].kind == "folder" and not below:
                change = Change(kind=ChangeKind.RMDIR, path=path, before=entries.pop(path))
        if change is not None:
            changes.append(change)
            contents[blob] = content
    return changes, contents


async def play(desk: Desk, changes: Sequence[Change], contents: dict[str, bytes], stop: int) -> None:
    before = state(desk.root)
    for content in contents.values():
        await desk.blobs.put(content)
    assert await desk.workspace.check(changes) == {}
    assert state(desk.root) == before
    times = await desk.workspace.times(changes)
    applied: list[Applied] = []
    for n, change in enumerate(changes[:stop]):
        applied.append(await desk.workspace.apply(n, change))
    for done in reversed(applied):
        await desk.workspace.revert(done)
    await desk.workspace.settle(times)
    assert state(desk.root) == before
    assert not [path for path in desk.trash.rglob("*") if not path.is_dir()]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=trees, steps=ops, stop=st.integers(0, 14))
def test_taken_back_in_reverse_everything_is_as_before(tree: list[tuple[int, int, int, int]], steps: list[Op], stop: int) -> None:
    with tempfile.TemporaryDirectory() as place, ThreadPoolExecutor(2) as pool:
        desk = Desk(Path(place), pool)
        entries = grow(desk, tree)
        changes, contents = draw(str(desk.root), entries, steps)
        asyncio.run(play(desk, changes, contents, stop))
