"""A prepared tree of a person's files, and what it looks like to the last byte, time and mode."""

import os
import stat
import subprocess
import zipfile
from pathlib import Path

OLD = 1_700_000_000_000_000_000
GIT = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def look(root: Path) -> dict[str, tuple[object, ...]]:
    """Return what stands at and below `root`: kind, mode, time in ns, and contents or target; links are not followed."""
    found: dict[str, tuple[object, ...]] = {}
    for path in [root, *sorted(root.rglob("*"))]:
        info = path.lstat()
        name = str(path.relative_to(root))
        if stat.S_ISLNK(info.st_mode):
            found[name] = ("link", str(path.readlink()))
        elif stat.S_ISDIR(info.st_mode):
            found[name] = ("folder", stat.S_IMODE(info.st_mode), info.st_mtime_ns)
        else:
            found[name] = ("file", stat.S_IMODE(info.st_mode), info.st_mtime_ns, path.read_bytes())
    return found


def git(root: Path, *args: str) -> str:
    """Run git in a tree, as nobody in particular."""
    done = subprocess.run(["git", *args], cwd=root, env={**os.environ, **GIT}, capture_output=True, check=True)
    return done.stdout.decode().strip()


def prepare(root: Path) -> None:
    """Fill a folder: screenshots of three months, copies, notes with things to do, code, downloads, an archive, a repository."""
    files = {
        "shots/Screenshot 2026-03-02 at 10.15.png": b"\x89PNG march",
        "shots/Screenshot 2026-03-30 at 11.00.png": b"\x89PNG late march",
        "shots/Снимок экрана 2026-04-05.png": b"\x89PNG april",
        "shots/Screenshot_20260511_120000.png": b"\x89PNG may",
        "shots/readme.txt": b"not a shot\n",
        "docs/lease.md": b"Lease\n=====\n\nThe warehouse lease ends on 30 June 2027. TODO: ask for a longer one\n",
        "docs/lease copy.md": b"Lease\n=====\n\nThe warehouse lease ends on 30 June 2027. TODO: ask for a longer one\n",
        "docs/plan.md": b"Plan\n\nWe move the boxes to the new hall in May.\n\nFIXME the date\n",
        "docs/prices.csv": b"item,price\nbox,3\nlamp,12\nrope,=7\n",
        "docs/table.md": b"| name | town |\n| --- | --- |\n| Ada | London |\n| Lin | Bergen |\n",
        "docs/page.html": b"<h1>Title</h1><p>Hello <b>hall</b></p>",
        "src/app.py": b'def run():\n    return "TODO write it down"\n',
        "src/old_name.py": b"old_name = 1\nprint(old_name)\n",
        "downloads/installer.bin": b"x" * 5000,
        "downloads/fresh.bin": b"y" * 100,
        "left/a.txt": b"one\ntwo\n",
        "right/a.txt": b"one\nTWO\n",
        "right/b.txt": b"only here\n",
    }
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (root / "src/app.py").chmod(0o755)
    (root / "docs/plan.md").chmod(0o640)
    for folder in ("empty/inner", "kept"):
        (root / folder).mkdir(parents=True)
    (root / "kept/file").write_text("kept", "utf-8")
    with zipfile.ZipFile(root / "pack.zip", "w") as pack:
        pack.writestr("in/one.txt", "one\n")
        pack.writestr("in/two.txt", "two\n")
    (root / "shortcut").symlink_to("docs/plan.md")
    repository = root / "repo"
    repository.mkdir()
    git(repository, "init", "-q", "-b", "main")
    git(repository, "config", "user.name", "Ada")
    git(repository, "config", "user.email", "ada@example.org")
    (repository / "first.txt").write_text("first\n", "utf-8")
    git(repository, "add", "first.txt")
    git(repository, "commit", "-qm", "First")
    (repository / "first.txt").write_text("first, changed\n", "utf-8")
    (repository / "second.txt").write_text("second\n", "utf-8")
    _age(root)


def _age(root: Path) -> None:
    """Give everything a time long past, each another one, folders last; one download stays new."""
    paths = [path for path in root.rglob("*") if not path.is_symlink()]
    for n, path in enumerate(sorted(paths, key=lambda path: -len(path.parts))):
        if path.name != "fresh.bin":
            os.utime(path, ns=(OLD + n * 1_000_003, OLD + n * 1_000_003))
    os.utime(root, ns=(OLD, OLD))
