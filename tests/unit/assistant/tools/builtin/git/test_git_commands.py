"""What is asked of git: which words each command becomes, what is shown, and whose files the changes are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from assistant.domain.change import Change, ChangeKind
from assistant.domain.errors import RepositoryError
from assistant.domain.tool import Outcome
from assistant.ports.acting import RepositoryChange
from tests.fakes.seeing import NOW, Toolbox


class Repository:
    """Repositories with one of them: `asked` are the words that git would have got, `wanted` what they would change."""

    def __init__(self, root: str) -> None:
        self.top = root
        self.branch = "main"
        self.differs: list[RepositoryChange] = []
        self.commits: list[tuple[str, str, str, str]] = []
        self.asked: list[tuple[str, ...]] = []
        self.wanted = [Change(kind=ChangeKind.CREATE, path=f"{root}/{name}") for name in (".git/index", "a.txt", ".gitignore")]

    async def root(self, path: str) -> str:
        return self.top

    async def status(self, root: str) -> tuple[str, list[RepositoryChange]]:
        return self.branch, self.differs

    async def log(self, root: str, since: str, most: int) -> list[tuple[str, str, str, str]]:
        self.asked.append(("log", since, str(most)))
        return self.commits

    async def change(self, root: str, args: Sequence[str], at: datetime) -> list[Change]:
        assert at == NOW
        self.asked.append(tuple(args))
        return self.wanted


@pytest.fixture
def repository(box: Toolbox) -> Repository:
    return Repository(box.path())


async def ask(box: Toolbox, repository: Repository, command: str, language: str = "en", **arguments: Any) -> Outcome:
    return await box.call(f"git.{command}", language, {"repositories": repository}, repository=box.path("sub"), **arguments)


@pytest.mark.parametrize(
    ("command", "arguments", "words"),
    [
        ("stage", {"all": True}, ("add", "--all")),
        ("commit", {"message": "Fix; rm -rf"}, ("commit", "-m", "Fix; rm -rf")),
        ("commit", {"message": "-m x", "all": True}, ("commit", "-m", "-m x", "--all")),
        ("branch", {"name": "feature"}, ("branch", "feature")),
        ("branch", {"name": "feature", "switch": True}, ("switch", "-c", "feature")),
        ("switch", {"name": "main"}, ("switch", "main")),
        ("stash", {"message": "later"}, ("stash", "push", "-m", "later")),
        ("stash", {}, ("stash", "push", "-m", "On main: put aside by Mneme")),
        ("unstash", {}, ("stash", "pop")),
    ],
)
async def test_commands_become_the_words_of_git(
    box: Toolbox, repository: Repository, command: str, arguments: dict[str, Any], words: tuple[str, ...]
) -> None:
    found = await ask(box, repository, command, **arguments)
    assert repository.asked == [words]
    assert [change.why for change in found.changes] == ["git's own records", "", ""]
    assert (found.empty, found.text != "") == (False, True)


async def test_files_are_named_from_the_top_and_never_pass_for_options(box: Toolbox, repository: Repository) -> None:
    await ask(box, repository, "stage", paths=[box.path("d/отчёт.txt"), box.path("--all"), box.path("-f")])
    assert repository.asked == [("add", "d/отчёт.txt", "./--all", "./-f")]


async def test_files_of_elsewhere_are_refused(box: Toolbox, repository: Repository) -> None:
    repository.top = box.path("inner")
    with pytest.raises(RepositoryError, match="is not in the repository"):
        await ask(box, repository, "stage", paths=[box.path("outer.txt")])
    assert repository.asked == []


async def test_nothing_named_is_nothing_to_stage(box: Toolbox, repository: Repository) -> None:
    with pytest.raises(RepositoryError, match="not said what is to be staged"):
        await ask(box, repository, "stage", all=False)


async def test_status_shows_both_letters_in_words(box: Toolbox, repository: Repository) -> None:
    repository.differs = [
        RepositoryChange("M ", f"{repository.top}/a.txt"),
        RepositoryChange(" D", f"{repository.top}/d/b.txt"),
        RepositoryChange("??", f"{repository.top}/new"),
    ]
    found = await ask(box, repository, "status")
    assert found.table is not None
    assert found.table.rows == (("a.txt", "changed", ""), ("d/b.txt", "", "deleted"), ("new", "not in git", "not in git"))
    assert (found.text, found.empty, found.changes) == ("On main: 3 files differ.", False, ())


@pytest.mark.parametrize(("language", "text"), [("en", "On no branch: nothing differs."), ("ru", "Вне ветки, отличий нет.")])
async def test_a_clean_tree_without_a_branch(box: Toolbox, repository: Repository, language: str, text: str) -> None:
    repository.branch = ""
    found = await ask(box, repository, "status", language)
    assert (found.text, found.empty) == (text, True)


async def test_commits_since_then(box: Toolbox, repository: Repository) -> None:
    repository.commits = [("abc", "2026-01-01T00:00", "Анна", "Правка")]
    found = await ask(box, repository, "changes", "ru", since="2026-01-01")
    assert found.table is not None
    assert (found.table.columns[0], found.table.rows) == ("коммит", tuple(repository.commits))
    repository.commits = []
    assert (await ask(box, repository, "changes", since="main", most=3)).text == "No commits since then."
    assert repository.asked == [("log", "2026-01-01", "50"), ("log", "main", "3")]


async def test_nothing_to_change_is_empty(box: Toolbox, repository: Repository) -> None:
    repository.wanted = []
    assert (await ask(box, repository, "unstash", "ru")).empty
