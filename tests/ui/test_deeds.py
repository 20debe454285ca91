"""Acting in the window: typed requests become plans, everything by keyboard, who looks elsewhere hears, undo by key."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QComboBox, QLineEdit

from assistant.api.views import ApprovalAwaited, Conflict, Grant, Reverted
from tests.fakes.assistant import NOON, answer, citation
from tests.fakes.deeds import change, proposal, run_of, step
from ui.docks.chat.request import reads_as_request
from ui.shell.dialogs import SettingsDialog, ShortcutsDialog

SORT = step(1, "files.sort", "Sort by month", arguments={"folder": "/p"}, effects=("move",), writes=("/p/11/a.png",))
READY = proposal("sort /p", "ready", [SORT], [change("move", "/p/a.png", "/p/11/a.png")])
CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def type_and_do(window, text="sort /p"):
    QTest.keyClicks(window.chat.box.edit, text)
    QTest.keyClick(window.chat.box.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


async def test_ctrl_enter_plans_and_the_keyboard_approves(acting_window, assistant, until):
    assistant.acting.proposals["sort /p"] = READY
    window = acting_window
    type_and_do(window)
    card = window.chat.plans[0]
    await until(lambda: card.approval is not None)
    assert assistant.called("ask") == []
    assert window.chat.box.text() == ""
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert window._panels.plan.isVisible()
    focus = QApplication.focusWidget()
    assert focus is window._panels.plan.card.approval.buttons["deny"]
    for _ in range(8):
        if QApplication.focusWidget() is window._panels.plan.card.approval.buttons["once"]:
            break
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    await until(lambda: card.receipt is not None)
    assert assistant.called("acting.approve") == [("plan_1", "d1", "window", "once")]
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL_ALT)
    await until(lambda: card.receipt is not None and card.receipt.redo is not None)
    assert assistant.called("history.undo") == [("", "window", "", "refuse")]
    await until(lambda: [one.head for one in window.banners.shown()] == ["Taken back: sort /p"])
    QTest.keyClick(window, Qt.Key.Key_Y, CTRL_ALT)
    await until(lambda: card.receipt is not None and card.receipt.undo is not None)


async def test_the_answer_stays_in_view_beside_what_would_change(acting_window, assistant, until):
    assistant.acting.proposals["sort /p"] = READY
    window = acting_window
    window.resize(1440, 900)
    type_and_do(window)
    await until(lambda: window.chat.plans[0].approval is not None)
    window.deeds.show_waiting()
    window.deeds.show_diff("", "")
    panels = window._panels
    assert panels.diff.isVisible()
    assert panels.plan.geometry().bottom() >= panels.diff.geometry().bottom(), "the panel of plans keeps its height"
    for button in panels.plan.card.approval.buttons.values():
        assert button.visibleRegion().boundingRect() == button.rect(), button.text()


async def test_the_mode_says_what_enter_does(acting_window, assistant, until):
    box = acting_window.chat.box
    QTest.keyClicks(box.edit, "Sort the pictures")
    assert box.hint.text() == "Something to do? Ctrl+Enter"
    box.mode_do.click()
    assert box.hint.text() == ""
    assert box.edit.placeholderText() == "Say what should be done…"
    QTest.keyClick(box.edit, Qt.Key.Key_Return)
    await until(lambda: assistant.called("acting.plan") == [("Sort the pictures", "window")])
    card = acting_window.chat.plans[0]
    await until(lambda: card.title.text() == "Mneme cannot do this")
    box.mode_ask.click()
    QTest.keyClicks(box.edit, "why")
    QTest.keyClick(box.edit, Qt.Key.Key_Return)
    await until(lambda: assistant.called("ask") == [("why", "window")])


def test_what_reads_like_an_order():
    for order in ("sort my screenshots", "Разложи скриншоты по месяцам", "пожалуйста, удали пустые папки", "please move a to b"):
        assert reads_as_request(order), order
    for question in ("When did we move?", "move what?", "что удалили вчера", "sorting algorithms", "where is the copy"):
        assert not reads_as_request(question), question


async def test_a_plan_of_another_door_is_announced(acting_window, assistant, until, monkeypatch):
    alerts = []
    monkeypatch.setattr(QApplication, "alert", lambda *given: alerts.append(given))
    window = acting_window
    window.showMinimized()
    assistant.acting.open["plan_1"] = READY
    assistant.publish(ApprovalAwaited(id="e", at=NOON, plan_id="plan_1", request="sort /p", risk="low"))
    await until(lambda: alerts)
    await until(lambda: window.chat.plans)
    window.showNormal()
    assert window.chat.plans[0].approval is not None


async def test_a_waiting_plan_out_of_sight_gets_a_banner(acting_window, assistant, until):
    window = acting_window
    assistant.acting.proposals["sort /p"] = READY
    assistant.acting.looking.clear()
    type_and_do(window)
    await until(lambda: window.chat.plans)
    window.chat.restart()
    assistant.acting.looking.set()
    await until(window.banners.shown)
    [banner] = window.banners.shown()
    assert banner.head == "A plan waits for your answer: sort /p"
    banner.buttons[0].click()
    assert window._panels.plan.isVisible()
    assert window.banners.shown() == []


async def test_what_was_interrupted_is_offered_at_start(bridge, assistant, acting_window, until):
    window = acting_window
    cut = run_of(READY, "interrupted", standing=0)
    assistant.history.kept[cut.id] = cut
    window.deeds.desk.interrupted.emit(cut)
    [banner] = window.banners.shown()
    assert (banner.head, banner.more) == ("This was interrupted: sort /p", "0 of 1 changes were made.")
    banner.buttons[0].click()
    await until(lambda: assistant.called("history.resume") == [(cut.id, "window", True)])
    assert window._panels.plan.isVisible()


async def test_undo_by_key_asks_where_files_were_changed_since(acting_window, assistant, until):
    window = acting_window
    run = assistant.history.begin(READY)
    assistant.history.clash = Reverted(run=run, changes=0, conflicts=(Conflict(path="/p/11/a.png", reason="It was changed."),))
    window.commands.undo.trigger()
    plan = window._panels.plan
    await until(lambda: plan.card is not None and plan.card.receipt is not None and plan.card.receipt.clashes is not None)
    plan.card.receipt.clashes.buttons["skip"].click()
    await until(lambda: assistant.called("history.undo")[-1] == (run.id, "window", "", "skip"))


async def test_an_answer_to_a_request_is_a_card_with_sources(acting_window, assistant, until):
    window = acting_window
    said = answer("why", [("Because.", [1])], [citation(1, "/a.txt", "Because.")])
    looked = step(1, "memory.ask", "Look it up", text="Because.")
    assistant.acting.proposals["why"] = proposal("why", "ended", [looked], answer=said)
    type_and_do(window, "why")
    await until(lambda: window.chat.cards)
    assert window.chat.cards[0].answer == said


async def test_nearest_requests_go_into_the_box(acting_window, assistant, until):
    window = acting_window
    assistant.acting.proposals["fly"] = proposal("fly", "unsupported", nearest=("sort ~/Pictures by month",))
    type_and_do(window, "fly")
    card = window.chat.plans[0]
    await until(lambda: card.nearest is not None)
    card.nearest.chips[0].click()
    assert window.chat.box.text() == "sort ~/Pictures by month"
    assert window.chat.box.doing


async def test_escape_stops_what_is_being_planned(acting_window, assistant, until):
    window = acting_window
    assistant.acting.looking.clear()
    type_and_do(window)
    card = window.chat.plans[0]
    assert card.title.text() == "Planning"
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert card.title.text() == "Denied"


async def test_standing_permissions_are_listed_and_taken_back(acting_window, assistant, until):
    window = acting_window
    assistant.permissions.standing = [Grant(id="g1", tool="files.sort", scope="/p", kind="always", at=NOON)]
    window.commands.settings.trigger()
    [dialog] = window.findChildren(SettingsDialog)
    await until(lambda: dialog.permissions.buttons)
    assert dialog.permissions.buttons["g1"].accessibleName() == "Take back: files.sort in /p"
    dialog.permissions.buttons["g1"].click()
    await until(lambda: assistant.called("permissions.revoke") == [("g1",)])
    await until(lambda: dialog.permissions.empty.isVisible())
    dialog.close()


async def test_help_lists_the_keys_of_acting(acting_window):
    acting_window.commands.shortcuts.trigger()
    [dialog] = acting_window.findChildren(ShortcutsDialog)
    texts = [one.text() for one in dialog.findChildren(type(acting_window.summary))]
    for wanted in ("Undo the last deed", "Ctrl+Alt+Z", "Have it done", "Ctrl+Enter", "Show the plan that waits"):
        assert wanted in texts, wanted
    dialog.close()


async def test_every_control_of_acting_can_be_reached_and_is_named(acting_window, assistant, until):
    window = acting_window
    assistant.acting.proposals["sort /p"] = READY
    type_and_do(window)
    await until(lambda: window.chat.plans[0].approval is not None)
    window.deeds.show_plan(window.deeds.desk.ledger.deeds[0])
    window.deeds.show_diff("", "")
    for panel in (window._panels.plan, window._panels.diff, window._panels.timeline, window.chat):
        for kind in (QAbstractButton, QComboBox, QLineEdit, QAbstractItemView):
            for one in panel.findChildren(kind):
                if one.isVisibleTo(panel) and one.focusPolicy() != Qt.FocusPolicy.NoFocus:
                    assert one.accessibleName() or getattr(one, "text", str)(), (panel, one)
