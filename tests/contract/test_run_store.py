"""What every store of runs promises, over the record database and the fake."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_runs import SqliteRuns
from assistant.domain.change import Applied, Change, ChangeKind, FolderTime, Preview, Stamp
from assistant.domain.erasure import is_forgotten
from assistant.domain.memory import Cite
from assistant.domain.plan import Decision, Plan, Risk, Run, RunLog, Step, StepView, Verdict
from assistant.domain.tool import Table, Taint
from assistant.ports.acting import RunStore
from tests.contract.samples import AT
from tests.fakes.acting_stores import FakeRuns

STAMP = Stamp(kind="file", size=3, mode=0o644, mtime_ns=1, inode=7, device=1, digest="d" * 64)


@dataclass
class Bench:
    store: RunStore
    database: Database | None = None


@pytest.fixture(params=["sqlite", "fake"])
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Bench]:
    if request.param == "fake":
        yield Bench(FakeRuns())
        return
    database = Database(tmp_path / "records.db")
    yield Bench(SqliteRuns(database), database)
    await database.close()


def blob(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def move(path: str, to: str, step: str = "s1") -> Change:
    return Change(kind=ChangeKind.MOVE, path=path, to=to, before=STAMP, step=step, why="by month")


def write(path: str, contents: str, step: str = "s1", kind: ChangeKind = ChangeKind.WRITE) -> Change:
    before = STAMP if kind is ChangeKind.WRITE else None
    return Change(kind=kind, path=path, before=before, blob=blob(contents), size=3, step=step, why="")


def done(n: int, change: Change, kept: str = "") -> Applied:
    return Applied(n=n, change=change, after=STAMP, trash="", blob=blob(kept) if kept else "")


def run_of(name: str, *views: StepView, request: str = "sort the shots", **changes: object) -> Run:
    steps = tuple(view.step for view in views) or (Step(id="s1", tool="files.sort"),)
    plan = Plan(id=f"plan of {name}", request=request, language="en", origin="cli", steps=steps)
    values = {"id": name, "plan": plan, "state": "done", "began": AT, "steps": views, "total": 2, "standing": 2}
    return Run.model_validate(values | changes)


def view_of(*reads: str, step: Step | None = None, **changes: object) -> StepView:
    verdict = Verdict(
        decision=Decision.ASK, rule="r", reason="moves files", risk=Risk(score=20, level="low", reasons=("2 files",))
    )
    step = step or Step(id="s1", tool="files.sort", arguments={"folder": "/shots"}, title="Sort /shots")
    return StepView.model_validate({"step": step, "verdict": verdict, "reads": reads, "writes": reads} | changes)


def log_of(*changes: Change, **more: object) -> RunLog:
    return RunLog.model_validate({"preview": Preview(digest="p", changes=changes, at=AT)} | more)


async def read(store: RunStore, name: str) -> tuple[Run, RunLog]:
    found = await store.get(name)
    assert found is not None
    return found


async def test_a_run_comes_back_as_it_was_begun(bench: Bench) -> None:
    changes = (move("/a", "/b"), write("/c", "new"))
    times = (FolderTime(path="/", mtime_ns=5),)
    run, log = run_of("r1", view_of("/a", text="done")), log_of(*changes, times=times)
    await bench.store.begin(run, log)
    assert await bench.store.get("r1") == (run, log)
    assert await bench.store.get("r2") is None


async def test_marks_replace_those_of_their_number_and_undoing_is_undone_by_doing_again(bench: Bench) -> None:
    first, second = move("/a", "/b"), write("/c", "new")
    await bench.store.begin(run_of("r1"), log_of(first, second))
    await bench.store.mark("r1", [done(0, first), done(1, second, "old")])
    await bench.store.mark("r1", reverted=[0])
    _, log = await read(bench.store, "r1")
    assert log.applied == (done(0, first), done(1, second, "old"))
    assert log.reverted == (0,)
    elsewhere = first.model_copy(update={"to": "/b (2)"})
    await bench.store.mark("r1", [done(0, elsewhere)], [1])
    _, log = await read(bench.store, "r1")
    assert log.preview.changes == (first, second)
    assert log.applied == (done(0, elsewhere), done(1, second, "old"))
    assert log.reverted == (1,)
    await bench.store.mark("r1")


async def test_a_change_that_was_not_planned_is_kept_beside_the_plan(bench: Bench) -> None:
    planned, extra = move("/a", "/b"), write("/merged", "both")
    await bench.store.begin(run_of("r1"), log_of(planned))
    await bench.store.mark("r1", [done(5, extra)])
    _, log = await read(bench.store, "r1")
    assert log.preview.changes == (planned,)
    assert log.applied == (done(5, extra),)


async def test_what_never_happened_cannot_be_taken_back(bench: Bench) -> None:
    await bench.store.begin(run_of("r1"), log_of(move("/a", "/b")))
    await bench.store.mark("r1", reverted=[0])
    assert (await read(bench.store, "r1"))[1].reverted == ()


async def test_the_state_is_replaced_and_the_log_stays(bench: Bench) -> None:
    change = move("/a", "/b")
    await bench.store.begin(run_of("r1", state="running"), log_of(change))
    await bench.store.mark("r1", [done(0, change)])
    ended = run_of("r1", state="failed", ended=AT + timedelta(seconds=1), reason="The disk is full.")
    await bench.store.save(ended, durable=False)
    run, log = await read(bench.store, "r1")
    assert run == ended
    assert log.applied == (done(0, change),)
    await bench.store.save(run_of("unknown"))
    assert await bench.store.get("unknown") is None


async def test_a_run_begun_again_starts_from_the_new_log(bench: Bench) -> None:
    change = move("/a", "/b")
    for name in ("r1", "r2"):
        await bench.store.begin(run_of(name), log_of(change))
    await bench.store.mark("r1", [done(0, change)])
    await bench.store.begin(run_of("r1", state="running"), log_of(move("/x", "/y")))
    run, log = await read(bench.store, "r1")
    assert (run.state, log.applied, log.preview.changes) == ("running", (), (move("/x", "/y"),))
    assert [run.id for run in await bench.store.all()] == ["r2", "r1"]


async def test_runs_are_listed_newest_first_in_pages(bench: Bench) -> None:
    for number in range(5):
        await bench.store.begin(run_of(f"r{number}"), log_of())
    assert [run.id for run in await bench.store.all(limit=2)] == ["r4", "r3"]
    assert [run.id for run in await bench.store.all(before="r3", limit=2)] == ["r2", "r1"]
    assert [run.id for run in await bench.store.all(before="r0")] == []
    assert await bench.store.all(before="unknown") == []


async def test_forgetting_a_file_takes_its_names_contents_and_the_words_of_the_run(bench: Bench) -> None:
    secret, twin = write("/shots/secret.md", "the secret"), write("/shots/secret.md.txt", "the other")
    view = view_of(secret.path, twin.path, text="found it", table=Table(columns=("a",), rows=(("secret",),)))
    await bench.store.begin(run_of("r1", view), log_of(secret, twin, times=(FolderTime(path="/shots", mtime_ns=1),)))
    await bench.store.mark("r1", [done(0, secret, "before it"), done(1, twin, "before the other")])
    assert await bench.store.forget(["/shots/secret.md"]) == {blob("the secret"), blob("before it")}
    run, log = await read(bench.store, "r1")
    assert "secret.md'" not in str(run) + str(log)
    assert "the shots" not in str(run)
    assert (run.plan.request, run.steps[0].text, run.steps[0].table, run.plan.steps[0].arguments) == ("", "", None, {})
    assert is_forgotten(log.preview.changes[0])
    assert log.preview.changes[1] == twin
    assert log.applied == (done(1, twin, "before the other"),)
    assert log.times == (FolderTime(path="/shots", mtime_ns=1),)
    assert run.undoable


async def test_forgetting_a_folder_leaves_nothing_to_undo_and_its_twin_alone(bench: Bench) -> None:
    inner, twin = move("/allowed/a", "/allowed/b"), move("/allowed-evil/a", "/allowed-evil/b")
    await bench.store.begin(run_of("r1"), log_of(inner, times=(FolderTime(path="/allowed", mtime_ns=1),)))
    await bench.store.mark("r1", [done(0, inner)])
    await bench.store.begin(run_of("r2"), log_of(twin))
    assert await bench.store.forget(["/allowed/"]) == set()
    run, log = await read(bench.store, "r1")
    assert (run.undoable, log.applied, log.times) == (False, (), ())
    assert await bench.store.get("r2") == (run_of("r2"), log_of(twin))


async def test_contents_that_another_run_needs_stay(bench: Bench) -> None:
    for name, path in (("r1", "/a"), ("r2", "/b")):
        await bench.store.begin(run_of(name), log_of(write(path, "shared")))
    assert await bench.store.forget(["/a"]) == set()
    assert await bench.store.forget(["/b"]) == {blob("shared")}
    assert await bench.store.forget([]) == set()


async def test_earlier_runs_lose_it_under_the_name_it_had_then(bench: Bench) -> None:
    await bench.store.begin(run_of("r1"), log_of(write("/in/draft.md", "early")))
    await bench.store.begin(run_of("r2"), log_of(move("/in", "/out")))
    await bench.store.begin(run_of("r3"), log_of(write("/in/draft.md", "a later one of that name")))
    assert await bench.store.forget(["/out/draft.md"]) == {blob("early")}
    assert is_forgotten((await read(bench.store, "r1"))[1].preview.changes[0])
    assert (await read(bench.store, "r3"))[1].preview.changes[0].path == "/in/draft.md"


async def test_what_was_written_from_a_forgotten_file_is_not_kept(bench: Bench) -> None:
    report = write("/out/report.md", "quotes the secret", kind=ChangeKind.CREATE)
    step = Step(id="s1", tool="report.write", evidence=(Cite(path="/notes/secret.md", line=3),))
    await bench.store.begin(run_of("r1", view_of("/notes/other.md", step=step)), log_of(report))
    await bench.store.mark("r1", [done(0, report)])
    assert await bench.store.forget(["/notes/secret.md"]) == {blob("quotes the secret")}
    _, log = await read(bench.store, "r1")
    assert log.applied[0].change == report.model_copy(update={"blob": ""})


async def test_files_beside_a_forgotten_one_keep_their_contents(bench: Bench) -> None:
    changes = write("/t/a.md", "new a"), write("/t/b.md", "new b")
    taint = Taint(argument="find", origin="file", source="/t/a.md")
    await bench.store.begin(run_of("r1", view_of("/t/a.md", "/t/b.md", taints=(taint,))), log_of(*changes))
    assert await bench.store.forget(["/t/a.md"]) == {blob("new a")}
    assert (await read(bench.store, "r1"))[1].preview.changes[1] == changes[1]


async def test_what_is_forgotten_does_not_come_back_by_a_run_that_goes_on(bench: Bench) -> None:
    secret, other = write("/a/secret.md", "x"), write("/a/other.md", "y")
    run = run_of("r1", view_of("/a/secret.md"), request="rewrite /a/secret.md")
    await bench.store.begin(run, log_of(secret, other))
    await bench.store.forget(["/a/secret.md"])
    await bench.store.mark("r1", [done(0, secret, "before"), done(1, other)])
    await bench.store.save(run.model_copy(update={"state": "failed", "reason": "/a/secret.md cannot be read."}))
    held, log = await read(bench.store, "r1")
    assert "/a/secret.md" not in str(held) + str(log)
    assert (held.state, log.applied) == ("failed", (done(1, other),))


async def test_ten_thousand_changes_are_one_row_each_and_come_back(bench: Bench) -> None:
    changes = [move(f"/in/{n}", f"/out/{n}") for n in range(10_000)]
    await bench.store.begin(run_of("r1"), log_of(*changes))
    for start in range(0, 10_000, 500):
        await bench.store.mark("r1", [done(n, changes[n]) for n in range(start, start + 500)])
    _, log = await read(bench.store, "r1")
    assert len(log.applied) == 10_000
    assert log.applied[9_999].change == changes[9_999]
    if bench.database is not None:
        assert await bench.database.read(lambda c: c.rows("SELECT count(*) FROM run_changes")) == [(10_000,)]


async def test_forgotten_words_leave_the_disk(bench: Bench, tmp_path: Path) -> None:
    if bench.database is None:
        pytest.skip("the fake keeps nothing on disk")
    change = write("/a/unforgettable.md", "x")
    await bench.store.begin(run_of("r1", view_of(change.path), request="about /a/unforgettable.md"), log_of(change))
    await bench.store.mark("r1", [done(0, change)])
    await bench.store.forget(["/a/unforgettable.md"])
    await bench.database.scrub()
    assert not [file for file in tmp_path.iterdir() if b"unforgettable" in file.read_bytes()]
