"""A repository seen through a shadow: git works on a copy of its small files and never writes a person's. Used by `git`.

The shadow has a configuration of its own: no hooks, filters, monitors, signing or network come from the repository.
"""

import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from assistant.domain.errors import RepositoryError

TIMEOUT_S = 120.0
MOST_OUTPUT = 64 * 2**20
MOST_COPIED = 256 * 2**20
"""Bytes of .git without its objects above which a repository is left alone."""
LEFT_OUT = frozenset({"objects", "hooks", "modules", "lfs", "worktrees", "config", "config.worktree", "annex"})
KEPT_SETTINGS = (
    "core.filemode",
    "core.symlinks",
    "core.ignorecase",
    "core.autocrlf",
    "core.eol",
    "core.safecrlf",
    "core.precomposeunicode",
    "extensions.objectformat",
)
QUIET = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_EDITOR": "false",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C",
}


@dataclass(slots=True)
class Shadow:
    """A copy of a repository's own files in `place`; `tree` is the person's working tree, which git reads only."""

    real: Path
    tree: Path
    place: Path
    at: datetime | None = None
    names: dict[str, str] = field(default_factory=dict[str, str])
    met: tuple[Path, ...] = ()
    """The files that were copied, relative to the repository."""

    def git(self, *args: str, index: Path | None = None, feed: bytes | None = None) -> bytes:
        """Run git on the shadow; raises RepositoryError with git's own words."""
        more = {"GIT_INDEX_FILE": str(index)} if index else {}
        env = _environment(str(self.place), str(self.tree), self.at) | self.names | more
        return run(args, env, self.tree, feed)

    def files(self) -> Iterator[Path]:
        """Yield the shadow's files that belong to a repository, relative to it."""
        for folder, _, names in os.walk(self.place):
            inside = Path(folder).relative_to(self.place)
            for name in names:
                relative = inside / name
                if str(relative) not in ("config", os.path.join("objects", "info", "alternates")):
                    yield relative


@contextmanager
def shadow(tree: str, scratch: Path, at: datetime | None = None) -> Generator[Shadow]:
    """Make the shadow of the repository at the top of `tree`, and remove it. Raises RepositoryError. Blocking."""
    real = Path(tree) / ".git"
    look = _lstat(real)
    if look is None or not stat.S_ISDIR(look.st_mode):
        raise RepositoryError(
            f"{tree} is no git repository that Mneme works on: its .git is no plain folder.", kept="Nothing was changed."
        )
    scratch.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="git-", dir=scratch))
    try:
        met = _copy(real, place)
        (place / "objects" / "info").mkdir(parents=True)
        (place / "objects" / "info" / "alternates").write_bytes(os.fsencode(real / "objects") + b"\n")
        kept = _settings(real, Path(tree))
        (place / "config").write_text(_config(kept), "utf-8")
        with _unfreshened(real / "objects") if at is not None else nullcontext():
            yield Shadow(real, Path(tree), place, at, _names(real, Path(tree)), met)
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _unfreshened(objects: Path) -> Generator[None]:
    """Give the objects of a repository their times back: git touches one that it would have written anew."""
    times = {path: look.st_mtime_ns for path in objects.glob("[0-9a-f][0-9a-f]/*") if (look := _lstat(path)) is not None}
    try:
        yield
    finally:
        for path, mtime in times.items():
            look = _lstat(path)
            if look is not None and look.st_mtime_ns != mtime:
                os.utime(path, ns=(look.st_atime_ns, mtime), follow_symlinks=False)


def run(args: Sequence[str], env: Mapping[str, str], folder: Path, feed: bytes | None = None) -> bytes:
    """Run git and return its output; raises RepositoryError."""
    program = shutil.which("git")
    if program is None:
        raise RepositoryError("Git is not installed.", kept="Nothing was changed.", remedy="Install git and try again.")
    try:
        done = subprocess.run(
            [program, "--no-pager", *args],
            env=dict(env),
            cwd=folder,
            input=feed,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RepositoryError(f"Git took longer than {TIMEOUT_S:g} seconds.", kept="Nothing was changed.") from error
    except OSError as error:
        raise RepositoryError(f"Git cannot be run: {error.strerror}.", kept="Nothing was changed.") from error
    if done.returncode:
        words = (done.stderr or done.stdout).decode("utf-8", "replace").strip()[:1000]
        raise RepositoryError(f"Git refuses: {words or 'it does not say why'}", kept="Nothing was changed.")
    if len(done.stdout) > MOST_OUTPUT:
        raise RepositoryError("Git has more to say than Mneme takes.", kept="Nothing was changed.")
    return done.stdout


def _environment(git_dir: str, tree: str, at: datetime | None) -> dict[str, str]:
    """Return what git gets to know: nothing of the person's configuration, and a fixed time for what it writes."""
    base = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP") if name in os.environ}
    base |= QUIET | {"GIT_DIR": git_dir, "GIT_WORK_TREE": tree, "GIT_CONFIG_GLOBAL": os.devnull, "HOME": git_dir}
    if at is not None:
        stamp = at.strftime("%s %z") if at.tzinfo is None else f"{int(at.timestamp())} {at.strftime('%z')}"
        base |= {"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp}
    return base


def _copy(real: Path, place: Path) -> tuple[Path, ...]:
    """Copy the small files of a repository with their times; links are left out. Return what was copied."""
    copied = 0
    met: list[Path] = []
    for folder, inner, names in os.walk(real):
        inside = Path(folder).relative_to(real)
        unwanted = LEFT_OUT if inside == Path() else frozenset[str]()
        inner[:] = [name for name in inner if name not in unwanted]
        (place / inside).mkdir(parents=True, exist_ok=True)
        for name in names:
            if name in unwanted:
                continue
            source = Path(folder) / name
            look = _lstat(source)
            if look is None or not stat.S_ISREG(look.st_mode):
                continue
            copied += look.st_size
            if copied > MOST_COPIED:
                raise RepositoryError("The repository's own files are too large for Mneme.", kept="Nothing was changed.")
            if name.endswith(".lock"):
                raise RepositoryError(
                    f"Another program works on this repository ({source.name}).", kept="Nothing was changed.", remedy="Try again."
                )
            shutil.copy2(source, place / inside / name)
            met.append(inside / name)
    return tuple(met)


def _settings(real: Path, tree: Path) -> dict[str, str]:
    """Read the repository's settings that change no program's behaviour but git's own handling of files."""
    found: dict[str, str] = {}
    for name in KEPT_SETTINGS:
        value = _setting(real, tree, name, own=True)
        if value:
            found[name] = value
    return found


def _names(real: Path, tree: Path) -> dict[str, str]:
    """Return who commits, by the person's own configuration."""
    name, mail = (_setting(real, tree, key, own=False) for key in ("user.name", "user.email"))
    names = {"GIT_AUTHOR_NAME": name, "GIT_COMMITTER_NAME": name, "GIT_AUTHOR_EMAIL": mail, "GIT_COMMITTER_EMAIL": mail}
    return {key: value for key, value in names.items() if value}


def _setting(real: Path, tree: Path, name: str, *, own: bool) -> str:
    """Return one setting, "" where it is not set; `own` leaves the person's global configuration out."""
    env = _environment(str(real), str(tree), None)
    if not own:
        env.pop("GIT_CONFIG_GLOBAL")
        env["HOME"] = os.environ.get("HOME", "")
        env |= {key: os.environ[key] for key in ("XDG_CONFIG_HOME", "USERPROFILE", "GIT_CONFIG_GLOBAL") if key in os.environ}
    try:
        return run(["config", "--includes", "--get", name], env, tree).decode("utf-8", "replace").strip()
    except RepositoryError:
        return ""


def _config(kept: Mapping[str, str]) -> str:
    """Write a configuration in which nothing of the repository's is run."""
    version = 1 if any(name.startswith("extensions.") for name in kept) else 0
    lines = [
        "[core]",
        f"\trepositoryformatversion = {version}",
        "\tbare = false",
        "\tlogallrefupdates = true",
        "\tfsmonitor = false",
    ]
    lines += [f'\t{name.partition(".")[2]} = "{_quoted(value)}"' for name, value in kept.items() if name.startswith("core.")]
    lines += ["\thooksPath = /dev/null", "[commit]", "\tgpgsign = false", "[gc]", "\tauto = 0", "[protocol]", "\tallow = never"]
    if "extensions.objectformat" in kept:
        lines += ["[extensions]", f'\tobjectformat = "{_quoted(kept["extensions.objectformat"])}"']
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def _lstat(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except OSError:
        return None
