"""The façade over rooms of fakes: each door that acts asks the policy, and each verdict is written down."""

import contextlib
import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from assistant.api.contract import Assistant
from assistant.api.doctor import Surroundings
from assistant.api.facade import Figures, LocalAssistant, Rooms
from assistant.api.views import Citation, Cite, IngestStarted, MemoryRecalled, ModelStatus, RecallQuery, SourceForgotten
from assistant.bus import Bus
from assistant.config import Places
from assistant.config.schema import Answering, Recall
from assistant.config.schema import Watch as WatchSettings
from assistant.domain.errors import ConsentRequiredError, MnemeError, ModelError, NotRememberedError, PolicyDeniedError, ReadError
from assistant.domain.plan import Decision
from assistant.eval.checkup import Checkup, Machine
from assistant.eval.gate import GoldenGate
from assistant.eval.own import OwnSet
from assistant.eval.rounds import Rounds
from assistant.eval.runs import GoldenRuns
from assistant.eval.tuning import Tuning
from assistant.eval.workbench import Looked
from assistant.memory.spaces import Spaces
from assistant.orchestrator.changing import ModelChange
from assistant.orchestrator.checking import SourceCheck
from assistant.orchestrator.conversation import Conversation
from assistant.orchestrator.meter import Meter
from assistant.orchestrator.previews import Previews
from assistant.orchestrator.recall_walk import RecallWalk
from assistant.orchestrator.watching import Watching
from assistant.policy import PolicyEngine, Rule, read_rules
from tests.fakes.acting_room import acting_room
from tests.fakes.audit import FakeAudit
from tests.fakes.desk import Desk, at_work
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.health import FakeHealthStore
from tests.fakes.keeping import FakeKeeping
from tests.fakes.memory import Room
from tests.fakes.runtime import FakePower, InlineExecutor
from tests.fakes.spaces import FakeConfirmed, FakeFactory, FakeRegistry
from tests.fakes.watch import FakeWatch

SHIPPED = Path(__file__).resolve().parents[4] / "configs" / "policy.toml"
NOTE = "/notes/lease.txt"
Door = Callable[[Assistant], Awaitable[object]]
LEASE = Citation(n=1, path=NOTE, line=1, line_end=1, quote="The warehouse lease ends on 30 June 2027.", hash="0")


async def _unready(work: Awaitable[object]) -> None:
    """Try what the room has no other space for."""
    with contextlib.suppress(ModelError):
        await work


async def _unknown(work: Awaitable[object]) -> None:
    """Try it on what the room does not hold."""
    with contextlib.suppress(NotRememberedError):
        await work


ACTING: dict[str, tuple[str, Door]] = {
    "ingest": ("memory.ingest", lambda a: a.ingest(["/more"], "cli")),
    "recall": ("memory.recall", lambda a: a.recall(RecallQuery(text="lease"))),
    "ask": ("memory.recall", lambda a: a.ask("When does the lease end?", "cli")),
    "preview": ("memory.preview", lambda a: a.preview(Cite(path=NOTE), "", 100)),
    "forget": ("memory.forget", lambda a: a.forget(NOTE, "cli")),
    "forgetting.files": ("memory.forget", lambda a: a.forgetting.files([NOTE], "cli")),
    "forgetting.passages": ("memory.forget", lambda a: _unknown(a.forgetting.passages(["mi_0"], "cli"))),
    "install_model": ("models.install", lambda a: a.install_model("m", True)),
    "remove_model": ("models.remove", lambda a: a.remove_model("m")),
    "watching.watch": ("memory.watch", lambda a: a.watching.watch("/more")),
    "watching.unwatch": ("memory.watch", lambda a: a.watching.unwatch("/notes")),
    "watching.attend": ("memory.watch", lambda a: a.watching.attend()),
    "spaces.start": ("spaces.start", lambda a: a.spaces.start("m")),
    "spaces.switch": ("spaces.switch", lambda a: _unready(a.spaces.switch("m"))),
    "spaces.rollback": ("spaces.rollback", lambda a: _unready(a.spaces.rollback())),
    "spaces.drop": ("spaces.drop", lambda a: _unready(a.spaces.drop("m"))),
    "spaces.compare": ("spaces.compare", lambda a: a.spaces.compare()),
    "quality.confirm": ("quality.confirm", lambda a: a.quality.confirm("When does the lease end?", [LEASE])),
    "quality.withdraw": ("quality.withdraw", lambda a: a.quality.withdraw("case_1")),
    "quality.measure": ("quality.measure", lambda a: a.quality.measure()),
    "quality.run": ("quality.run", lambda a: a.quality.run()),
    "quality.tune": ("quality.tune", lambda a: a.quality.tune()),
    "quality.apply_tuning": ("quality.tune", lambda a: a.quality.apply_tuning()),
    "quality.reset_tuning": ("quality.tune", lambda a: a.quality.reset_tuning()),
    "upkeep.retry": ("memory.retry", lambda a: a.upkeep.retry("")),
    "upkeep.rebuild": ("memory.rebuild", lambda a: a.upkeep.rebuild(text=True, vectors=True)),
    "upkeep.backup": ("memory.backup", lambda a: a.upkeep.backup("/copies/mine.db")),
    "upkeep.restore": ("memory.restore", lambda a: a.upkeep.restore("/copies/mine.db")),
    "upkeep.collect": ("memory.collect", lambda a: a.upkeep.collect()),
}
TELLING = {
    "forgetting.within",
    "forgetting.prove",
    "spaces.all",
    "quality.cases",
    "watching.watched",
    "upkeep.backups",
    "upkeep.recalls",
    "upkeep.health",
    "estimate",
    "progress",
    "pause",
    "status",
    "verify",
    "doctor",
    "models",
    "events",
}
"""Doors that only tell how Mneme stands, or hold its own work: they read no file's content and change nothing remembered."""


TRIED_ELSEWHERE = {"acting", "history", "permissions"}
"""Groups whose doors are tried with plans of their own: see orchestrator/acting/test_deed_doors.py."""


class FakeModels:
    """Stands for the models room; writes calls down."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []

    async def install(self, model_id: str, consent: bool, _progress: object, local: object) -> ModelStatus:
        if not consent and local is None:
            raise ConsentRequiredError("It would fetch 90 MB.")
        self.calls.append(("install", model_id, local))
        return ModelStatus.model_construct(id=model_id, state="installed")

    async def remove(self, model_id: str) -> None:
        self.calls.append(("remove", model_id))

    async def states(self, _active: str = "") -> list[ModelStatus]:
        return []


@dataclass
class House:
    """A façade with everything behind it."""

    room: Room
    desk: Desk
    audit: FakeAudit
    bus: Bus
    models: FakeModels
    assistant: LocalAssistant


async def _unmeasured(_model_id: str) -> dict[str, float]:
    return {}


def _figures(room: Room, desk: Desk, own: OwnSet, spaces: Spaces, watching: Watching, bus: Bus) -> Figures:
    store, meter = FakeHealthStore(), Meter(room.clock)
    runs = GoldenRuns(room.memory, store, own, _nothing_fell, {}, bus, room.clock, desk.ids)
    tuning = Tuning(room.memory, store, own, _no_hits, room.settings.recall, 20, room.clock, desk.ids)
    rounds = Rounds(room.memory, desk.scheduler, meter, store, runs, room.settings.quality, room.clock, FakePower())
    machine = Machine(lambda: 1, lambda: 1)
    seen = (desk.scheduler, spaces, store, own, runs, tuning, room.settings.upkeep, machine, room.clock, rounds.flush)
    return Figures(meter, runs, tuning, Checkup(room.memory, *seen, watching.roots, FakeKeeping().backups))


async def _nothing_fell(_model: str, _recall: Recall) -> dict[str, float]:
    return {"recall@20": 1.0}


async def _no_hits(_model: str, _recall: Recall, _k: int) -> list[Looked]:
    return []


def house(desk: Desk, home: Path, rules: tuple[Rule, ...] | None = None) -> House:
    room, audit, bus, models = desk.room, FakeAudit(), Bus(), FakeModels()
    policy = PolicyEngine(read_rules(SHIPPED).rule if rules is None else rules, audit, bus, room.clock, desk.ids)
    check = SourceCheck(room.memory, room.reader, room.walker)
    recalling = RecallWalk(room.memory, policy, 1500)
    conversation = Conversation(recalling, check, lambda: room.embedder, Answering(), bus, room.clock, desk.ids)
    rest: Any = models
    machine = (desk.supervisor, bus, room.clock, desk.ids)
    watching = Watching(room.memory, room.walker, desk.scheduler, FakeWatch(), WatchSettings(), machine)
    spaces = Spaces(room.memory, FakeRegistry(), FakeFactory({"m": FakeEmbedder(8, model="m@1")}), None, room.clock)
    own = OwnSet(FakeConfirmed(room.records), room.memory, room.clock, desk.ids)
    gate = GoldenGate(_unmeasured, own, spaces, 0.02)
    change = ModelChange(room.memory, spaces, desk.scheduler, gate.judge, 200, *machine)
    rooms = Rooms(
        room.memory,
        desk.scheduler,
        conversation,
        Previews(room.memory, room.reader, room.walker),
        policy,
        rest,
        change,
        gate,
        own,
        watching=watching,
        keeping=FakeKeeping(),
        figures=_figures(room, desk, own, spaces, watching, bus),
        deeds=acting_room(home / "acting", InlineExecutor(), policy, desk.supervisor, (bus, room.clock, desk.ids)).deeds,
    )
    places = Places(config=home / "config", data=home / "data", cache=home / "cache", logs=home / "logs")
    places.data.mkdir(parents=True)
    around = Surroundings(places, lambda: [("an engine", "1.2.3")])
    return House(room, desk, audit, bus, models, LocalAssistant(rooms, around, bus.subscribe, bus, room.clock, desk.ids))


@pytest.fixture
async def desk() -> AsyncGenerator[Desk]:
    room = Room(model=False)
    room.files.write(NOTE, "The warehouse lease ends on 30 June 2027.")
    room.files.write("/more/tea.txt", "Green tea is brewed at eighty degrees.")
    await room.add("/notes")
    async with at_work(room) as found:
        yield found


def test_every_door_is_known_here() -> None:
    doors = {name for name in _doors(Assistant, "") if name.split(".")[0] not in TRIED_ELSEWHERE}
    assert doors == set(ACTING) | TELLING


def _doors(owner: type, prefix: str) -> Iterator[str]:
    """Name every method of the façade, those of its groups as `group.method`."""
    for name, member in inspect.getmembers(owner):
        if isinstance(member, property):
            yield from _doors(get_type_hints(member.fget)["return"], f"{name}.")
        elif inspect.isfunction(member) and not name.startswith("_"):
            yield prefix + name


@pytest.mark.parametrize("name", ACTING)
@pytest.mark.parametrize("decision", [Decision.ASK, Decision.DENY, None])
async def test_without_an_allow_no_door_opens(desk: Desk, tmp_path: Path, name: str, decision: Decision | None) -> None:
    tool, door = ACTING[name]
    rules = (Rule(name="r", tool=tool, origin=("*",), decision=decision, reason="not today"),) if decision else ()
    found = house(desk, tmp_path, rules)
    before = desk.room.held()
    desk.room.reader.reads.clear()
    with pytest.raises(PolicyDeniedError):
        await door(found.assistant)
    assert {(action.tool, verdict.decision) for action, verdict, _ in found.audit.lines} == {(tool, decision or Decision.ASK)}
    assert desk.room.held() == before
    assert desk.room.reader.reads == []
    assert found.models.calls == []


@pytest.mark.parametrize("name", ACTING)
async def test_what_is_allowed_is_written_down_too(desk: Desk, tmp_path: Path, name: str) -> None:
    tool, door = ACTING[name]
    found = house(desk, tmp_path)
    await door(found.assistant)
    await desk.settled()
    assert {(action.tool, verdict.decision) for action, verdict, _ in found.audit.lines} == {(tool, Decision.ALLOW)}


async def test_what_is_looked_up_has_one_id_in_verdict_record_and_event(desk: Desk, tmp_path: Path) -> None:
    found = house(desk, tmp_path)
    events = found.bus.subscribe()
    for _ in range(2):
        await found.assistant.recall(RecallQuery(text="lease"), "window")
    heard = [await anext(events) for _ in range(4)]
    audited = [action.correlation for action, _, _ in found.audit.lines]
    assert [event.correlation for event in heard] == [audited[0]] * 2 + [audited[1]] * 2
    assert [line.correlation for line in await found.assistant.upkeep.recalls()] == audited[::-1]
    assert len(set(audited)) == 2
    last = heard[-1]
    assert isinstance(last, MemoryRecalled)
    assert (last.origin, last.kind, last.query, last.sources) == ("window", "recall", "lease", 1)


@pytest.mark.parametrize("name", ["ingest", "forget"])
async def test_another_door_than_a_persons_does_not_write(desk: Desk, tmp_path: Path, name: str) -> None:
    found = house(desk, tmp_path)
    with pytest.raises(PolicyDeniedError):
        await (found.assistant.ingest(["/more"], "mcp") if name == "ingest" else found.assistant.forget(NOTE, "mcp"))
    assert await desk.room.states() == {NOTE: "ready"}


async def test_an_audit_that_cannot_be_written_stops_the_action(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = house(desk, tmp_path)

    async def refuse(*_: object) -> None:
        raise MnemeError("The disk is full.")

    monkeypatch.setattr(found.audit, "record", refuse)
    with pytest.raises(MnemeError, match="disk is full"):
        await found.assistant.forget(NOTE, "cli")
    assert await desk.room.states() == {NOTE: "ready"}


async def test_asking_for_consent_is_no_action(desk: Desk, tmp_path: Path) -> None:
    found = house(desk, tmp_path)
    with pytest.raises(ConsentRequiredError):
        await found.assistant.install_model("m", False)
    assert found.audit.lines == []
    await found.assistant.install_model("m", False, "/media/stick/m")
    (action, _, _) = found.audit.lines[0]
    assert (action.network, action.paths) == (False, ("/media/stick/m",))
    assert found.models.calls == [("install", "m", Path("/media/stick/m"))]


async def test_failed_files_are_tried_again(desk: Desk, tmp_path: Path) -> None:
    found = house(desk, tmp_path)
    desk.room.files.write("/notes/torn.txt", "Torn.")
    desk.room.files.unreadable["/notes/torn.txt"] = ReadError("The file is damaged.")
    await found.assistant.ingest(["/notes"], "cli")
    await desk.settled()
    assert (await desk.room.states())["/notes/torn.txt"] == "failed"
    del desk.room.files.unreadable["/notes/torn.txt"]
    assert await found.assistant.upkeep.retry("/more") == 0
    assert await found.assistant.upkeep.retry("/notes") == 1
    await desk.settled()
    assert (await desk.room.states())["/notes/torn.txt"] == "ready"


async def test_a_ticket_comes_at_once_and_the_work_follows(desk: Desk, tmp_path: Path) -> None:
    found = house(desk, tmp_path)
    facts = found.assistant.events()
    desk.scheduler.pause(True)
    ticket = await found.assistant.ingest(["/more", NOTE], "window")
    assert (ticket.queued, ticket.unchanged, ticket.excluded) == (1, 1, 0)
    started = [event async for event in _until(facts, IngestStarted)][-1]
    assert started.correlation == ticket.id
    desk.scheduler.pause(False)
    await desk.settled()
    again = await found.assistant.ingest(["/more"], "window")
    assert (again.queued, again.unchanged) == (0, 1)


async def test_a_forgotten_file_is_told_with_its_proof(desk: Desk, tmp_path: Path) -> None:
    found = house(desk, tmp_path)
    facts = found.assistant.events()
    report = await found.assistant.forget(NOTE, "cli")
    assert report.proved
    gone = [event async for event in _until(facts, SourceForgotten)][-1]
    assert isinstance(gone, SourceForgotten)
    assert (gone.path, gone.proved) == (NOTE, True)
    with pytest.raises(NotRememberedError):
        await found.assistant.forget(NOTE, "cli")


async def test_an_excluded_file_leaves_the_queue(desk: Desk, tmp_path: Path) -> None:
    found = house(desk, tmp_path)
    desk.scheduler.pause(True)
    await found.assistant.ingest(["/more"], "cli")
    desk.room.files.skips["/more/tea.txt"] = ("ignored", "named by .gitignore")
    await found.assistant.ingest(["/more"], "cli")
    desk.scheduler.pause(False)
    await desk.settled()
    assert (await desk.room.states())["/more/tea.txt"] == "excluded"
    assert desk.room.sparse.rows.keys() == {key for key, c in desk.room.records.chunks.items() if c.source_id}
    assert await desk.room.found("tea") == []


async def test_status_counts_and_names_what_is_remembered(desk: Desk, tmp_path: Path) -> None:
    status = await house(desk, tmp_path).assistant.status()
    assert [(source.path, source.state.value, source.chunks) for source in status.sources] == [(NOTE, "ready", 1)]
    assert (status.totals.sources, status.totals.chunks, status.text_search_only, status.model) == (1, 1, True, "")


async def test_doctor_names_what_is_wrong_with_a_remedy(desk: Desk, tmp_path: Path) -> None:
    found = house(desk, tmp_path)
    well = {check.name: check for check in (await found.assistant.doctor()).checks}
    assert (await found.assistant.doctor()).ok
    assert well["an engine"].detail == "1.2.3"
    assert (well["text model"].state, well["memory"].state, well["files"].state) == ("warning", "ok", "ok")
    desk.room.sparse.rows.clear()
    ill = await found.assistant.doctor()
    memory = next(check for check in ill.checks if check.name == "memory")
    assert not ill.ok
    assert (memory.state, bool(memory.detail), bool(memory.remedy)) == ("problem", True, True)


async def test_what_is_watched_is_listed_and_can_be_left(desk: Desk, tmp_path: Path) -> None:
    watching = house(desk, tmp_path).assistant.watching
    assert [(root.path, root.watched, root.online) for root in await watching.watched()] == [("/notes", True, True)]
    assert (await watching.watch("/more")).path == "/more"
    await desk.settled()
    assert (await desk.room.states())["/more/tea.txt"] == "ready"
    assert not (await watching.unwatch("/notes")).watched
    desk.room.files.unplugged.add("/more")
    assert [(root.watched, root.online) for root in await watching.watched()] == [(True, False), (False, True)]
    with pytest.raises(NotRememberedError):
        await watching.unwatch("/nowhere")


async def _until(facts: Any, kind: type) -> AsyncGenerator[Any]:
    async for event in facts:
        yield event
        if isinstance(event, kind):
            await facts.aclose()
            return
