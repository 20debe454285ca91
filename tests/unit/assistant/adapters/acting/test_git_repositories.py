"""Git through a shadow: the same as git would do, undone to the last byte, and nothing of a repository is ever run."""

from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.adapters.acting.disk_blobs import DiskBlobs
from assistant.adapters.acting.disk_files import DiskFiles
from assistant.adapters.acting.disk_workspace import DiskWorkspace
from assistant.adapters.acting.git_repositories import GitRepositories
from assistant.adapters.acting.trash import XdgTrash
from assistant.domain.change import Applied
from assistant.domain.errors import PathRefusedError, RepositoryError
from tests.flows.tree import git, look

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@dataclass
class Bench:
    """A repository with one commit, a changed, a new and a deleted file."""

    top: Path
    repositories: GitRepositories
    workspace: DiskWorkspace

    async def do(self, *args: str) -> list[Applied]:
        """Work a command out, twice the same, and carry it out."""
        before = look(self.top)
        changes = await self.repositories.change(str(self.top), args, NOON)
        assert changes == await self.repositories.change(str(self.top), args, NOON)
        assert look(self.top) == before, "looking changes nothing"
        assert await self.workspace.check(changes) == {}
        return [await self.workspace.apply(n, change) for n, change in enumerate(changes)]

    def git(self, *args: str) -> str:
        """Ask git itself, which may not refresh anything."""
        return git(self.top, "--no-optional-locks", *args)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    place = tmp_path.resolve()
    top = place / "files" / "repo"
    top.mkdir(parents=True)
    git(top, "init", "-q", "-b", "main")
    git(top, "config", "user.name", "Ada")
    git(top, "config", "user.email", "ada@example.org")
    for name in ("kept.txt", "changed.txt", "deleted.txt"):
        (top / name).write_text(f"{name}\n", "utf-8")
    git(top, "add", ".")
    git(top, "commit", "-qm", "First")
    (top / "changed.txt").write_text("other\n", "utf-8")
    (top / "new.txt").write_text("new\n", "utf-8")
    (top / "deleted.txt").unlink()
    with ThreadPoolExecutor(2) as pool:

        async def roots() -> Sequence[str]:
            return [str(place / "files")]

        files = DiskFiles(pool, roots)
        blobs = DiskBlobs(place / "blobs", pool)
        workspace = DiskWorkspace(pool, roots, blobs, XdgTrash(str(place / "trash")))
        yield Bench(top, GitRepositories(pool, files, blobs, place / "scratch"), workspace)
    assert not list(place.glob("scratch/*")), "no shadow is left"


async def test_status_and_history_are_those_of_git(bench: Bench) -> None:
    branch, changed = await bench.repositories.status(str(bench.top))
    assert branch == "main"
    told = {(one.status, Path(one.path).name) for one in changed}
    assert told == {(" M", "changed.txt"), (" D", "deleted.txt"), ("??", "new.txt")}
    assert [row[2:] for row in await bench.repositories.log(str(bench.top), "", 5)] == [("Ada", "First")]
    assert await bench.repositories.log(str(bench.top), "HEAD", 5) == []
    assert await bench.repositories.diff(str(bench.top), str(bench.top / "changed.txt")) == (b"changed.txt\n", b"other\n")


COMMANDS = [
    ("add", "--all"),
    ("add", "changed.txt"),
    ("commit", "-m", "Second", "--all"),
    ("branch", "trial"),
    ("switch", "-c", "trial"),
    ("stash", "push", "-m", "put aside"),
]


@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
async def test_a_command_is_taken_back_to_the_last_byte(bench: Bench, args: tuple[str, ...]) -> None:
    before = look(bench.top)
    times = await bench.workspace.times(await bench.repositories.change(str(bench.top), args, NOON))
    done = await bench.do(*args)
    assert look(bench.top) != before
    for one in reversed(done):
        await bench.workspace.revert(one)
    await bench.workspace.settle(times)
    assert look(bench.top) == before


async def test_a_commit_is_what_git_makes(bench: Bench) -> None:
    await bench.do("commit", "-m", "Second", "--all")
    assert bench.git("log", "--format=%s %an") == "Second Ada\nFirst Ada"
    assert bench.git("status", "--porcelain") == ""
    assert bench.git("fsck", "--strict") == ""


async def test_going_to_a_branch_and_back(bench: Bench) -> None:
    await bench.do("switch", "-c", "trial")
    await bench.do("commit", "-m", "Second", "--all")
    await bench.do("switch", "main")
    assert (bench.top / "deleted.txt").exists()
    assert not (bench.top / "new.txt").exists()
    assert bench.git("status", "--porcelain", "--branch") == "## main"
    await bench.do("switch", "trial")
    assert (bench.top / "changed.txt").read_text("utf-8") == "other\n"
    assert bench.git("status", "--porcelain", "--branch") == "## trial"


async def test_a_stash_comes_back(bench: Bench) -> None:
    await bench.do("stash", "push", "-m", "put aside")
    assert bench.git("status", "--porcelain") == "?? new.txt"
    assert bench.git("stash", "list") == "stash@{0}: put aside"
    await bench.do("stash", "pop")
    assert (bench.top / "changed.txt").read_text("utf-8") == "other\n"
    assert not (bench.top / "deleted.txt").exists()
    assert bench.git("stash", "list") == ""


async def test_a_switch_that_would_lose_changes_is_refused_in_the_words_of_git(bench: Bench) -> None:
    git(bench.top, "stash")
    git(bench.top, "switch", "-qc", "trial")
    (bench.top / "changed.txt").write_text("of the branch\n", "utf-8")
    git(bench.top, "commit", "-qam", "Second")
    git(bench.top, "switch", "-q", "main")
    (bench.top / "changed.txt").write_text("mine\n", "utf-8")
    with pytest.raises(RepositoryError, match=r"changed\.txt"):
        await bench.do("switch", "trial")
    assert (bench.top / "changed.txt").read_text("utf-8") == "mine\n"


@pytest.mark.parametrize("name", ["--upload-pack=x", "-f", "a..b", "x y", "@{-1}", "refs/../../x"])
async def test_no_name_is_taken_for_an_option(bench: Bench, name: str) -> None:
    for args in (("branch", name), ("switch", "-c", name), ("switch", name)):
        with pytest.raises(RepositoryError):
            await bench.do(*args)


async def test_nothing_of_a_repository_is_ever_run(bench: Bench, tmp_path: Path) -> None:
    """Hooks, monitors, pagers, editors and signing of a hostile repository: each would leave a file behind."""
    trace = tmp_path / "ran"
    script = f'#!/bin/sh\necho ran >> "{trace}"\ncat\n'
    evil = tmp_path / "evil.sh"
    for place in [
        evil,
        *(bench.top / ".git" / "hooks" / hook for hook in ("pre-commit", "post-commit", "reference-transaction")),
    ]:
        place.parent.mkdir(exist_ok=True)
        place.write_text(script, "utf-8")
        place.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "core.editor", "gpg.program", "diff.external", "alias.status"):
        git(bench.top, "config", name, str(evil))
    git(bench.top, "config", "commit.gpgsign", "true")
    await bench.repositories.status(str(bench.top))
    await bench.repositories.log(str(bench.top), "", 5)
    await bench.repositories.diff(str(bench.top), str(bench.top / "changed.txt"))
    for args in COMMANDS:
        await bench.repositories.change(str(bench.top), args, NOON)
    assert not trace.exists()


async def test_contents_that_go_through_a_program_are_left_to_git(bench: Bench, tmp_path: Path) -> None:
    (bench.top / ".gitattributes").write_text("*.txt filter=lfs\n", "utf-8")
    git(bench.top, "config", "filter.lfs.clean", f"touch {tmp_path / 'ran'}; cat")
    with pytest.raises(RepositoryError, match="filter"):
        await bench.do("add", "--all")
    assert not (tmp_path / "ran").exists()


async def test_what_is_no_repository_or_lies_outside_is_refused(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(RepositoryError):
        await bench.repositories.root(str(bench.top.parent))
    with pytest.raises(PathRefusedError):
        await bench.repositories.root(str(tmp_path))
    outside = tmp_path / "elsewhere"
    (bench.top / ".git").rename(outside)
    (bench.top / ".git").symlink_to(outside)
    with pytest.raises(RepositoryError):
        await bench.repositories.status(str(bench.top))


async def test_a_repository_another_program_works_on_is_left_alone(bench: Bench) -> None:
    (bench.top / ".git" / "index.lock").write_bytes(b"")
    with pytest.raises(RepositoryError, match="Another program"):
        await bench.do("add", "--all")
