"""The plan dock: steps with their state, changes to the plan by mouse and key, output as it streams, several plans."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest

from assistant.api.views import Conflict, PlanEdit, Proposal, Reverted
from tests.fakes.assistant import FakeAssistant
from tests.fakes.deeds import change, proposal, step
from ui.bridge import Bridge
from ui.deeds import Deed, Desk
from ui.docks.plan import PlanDock

Until = Callable[[Callable[[], Any]], Any]
SORT = step(1, "files.sort", "Sort by month", arguments={"folder": "/p", "by": "month"}, effects=("move",), changes=1)
CLEAN = step(2, "files.clean", "Remove empty folders", arguments={"folder": "/p"}, effects=("trash",))
READY = proposal("sort and clean", "ready", [SORT, CLEAN], [change("move", "/p/a", "/p/b/a")])


def replanned(shown: Proposal, edit: PlanEdit) -> Proposal:
    """Do to a proposal what the core would."""
    steps = [view for view in shown.steps if view.step.id not in edit.drop]
    if edit.order:
        steps.sort(key=lambda view: edit.order.index(view.step.id))
    changed = [
        view.model_copy(update={"step": view.step.model_copy(update={"arguments": {**view.step.arguments, **new}})})
        for view in steps
        for new in [edit.arguments.get(view.step.id, {})]
    ]
    return proposal(shown.request, "ready", changed, shown.preview.changes if shown.preview else (), digest="d2")


@pytest.fixture
def dock(assistant: FakeAssistant, bridge: Bridge) -> PlanDock:
    assistant.acting.proposals[READY.request] = READY
    assistant.acting.edited = replanned
    desk = Desk()
    made = PlanDock(desk)
    desk.attach(bridge)
    made.attach(bridge)
    made.resize(380, 640)
    made.show()
    made.activateWindow()
    return made


async def planned(dock: PlanDock, until: Until) -> Deed:
    deed = dock.desk.do(READY.request)
    await until(lambda: dock.model.rowCount() == 2)
    assert deed is not None
    return deed


def titles(dock: PlanDock) -> list[str]:
    return [str(dock.model.index(row, 0).data()) for row in range(dock.model.rowCount())]


async def test_steps_appear_and_the_card_asks(dock: PlanDock, until: Until) -> None:
    assert dock.pages.currentWidget() is dock.empty
    await planned(dock, until)
    assert titles(dock) == ["Sort by month", "Remove empty folders"]
    assert dock.request.text() == "sort and clean"
    assert dock.inspector.view is not None
    assert dock.inspector.view.step.id == "s1"
    assert dock.card is not None
    assert dock.card.approval is not None
    dock.answer()
    assert dock.card.approval.buttons["deny"].hasFocus(), "the harmless answer gets the keyboard"


async def test_a_short_plan_leaves_the_room_to_the_step_in_full(dock: PlanDock, until: Until) -> None:
    dock.resize(380, 900)
    await planned(dock, until)
    tree, lower = dock.splitter.sizes()
    rows = [dock.tree.visualRect(dock.model.index(row, 0)) for row in range(2)]
    assert rows[-1].bottom() < dock.tree.viewport().height(), "both steps are in view"
    assert tree < lower


async def test_a_step_is_dropped_and_moved(dock: PlanDock, assistant: FakeAssistant, until: Until) -> None:
    await planned(dock, until)
    dock.tree.setFocus()
    assert not dock.up_button.isEnabled()
    QTest.keyClick(dock.tree, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    await until(lambda: titles(dock) == ["Remove empty folders", "Sort by month"])
    await until(dock.drop_button.isEnabled)
    dock.tree.setCurrentIndex(dock.model.index(0, 0))
    QTest.keyClick(dock.tree, Qt.Key.Key_Delete)
    await until(lambda: titles(dock) == ["Sort by month"])
    assert assistant.called("acting.edit") == [
        ("plan_1", PlanEdit(order=("s2", "s1"))),
        ("plan_1", PlanEdit(drop=("s2",))),
    ]
    await until(lambda: dock.edit_button.isEnabled())
    assert not dock.drop_button.isEnabled(), "the last step stays"


async def test_arguments_are_changed_in_a_form(dock: PlanDock, assistant: FakeAssistant, until: Until) -> None:
    deed = await planned(dock, until)
    dock.tree.setFocus()
    QTest.keyClick(dock.tree, Qt.Key.Key_F2)
    form = dock.inspector.form
    assert form is not None
    form.fields["by"].setText("year")
    dock.desk.changed.emit(deed)
    assert dock.inspector.form is form, "news about the deed leave an open form alone"
    form.save.click()
    await until(lambda: deed.proposal and deed.proposal.preview and deed.proposal.preview.digest == "d2")
    assert assistant.called("acting.edit") == [("plan_1", PlanEdit(arguments={"s1": {"by": "year"}}))]
    assert dock.inspector.form is None
    dock.edit_button.click()
    assert dock.inspector.form is not None
    dock.inspector.form.closed.emit()
    assert dock.inspector.form is None


async def test_output_streams_and_states_follow(dock: PlanDock, assistant: FakeAssistant, until: Until) -> None:
    assistant.history.finish = False
    deed = await planned(dock, until)
    dock.desk.approve(deed, "once")
    await until(lambda: deed.phase == "running")
    assert deed.run is not None
    assistant.history.step(deed.run.id, 1, "running", done=1, total=2, text="a \u202emoved")
    await until(lambda: dock.inspector.output.toPlainText() == "a ⟨U+202E⟩moved")
    assistant.history.step(deed.run.id, 1, "running", done=2, total=2, text="b moved")
    await until(lambda: dock.inspector.output.toPlainText().endswith("\nb moved"))
    assert "is running · 2 of 2" in dock.model.rows[0].below
    assert not dock.drop_button.isEnabled(), "what runs is not edited"
    assistant.history.end(
        deed.run.id, "done", standing=1, steps=tuple(v.model_copy(update={"state": "done"}) for v in READY.steps)
    )
    await until(lambda: deed.phase == "ended")
    assert [row.standing.state for row in dock.model.rows] == ["done", "done"]
    assert dock.undo_button.isEnabled()
    conflict = Conflict(path="/p/b/a", reason="it was changed since")
    assistant.history.clash = Reverted(run=deed.run, changes=0, conflicts=(conflict,))
    dock.undo_button.click()
    await until(lambda: dock.card and dock.card.receipt and dock.card.receipt.clashes)
    assert dock.card is not None
    assert dock.card.receipt is not None
    assert dock.card.receipt.clashes is not None
    dock.card.receipt.clashes.buttons["keep both"].click()
    await until(lambda: deed.told)
    assert [call[2:] for call in assistant.called("history.undo")] == [("s1", "refuse"), ("s1", "keep both")]


async def test_several_plans_are_chosen_from(dock: PlanDock, assistant: FakeAssistant, until: Until) -> None:
    first = await planned(dock, until)
    assistant.acting.proposals["list"] = proposal("list", "ended", [SORT], id="plan_2")
    second = dock.desk.do("list")
    assert dock.deed is first, "a plan that waits stays on show"
    await until(lambda: second is not None and second.phase == "ended")
    dock.chooser.activated.emit(0)
    assert dock.model.rowCount() == 1
    assert [dock.chooser.itemText(row) for row in range(2)] == ["list · Finished", "sort and clean · Waits for your answer"]
    assert dock.chooser.isVisibleTo(dock)
    dock.chooser.activated.emit(1)
    assert dock.deed is first
    assert dock.model.rowCount() == 2
    wanted: list[tuple[str, str]] = []
    dock.desk.diffWanted.connect(lambda of, path: wanted.append((of, path)))
    dock.diff_button.click()
    assert wanted == [("plan_1", "")]


async def test_it_paints_every_state(dock: PlanDock, until: Until) -> None:
    await planned(dock, until)
    dock.tree.expandAll()
    shot = QPixmap(dock.size())
    dock.render(shot)
    assert not shot.isNull()
