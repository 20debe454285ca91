"""What Mneme can be asked to do, in both languages, from plan to undo: after it the tree is what it was to the last byte."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.api.contract import Assistant
from assistant.app.bootstrap import environment, running
from assistant.domain.plan import Proposal
from tests.flows.tree import git, look, prepare

DEADLINE_S = 60.0


@dataclass(frozen=True, slots=True)
class Case:
    """One request in English and Russian; `{root}` is the prepared tree. `holds` looks at the tree after it was done."""

    name: str
    english: str
    russian: str
    holds: Callable[[Path], object]


def lines(path: Path) -> list[str]:
    return path.read_text("utf-8-sig").splitlines()


CASES = [
    Case(
        "sort by month",
        "sort the screenshots in {root}/shots by month",
        "разложи скриншоты в {root}/shots по месяцам",
        lambda root: len(list((root / "shots").glob("2026-03/*"))) == 2 and len(list((root / "shots").glob("2026-05/*"))) == 1,
    ),
    Case(
        "rename by pattern",
        'rename the files in {root}/shots to "shot_{{n:03}}{{ext}}"',
        "переименуй файлы в {root}/shots по шаблону «shot_{{n:03}}{{ext}}»",
        lambda root: sorted(path.stem for path in (root / "shots").iterdir()) == [f"shot_{n:03}" for n in range(1, 6)],
    ),
    Case(
        "rename by date",
        "rename the pictures in {root}/shots by date",
        "переименуй картинки в {root}/shots по дате",
        lambda root: len([path for path in (root / "shots").glob("2*.png")]) == 4,
    ),
    Case(
        "sort by type",
        "sort the files in {root}/docs by type",
        "разложи файлы в {root}/docs по типам",
        lambda root: not (root / "docs/lease.md").exists(),
    ),
    Case(
        "move by glob",
        "move *.csv from {root}/docs to {root}/kept",
        "перенеси *.csv из {root}/docs в {root}/kept",
        lambda root: (root / "kept/prices.csv").exists() and not (root / "docs/prices.csv").exists(),
    ),
    Case(
        "duplicates",
        "find duplicates in {root}/docs and move the extra ones to the trash",
        "найди дубликаты в {root}/docs и отправь лишние в корзину",
        lambda root: len(list((root / "docs").glob("lease*.md"))) == 1,
    ),
    Case(
        "near duplicates",
        "find near-duplicates in {root}/docs and move the extra ones to the trash",
        "найди почти одинаковые файлы в {root}/docs и отправь лишние в корзину",
        lambda root: len(list((root / "docs").glob("lease*.md"))) == 1,
    ),
    Case(
        "rename by content",
        "rename the files in {root}/docs by content",
        "переименуй файлы в {root}/docs по содержанию",
        lambda root: not (root / "docs/lease.md").exists(),
    ),
    Case(
        "extract rows",
        'extract the rows with "lamp" from {root}/docs/prices.csv into {root}/rows.csv',
        "извлеки строки таблицы со словом «lamp» из {root}/docs/prices.csv в {root}/rows.csv",
        lambda root: any("lamp" in line for line in lines(root / "rows.csv")),
    ),
    Case(
        "todos",
        "collect every TODO in {root}/docs into {root}/todo.md",
        "собери все TODO из {root}/docs в {root}/todo.md",
        lambda root: "lease.md" in (root / "todo.md").read_text("utf-8") and "plan.md" in (root / "todo.md").read_text("utf-8"),
    ),
    Case(
        "extract lines",
        'extract the lines containing "lease" from {root}/docs into {root}/lines.csv',
        "извлеки строки со словом «lease» из {root}/docs в {root}/lines.csv",
        lambda root: any("30 June 2027" in line for line in lines(root / "lines.csv")),
    ),
    Case(
        "create a note",
        'create a note {root}/note.md with the text "Call the hall"',
        "создай заметку {root}/note.md с текстом «Позвонить в зал»",
        lambda root: "all" in (root / "note.md").read_text("utf-8") or "зал" in (root / "note.md").read_text("utf-8"),
    ),
    Case(
        "append to a note",
        'append "And the rope" to {root}/docs/plan.md',
        "допиши «И верёвку» в {root}/docs/plan.md",
        lambda root: len(lines(root / "docs/plan.md")) == 6,
    ),
    Case(
        "replace across files",
        'replace "old_name" with "new_name" in {root}/src',
        "замени «old_name» на «new_name» в {root}/src",
        lambda root: (root / "src/old_name.py").read_text("utf-8") == "new_name = 1\nprint(new_name)\n",
    ),
    Case(
        "empty folders",
        "remove the empty folders in {root}",
        "удали пустые папки в {root}",
        lambda root: not (root / "empty").exists() and (root / "kept").exists(),
    ),
    Case(
        "old downloads",
        "clean up files older than 30 days and larger than 1 KB in {root}/downloads",
        "убери из {root}/downloads файлы старше 30 дней и больше 1 КБ",
        lambda root: [path.name for path in (root / "downloads").iterdir()] == ["fresh.bin"],
    ),
    Case(
        "sort two folders",
        "sort the files in {root}/docs and {root}/downloads by type",
        "разложи файлы в {root}/docs и {root}/downloads по типам",
        lambda root: not (root / "docs/lease.md").exists() and not (root / "downloads/fresh.bin").exists(),
    ),
    Case(
        "replace in two folders",
        'replace "one" with "1" in "{root}/left" and "{root}/right"',
        "замени «one» на «1» в «{root}/left» и в «{root}/right»",
        lambda root: lines(root / "left/a.txt")[0] == lines(root / "right/a.txt")[0] == "1",
    ),
    Case(
        "pack",
        "pack {root}/docs into {root}/docs.zip",
        "запакуй {root}/docs в {root}/docs.zip",
        lambda root: (root / "docs.zip").stat().st_size > 100,
    ),
    Case(
        "unpack",
        "unpack {root}/pack.zip into {root}/unpacked",
        "распакуй {root}/pack.zip в {root}/unpacked",
        lambda root: (root / "unpacked/in/two.txt").read_text("utf-8") == "two\n",
    ),
    Case(
        "convert",
        "convert {root}/docs/plan.md to html",
        "преобразуй {root}/docs/plan.md в html",
        lambda root: "<p>We move the boxes" in (root / "docs/plan.html").read_text("utf-8"),
    ),
    Case(
        "convert a table",
        "convert {root}/docs/prices.csv to markdown",
        "преобразуй {root}/docs/prices.csv в markdown",
        lambda root: "| box" in (root / "docs/prices.md").read_text("utf-8"),
    ),
    Case(
        "report",
        "summarise the folder {root}/docs into {root}/report.md",
        "сделай отчёт по папке {root}/docs в {root}/report.md",
        lambda root: "[1]" in (root / "report.md").read_text("utf-8") and "lease" in (root / "report.md").read_text("utf-8"),
    ),
    Case(
        "stage",
        "stage all changes in {root}/repo",
        "добавь в индекс все изменения в {root}/repo",
        lambda root: git(root / "repo", "diff", "--cached", "--name-only").split() == ["first.txt", "second.txt"],
    ),
    Case(
        "commit",
        'commit all changes in {root}/repo with the message "Second"',
        "закоммить все изменения в {root}/repo с сообщением «Second»",
        lambda root: git(root / "repo", "log", "--format=%s") == "Second\nFirst",
    ),
    Case(
        "branch",
        "create the branch trial in {root}/repo",
        "создай ветку trial в {root}/repo",
        lambda root: "trial" in git(root / "repo", "branch"),
    ),
    Case(
        "stash",
        "stash the changes in {root}/repo",
        "спрячь изменения в {root}/repo в stash",
        lambda root: (root / "repo/first.txt").read_text("utf-8") == "first\n",
    ),
]

LOOKS = [
    ("question", "When does the warehouse lease end?", "найди и ответь: when does the warehouse lease end?", "30 June 2027"),
    ("todo table", "list every TODO in {root}/src", "покажи все TODO в {root}/src", "app.py"),
    ("duplicates", "list the duplicates in {root}/docs", "покажи дубликаты в {root}/docs", "lease copy.md"),
    ("compare files", "compare {root}/left/a.txt and {root}/right/a.txt", "сравни {root}/left/a.txt и {root}/right/a.txt", "TWO"),
    ("compare folders", "compare the folders {root}/left and {root}/right", "сравни папки {root}/left и {root}/right", "b.txt"),
    ("git status", "git status of {root}/repo", "покажи статус git в {root}/repo", "second.txt"),
    ("git log", "what changed in {root}/repo since 2020-01-01", "что изменилось в {root}/repo с 2020-01-01", "First"),
]


@asynccontextmanager
async def at_work(root: Path) -> AsyncGenerator[Assistant]:
    """Open a memory without a model over the tree, all of it read."""
    async with running(environment()) as assistant:
        facts = assistant.events()
        await assistant.ingest([str(root)], "cli")
        while (await assistant.progress()).active:
            await anext(facts)
        yield assistant


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MNEME_EMBEDDING__MODEL", "")
    place = tmp_path.resolve() / "files"
    prepare(place)
    return place


def told(proposal: Proposal) -> str:
    found = [view.text for view in proposal.steps]
    found += [" ".join(cell for row in view.table.rows for cell in row) for view in proposal.steps if view.table]
    return "\n".join([*found, proposal.answer.answer if proposal.answer else ""])


@pytest.mark.parametrize("language", ["english", "russian"])
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
async def test_a_request_is_planned_previewed_done_and_undone(case: Case, language: str, root: Path) -> None:
    before = look(root)
    async with at_work(root) as assistant:
        proposal = await assistant.acting.plan(getattr(case, language).format(root=root), "window", [str(root)])
        assert proposal.state == "ready", proposal.model_dump_json(exclude={"preview"}, indent=1)
        assert proposal.preview is not None
        assert proposal.preview.changes
        assert look(root) == before, "a preview changes nothing"
        run = await assistant.acting.approve(proposal.id, proposal.preview.digest, "window")
        run = await assistant.history.ended(run.id)
        assert (run.state, run.reason) == ("done", "")
        assert case.holds(root)
        assert run.standing == len(proposal.preview.changes)

        undone = await assistant.history.undo(run.id, "window")
        assert not undone.conflicts
        assert look(root) == before

        again = await assistant.history.redo(run.id, "window")
        assert not again.conflicts
        assert case.holds(root)
        assert not (await assistant.history.undo(run.id, "window")).conflicts
        assert look(root) == before


@pytest.mark.parametrize("language", [0, 1], ids=["english", "russian"])
@pytest.mark.parametrize("case", LOOKS, ids=[case[0] for case in LOOKS])
async def test_what_only_looks_is_done_at_once(case: tuple[str, str, str, str], language: int, root: Path) -> None:
    before = look(root)
    async with at_work(root) as assistant:
        proposal = await assistant.acting.plan(case[1 + language].format(root=root), "window", [str(root)])
    assert proposal.state == "ended", proposal.model_dump_json(indent=1)
    assert case[3] in told(proposal)
    assert look(root) == before
