"""A question's way to an answer: verdicts first, evidence, claims as they are found, and silence where nothing proves."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.config.schema import Answering
from assistant.domain.errors import PolicyDeniedError
from assistant.domain.events import AnswerReady, ClaimFound, MemoryRecalled, PolicyBlocked, QuestionAsked, VerdictRecorded
from assistant.domain.plan import Decision
from assistant.orchestrator.checking import SourceCheck
from assistant.orchestrator.conversation import Conversation
from assistant.orchestrator.intent import analyse
from assistant.orchestrator.planner import plan
from assistant.orchestrator.recall_walk import RecallWalk
from assistant.policy import PolicyEngine, Rule, read_rules
from tests.fakes.audit import FakeAudit
from tests.fakes.memory import Room
from tests.fakes.runtime import FakeIds, RecordingEvents

SHIPPED = Path(__file__).resolve().parents[4] / "configs" / "policy.toml"
LEASE = "The warehouse lease ends on 30 June 2027.\n\nThe landlord repairs the roof every spring.\n"


@dataclass
class Talk:
    room: Room
    events: RecordingEvents
    audit: FakeAudit
    conversation: Conversation
    recalling: RecallWalk


def talk(room: Room, rules: tuple[Rule, ...] | None = None) -> Talk:
    events, audit, ids = RecordingEvents(), FakeAudit(), FakeIds()
    policy = PolicyEngine(read_rules(SHIPPED).rule if rules is None else rules, audit, events, room.clock, ids)
    recalling = RecallWalk(room.memory, policy, 1500)
    check = SourceCheck(room.memory, room.reader, room.walker)
    conversation = Conversation(recalling, check, lambda: room.embedder, Answering(), events, room.clock, ids)
    return Talk(room, events, audit, conversation, recalling)


@pytest.fixture
async def room() -> Room:
    held = Room(model=False)
    held.files.write("/notes/lease.txt", LEASE)
    held.files.write("/notes/tea.txt", "Green tea is brewed at eighty degrees.\n")
    await held.add("/notes")
    return held


async def test_every_sentence_of_an_answer_is_cited_letter_for_letter(room: Room) -> None:
    desk = talk(room)
    found = await desk.conversation.ask("When does the warehouse lease end?", "cli")
    assert not found.abstained
    assert "30 June 2027" in found.answer
    assert found.took_ms > 0
    for claim in found.claims:
        assert claim.citations
    for citation in found.citations:
        assert citation.quote in room.files.texts[citation.path]
        assert citation.state == "verified"
    assert [citation.n for citation in found.citations] == list(range(1, len(found.citations) + 1))


async def test_the_facts_of_a_turn_come_in_order_under_one_id(room: Room) -> None:
    desk = talk(room)
    await desk.conversation.ask("When does the warehouse lease end?", "cli")
    kinds = [type(event) for event in desk.events.published]
    assert kinds[0] is QuestionAsked
    assert kinds[-1] is AnswerReady
    assert kinds.index(VerdictRecorded) < kinds.index(ClaimFound)
    assert MemoryRecalled in kinds
    turn = {event.correlation for event in desk.events.published}
    assert turn == {line.correlation for line in await room.memory.recalls(0, 10)}
    assert len(turn) == 1


async def test_a_source_with_secrets_is_marked_by_kind_though_they_are_not_quoted(room: Room) -> None:
    room.files.write("/notes/router.txt", 'The router stands in the cellar. Its admin_password = "xK9#mQ2vLp7!" was set in May.')
    await room.add("/notes")
    found = await talk(room).conversation.ask("Where does the router stand?", "cli")
    (cited,) = [one for one in (*found.citations, *found.nearest) if one.path == "/notes/router.txt"]
    assert cited.sensitive == ("password",)
    assert "xK9" not in found.model_dump_json()


async def test_what_memory_does_not_hold_is_not_answered(room: Room) -> None:
    found = await talk(room).conversation.ask("Who won the chess tournament in Reykjavik?", "cli")
    assert found.abstained
    assert found.claims == found.citations == ()
    assert found.answer
    for citation in found.nearest:
        assert citation.quote in room.files.texts[citation.path]


async def test_an_empty_memory_says_so_in_the_language_of_the_question() -> None:
    found = await talk(Room(model=False)).conversation.ask("Когда кончается аренда?", "cli")
    assert found.abstained
    assert found.nearest == ()
    assert "памяти" in found.answer
    assert any("модель не установлена" in note for note in found.notes)


async def test_a_changed_source_is_never_quoted_wrongly(room: Room) -> None:
    room.files.write("/notes/lease.txt", "Preface.\n\n" + LEASE.replace("2027", "2031"))
    found = await talk(room).conversation.ask("When does the warehouse lease end?", "cli")
    assert all("2027" not in citation.quote for citation in (*found.citations, *found.nearest))
    assert any("/notes/lease.txt" in note for note in found.notes)


async def test_a_quote_that_only_moved_is_shown_with_its_new_lines(room: Room) -> None:
    room.files.write("/notes/lease.txt", "Preface.\n\n" + LEASE)
    found = await talk(room).conversation.ask("When does the warehouse lease end?", "cli")
    first = found.citations[0]
    assert first.state == "source changed"
    assert first.line is not None
    assert first.quote in room.files.texts["/notes/lease.txt"].splitlines()[first.line - 1]


@pytest.mark.parametrize("decision", [Decision.ASK, Decision.DENY, None])
async def test_without_an_allow_nothing_is_looked_up(
    room: Room, decision: Decision | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = Rule(name="r", tool="memory.recall", origin=("*",), decision=decision or Decision.ASK, reason="not today")
    desk = talk(room, (rule,) if decision else ())
    gathered: list[object] = []
    monkeypatch.setattr(room.memory, "gather", gathered.append)
    with pytest.raises(PolicyDeniedError, match="Nothing was done"):
        await desk.conversation.ask("When does the warehouse lease end?", "cli")
    assert gathered == []
    assert {verdict.decision for _, verdict, _ in desk.audit.lines} == {decision or Decision.ASK}
    assert not any(isinstance(event, AnswerReady) for event in desk.events.published)
    assert [type(event) for event in desk.events.published].count(PolicyBlocked) == 1


async def test_a_dry_run_brings_verdicts_and_touches_nothing(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = talk(room, ())
    monkeypatch.setattr(room.memory, "gather", None)
    verdicts, packs = await desk.recalling.walk(plan(analyse("When?"), "turn_1", "cli"), dry_run=True)
    assert [verdict.decision for verdict in verdicts] == [Decision.ASK]
    assert packs == []
    assert len(desk.audit.lines) == 1


SAFE = "The door code policy changed in May.\n\nThe password of the archive server is Zebra-41-lamp.\n"


async def test_a_secret_is_quoted_only_when_asked_for(room: Room) -> None:
    room.files.write("/notes/safe.txt", SAFE)
    await room.add("/notes")
    question = "What is the password of the archive server?"
    kept = await talk(room).conversation.ask(question, "cli")
    assert "Zebra" not in kept.model_dump_json()
    assert any("left out" in note for note in kept.notes)
    shown = await talk(room).conversation.ask(question, "cli", secrets=True)
    assert "Zebra-41-lamp" in shown.answer
    assert not any("left out" in note for note in shown.notes)
