"""The desk: plans from request to receipt, what it hears from other doors, what it asks of the core."""

from collections.abc import Callable
from typing import Any

import pytest

from assistant.api.views import ApprovalAwaited, Conflict, PlanDecided, PlanEdit, Reverted, StepChanged
from tests.fakes.assistant import FakeAssistant
from tests.fakes.deeds import NOON, change, proposal, run_of, step
from ui.bridge import Bridge
from ui.deeds import Deed, Desk
from ui.deeds.ledger import MOST_DEEDS, Ledger

Until = Callable[[Callable[[], Any]], Any]
MOVE = change("move", "/p/a.png", "/p/2026-11/a.png")
SORT = step(1, "files.sort", "Sort by month", arguments={"folder": "/p"})
READY = proposal("sort /p", "ready", [SORT], [MOVE])


@pytest.fixture
def desk(assistant: FakeAssistant, bridge: Bridge) -> Desk:
    assistant.acting.proposals["sort /p"] = READY
    made = Desk()
    made.attach(bridge)
    return made


def waiting(desk: Desk) -> list[Deed]:
    found: list[Deed] = []
    desk.waiting.connect(found.append)
    return found


async def test_from_request_to_receipt(assistant: FakeAssistant, desk: Desk, until: Until) -> None:
    found = waiting(desk)
    ended: list[Deed] = []
    desk.ended.connect(ended.append)
    deed = desk.do("sort /p")
    assert deed is not None
    assert deed.phase == "planning"
    await until(lambda: found == [deed])
    assert deed.waits
    desk.approve(deed, "once")
    assert deed.busy, "buttons rest until the core has answered"
    await until(lambda: ended == [deed])
    assert assistant.called("acting.approve") == [("plan_1", "d1", "window", "once")]
    assert (deed.phase, deed.run and deed.run.state) == ("ended", "done")


async def test_a_plan_that_only_looks_ends_at_once(assistant: FakeAssistant, desk: Desk, until: Until) -> None:
    assistant.acting.proposals["list /p"] = proposal("list /p", "ended", [SORT], id="plan_2")
    ended: list[Deed] = []
    desk.ended.connect(ended.append)
    deed = desk.do("list /p")
    await until(lambda: ended)
    assert deed is not None
    assert (deed.phase, deed.waits, deed.run) == ("ended", False, None)


async def test_a_plan_that_needs_no_approval_is_followed(assistant: FakeAssistant, desk: Desk, until: Until) -> None:
    run = assistant.history.begin(READY)
    assistant.acting.proposals["open it"] = READY.model_copy(update={"id": "plan_3", "state": "running", "run": run.id})
    deed = desk.do("open it")
    assert deed is not None
    await until(lambda: deed.run is not None)
    assert deed.phase == "ended"


async def test_progress_of_planning_goes_to_the_plan_that_is_worked_out(
    assistant: FakeAssistant, desk: Desk, until: Until
) -> None:
    assistant.acting.looking.clear()
    deed = desk.do("sort /p")
    assert deed is not None
    await until(lambda: deed.live)
    assert deed.progress() == (3, 10)
    assert deed.live["s1"].output == ["looking through the folder"]
    assert desk.stop_planning()
    assert deed.phase == "withdrawn"
    await until(lambda: assistant.called("acting.deny") == [("plan_1", "window")])
    assert not desk.stop_planning()


async def test_denying_withdraws(assistant: FakeAssistant, desk: Desk, until: Until) -> None:
    found = waiting(desk)
    deed = desk.do("sort /p")
    await until(lambda: found)
    assert deed is not None
    desk.deny(deed)
    await until(lambda: assistant.called("acting.deny"))
    assert (deed.phase, assistant.acting.open, assistant.history.kept) == ("withdrawn", {}, {})


async def test_what_moved_meanwhile_is_shown_anew_and_waits_again(assistant: FakeAssistant, desk: Desk, until: Until) -> None:
    found = waiting(desk)
    deed = desk.do("sort /p")
    await until(lambda: found)
    assert deed is not None
    assistant.acting.moved = proposal("sort /p", "ready", [SORT], [MOVE, change("trash", "/p/b.png")], digest="d2")
    desk.approve(deed, "once")
    await until(lambda: len(found) == 2)
    assert deed.failure is not None
    assert deed.failure.what == "The files have changed since the preview."
    desk.approve(deed, "plan")
    await until(lambda: deed.phase == "ended")
    assert assistant.called("acting.approve")[-1] == ("plan_1", "d2", "window", "plan")


async def test_questions_and_edits_bring_a_new_proposal(assistant: FakeAssistant, desk: Desk, until: Until) -> None:
    asked = proposal("sort", "question", question={"slot": "folder", "text": "Which folder?"})
    assistant.acting.proposals["sort"] = asked
    assistant.acting.answers["/p"] = READY
    assistant.acting.edited = lambda shown, edit: shown.model_copy(update={"message": f"without {edit.drop}"})
    deed = desk.do("sort")
    assert deed is not None
    await until(lambda: deed.waits)
    desk.answer(deed, "/p")
    await until(lambda: deed.proposal == READY)
    desk.edit(deed, PlanEdit(drop=("s1",)))
    await until(lambda: deed.proposal and deed.proposal.message == "without ('s1',)")


async def test_plans_of_other_doors_are_taken_up_and_let_go(assistant: FakeAssistant, desk: Desk, until: Until) -> None:
    begun: list[Deed] = []
    desk.begun.connect(begun.append)
    foreign = READY.model_copy(update={"id": "plan_9"})
    assistant.acting.open["plan_9"] = foreign
    assistant.publish(ApprovalAwaited(id="e", at=NOON, plan_id="plan_9", request="sort /p", risk="low"))
    await until(lambda: begun)
    assert (begun[0].proposal, begun[0].waits) == (foreign, True)
    assistant.publish(PlanDecided(id="f", at=NOON, plan_id="plan_9", request="sort /p", approved=False, origin="cli"))
    await until(lambda: begun[0].phase == "withdrawn")


async def test_what_waited_or_was_cut_off_before_the_window_opened(
    assistant: FakeAssistant, bridge: Bridge, until: Until
) -> None:
    assistant.acting.open["plan_1"] = READY
    cut = run_of(READY, "interrupted", standing=1)
    assistant.history.kept[cut.id] = cut
    desk = Desk()
    found, runs = waiting(desk), []
    desk.interrupted.connect(runs.append)
    desk.attach(bridge)
    await until(lambda: found and runs)
    assert runs == [cut]
    deed = desk.resume(cut, finish=False)
    await until(lambda: deed.run and deed.run.state == "cancelled")
    assert assistant.called("history.resume") == [(cut.id, "window", False)]


async def test_undo_asks_about_files_that_were_changed_since(assistant: FakeAssistant, desk: Desk, until: Until) -> None:
    deed = desk.do("sort /p")
    assert deed is not None
    await until(lambda: deed.waits)
    desk.approve(deed, "once")
    await until(lambda: deed.phase == "ended")
    assert deed.run is not None
    conflict = Conflict(path="/p/2026-11/a.png", reason="It was changed since.")
    assistant.history.clash = Reverted(run=deed.run, changes=0, conflicts=(conflict,))
    desk.revert(deed)
    await until(lambda: deed.clashes == (conflict,))
    desk.settle(deed)
    assert deed.clashes == ()
    desk.revert(deed, how="keep both")
    await until(lambda: deed.told == "1 changes taken back.")
    assert deed.reverted
    assistant.history.clash = None
    desk.revert(deed, redo=True)
    await until(lambda: deed.told == "1 changes done again.")
    assert not deed.reverted
    calls = [(call[0], call[-1]) for call in assistant.calls if call[0] in ("history.undo", "history.redo")]
    assert calls == [("history.undo", "refuse"), ("history.undo", "keep both"), ("history.redo", "refuse")]


async def test_a_flood_of_progress_changes_a_deed_now_and_then(assistant: FakeAssistant, desk: Desk, until: Until) -> None:
    assistant.history.finish = False
    deed = desk.do("sort /p")
    assert deed is not None
    await until(lambda: deed.waits)
    desk.approve(deed, "once")
    await until(lambda: deed.phase == "running")
    changes: list[Deed] = []
    desk.changed.connect(changes.append)
    assert deed.run is not None
    for n in range(1000):
        facts = {"run_id": deed.run.id, "plan_id": "plan_1", "step": "s1", "tool": "files.sort", "state": "running"}
        event = StepChanged.model_validate({"id": "x", "at": NOON, **facts, "done": n + 1, "total": 1000, "text": f"file {n}"})
        desk._happened(event)
    assert changes == []
    await until(lambda: changes)
    assert (deed.progress(), deed.state_of(SORT)) == ((1000, 1000), "running")
    assert len(deed.live["s1"].output) == 400
    desk.cancel(deed)
    await until(lambda: deed.phase == "ended")
    assert deed.run.state == "cancelled"


async def test_a_failing_plan_is_told(assistant: FakeAssistant, desk: Desk, until: Until) -> None:
    assistant.failures["acting.plan"] = RuntimeError("boom")
    deed = desk.do("sort /p")
    assert deed is not None
    await until(lambda: deed.failure)
    assert deed.phase == "failed"


def test_the_oldest_that_are_over_make_room() -> None:
    ledger = Ledger()
    open_one = Deed("waits", proposal=READY)
    ledger.keep(open_one)
    for n in range(MOST_DEEDS + 5):
        ledger.keep(Deed(str(n), proposal=READY.model_copy(update={"id": str(n)}), withdrawn=True))
    assert len(ledger.deeds) == MOST_DEEDS
    assert ledger.deeds[0] is open_one
    assert ledger.plan("") is None
