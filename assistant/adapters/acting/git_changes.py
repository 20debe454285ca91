"""What a git command would change, worked out on a shadow: files of .git, and of the working tree. Used by `git_repositories`."""

import hashlib
import io
import os
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from assistant.adapters.acting.git_shadow import Shadow
from assistant.domain.change import Change, ChangeKind, Stamp
from assistant.domain.errors import RepositoryError
from assistant.ports.acting import BlobStore

NOTHING = "0" * 40
EXECUTABLE, LINK, PLAIN = "100755", "120000", "100644"


class Turn(NamedTuple):
    """A file of the working tree that becomes another one: its path from the top, the new mode, and the new blob ("" to go)."""

    path: str
    mode: str
    blob: str


def command(shadow: Shadow, args: Sequence[str]) -> list[Turn]:
    """Carry a command out on the shadow; return what it does to the working tree. Raises RepositoryError."""
    match list(args):
        case ["add", *paths]:
            _refuse_filters(shadow, _differing(shadow))
            shadow.git("add", "--all" if paths == ["--all"] else "--", *([] if paths == ["--all"] else paths))
            return []
        case ["commit", "-m", text, *more]:
            if more:
                _refuse_filters(shadow, _differing(shadow))
                shadow.git("add", "--all")
            shadow.git("commit", "--quiet", "-m", text, "--cleanup=strip")
            return []
        case ["branch", name]:
            shadow.git("check-ref-format", "--branch", name)
            shadow.git("branch", name)
            return []
        case ["switch", "-c", name]:
            shadow.git("check-ref-format", "--branch", name)
            shadow.git("branch", name)
            return _switch(shadow, name)
        case ["switch", name]:
            return _switch(shadow, name)
        case ["stash", "push", "-m", text]:
            return _stash(shadow, text)
        case ["stash", "pop"]:
            return _unstash(shadow)
        case _:
            raise RepositoryError(f"Mneme does not run git {' '.join(args[:2])}.", kept="Nothing was changed.")


def _switch(shadow: Shadow, name: str) -> list[Turn]:
    target = shadow.git("rev-parse", "--verify", "--quiet", f"refs/heads/{name}^{{commit}}").decode().strip()
    head = shadow.git("rev-parse", "HEAD").decode().strip()
    shadow.git("update-index", "-q", "--refresh")  # or files that only look changed would stand in the way
    shadow.git("read-tree", "-m", "-u", "-n", "HEAD", target)  # refuses where a person's changes would be lost
    turns = _between(shadow, head, target)
    shadow.git("read-tree", "-m", "HEAD", target)
    was = shadow.git("rev-parse", "--abbrev-ref", "HEAD").decode().strip()
    shadow.git("symbolic-ref", "-m", f"checkout: moving from {was} to {name}", "HEAD", f"refs/heads/{name}")
    return turns


def _stash(shadow: Shadow, text: str) -> list[Turn]:
    _refuse_filters(shadow, _differing(shadow))
    made = shadow.git("stash", "create", text).decode().strip()
    if not made:
        raise RepositoryError("There are no changes to stash.", kept="Nothing was changed.")
    shadow.git("stash", "store", "-m", text, made)
    turns = _between(shadow, made, "HEAD")
    shadow.git("read-tree", "--reset", "HEAD")
    return turns


def _unstash(shadow: Shadow) -> list[Turn]:
    made = shadow.git("rev-parse", "--verify", "--quiet", "refs/stash").decode().strip()
    if shadow.git("diff", "--name-only", "HEAD"):
        raise RepositoryError(
            "There are changes that are in no commit.", kept="Nothing was changed.", remedy="Commit or stash them."
        )
    merged = shadow.place / "mneme-merge-index"
    shadow.git("read-tree", "-i", "-m", "--aggressive", f"{made}^1", "HEAD", made, index=merged)
    if shadow.git("ls-files", "-u", index=merged):
        raise RepositoryError(
            "The stash touches lines that were changed since.",
            kept="Nothing was changed.",
            remedy="Take it back with git itself.",
        )
    tree = shadow.git("write-tree", index=merged).decode().strip()
    merged.unlink()
    turns = _between(shadow, "HEAD", tree)
    shadow.git("stash", "drop", "--quiet")
    return turns


def _between(shadow: Shadow, old: str, new: str) -> list[Turn]:
    """Return what turns the files of one tree into those of another. Raises RepositoryError for links and submodules."""
    raw = shadow.git("diff-tree", "-r", "-z", "--no-renames", "--raw", "--full-index", old, new).decode(
        "utf-8", "surrogateescape"
    )
    parts = raw.split("\0")
    turns: list[Turn] = []
    for head, path in zip(parts[0:-1:2], parts[1::2], strict=True):
        _, mode, _, blob, _ = head.lstrip(":").split(" ")
        if mode not in (EXECUTABLE, PLAIN, "000000"):
            raise RepositoryError(f"{path} is a link or a submodule, which Mneme does not switch.", kept="Nothing was changed.")
        turns.append(Turn(path, mode, "" if set(blob) == {"0"} else blob))
    _refuse_filters(shadow, [turn.path for turn in turns])
    return turns


def _differing(shadow: Shadow) -> list[str]:
    raw = shadow.git("ls-files", "-z", "--modified", "--others", "--exclude-standard")
    return [name for name in raw.decode("utf-8", "surrogateescape").split("\0") if name]


def _refuse_filters(shadow: Shadow, paths: Sequence[str]) -> None:
    """Refuse files whose contents a program of the repository would rewrite (git-lfs, say): Mneme runs none."""
    if not paths:
        return
    feed = b"\0".join(os.fsencode(path) for path in paths) + b"\0"
    parts = shadow.git("check-attr", "-z", "--stdin", "filter", feed=feed).decode("utf-8", "surrogateescape").split("\0")
    for path, value in zip(parts[0::3], parts[2::3], strict=False):
        if value not in ("unspecified", "unset"):
            raise RepositoryError(
                f"{path} goes through the filter “{value}”, a program that Mneme does not run.",
                kept="Nothing was changed.",
                remedy="Use git itself for this repository.",
            )


def tree_changes(shadow: Shadow, turns: Iterable[Turn], blobs: BlobStore) -> list[Change]:
    """Return the changes of the working tree. Blocking."""
    changes: list[Change] = []
    made: set[str] = set()
    for turn in turns:
        path = shadow.tree / turn.path
        before = _stamp(path)
        if not turn.blob:
            if before is not None:
                changes.append(Change(kind=ChangeKind.TRASH, path=str(path), before=before))
            continue
        content = shadow.git("cat-file", "--filters", f"--path={turn.path}", turn.blob)
        changes += _folders(path.parent, shadow.tree, made)
        mode = 0o755 if turn.mode == EXECUTABLE else 0o644
        changes.append(_write(path, content, before, mode, blobs))
    return changes


def own_changes(shadow: Shadow, blobs: BlobStore) -> list[Change]:
    """Return the changes of the repository's own files: new objects first, what names them last. Blocking."""
    changes: list[Change] = []
    made: set[str] = set()
    kept: set[Path] = set()
    for relative in sorted(shadow.files(), key=lambda one: (one.parts[0] != "objects", one.parts)):
        kept.add(relative)
        path, content = shadow.real / relative, (shadow.place / relative).read_bytes()
        before = _stamp(path)
        if before is not None and (relative.parts[0] == "objects" or path.read_bytes() == content):
            continue
        changes += _folders(path.parent, shadow.real, made)
        mode = stat.S_IMODE((shadow.place / relative).stat().st_mode)
        changes.append(_write(path, content, before, mode, blobs))
    gone = [path for path in shadow.met if path not in kept]
    changes += [
        Change(kind=ChangeKind.TRASH, path=str(shadow.real / path), before=stamp)
        for path in gone
        if (stamp := _stamp(shadow.real / path)) is not None
    ]
    return changes


def _write(path: Path, content: bytes, before: Stamp | None, mode: int, blobs: BlobStore) -> Change:
    blob = blobs.store(io.BytesIO(content))
    kind = ChangeKind.CREATE if before is None else ChangeKind.WRITE
    return Change(kind=kind, path=str(path), before=before, blob=blob, size=len(content), mode=mode)


def _stamp(path: Path) -> Stamp | None:
    """Look at a file, with the digest of its contents; None for nothing. Raises RepositoryError for anything but a file."""
    try:
        look = path.lstat()
    except OSError:
        return None
    if not stat.S_ISREG(look.st_mode):
        raise RepositoryError(f"{path} is no plain file.", kept="Nothing was changed.")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    mode = stat.S_IMODE(look.st_mode)
    return Stamp(
        kind="file",
        size=look.st_size,
        mode=mode,
        mtime_ns=look.st_mtime_ns,
        inode=look.st_ino,
        device=look.st_dev,
        digest=digest,
    )


def _folders(folder: Path, top: Path, made: set[str]) -> list[Change]:
    """Return what makes the folders that are missing from `top` down to `folder`."""
    missing: list[Change] = []
    while folder != top and not folder.exists() and str(folder) not in made:
        made.add(str(folder))
        missing.insert(0, Change(kind=ChangeKind.MKDIR, path=str(folder)))
        folder = folder.parent
    return missing
