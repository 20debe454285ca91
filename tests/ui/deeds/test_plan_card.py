"""Plan cards: what is approved is shown exactly, answers reach the desk, Esc decides nothing, untrusted text stays text."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTextEdit

from assistant.api.views import Conflict, Proposal, Question, Reverted, Risk, Table, Taint
from tests.fakes.assistant import FakeAssistant, answer, citation
from tests.fakes.deeds import change, proposal, step
from ui.bridge import Bridge
from ui.deeds import Deed, Desk, PlanCard
from ui.deeds.findings import FoundView

Until = Callable[[Callable[[], Any]], Any]
EVIL = '<img src="http://evil.example/x.png">\u202egnp.exe'
CHANGES = [change("move", f"/p/{n}.png", f"/p/2026-11/{n}.png") for n in range(20)]
SORT = step(
    1, "files.sort", "Sort by month", arguments={"folder": "/p", "glob": EVIL}, effects=("move",), writes=("/p/2026-11/1.png",)
)
READY = proposal("sort /p", "ready", [SORT], CHANGES, risk=Risk(score=61, level="high", reasons=("Many entries are moved.",)))


@pytest.fixture
def desk(bridge: Bridge) -> Desk:
    made = Desk()
    made.attach(bridge)
    return made


@pytest.fixture
def shown(app: QApplication, desk: Desk) -> Iterator[Callable[..., PlanCard]]:
    """Return `shown(proposal)`: a card of a deed with it, in a window."""

    def make(found: Proposal, **more: Any) -> PlanCard:
        deed = Deed(found.request, proposal=found)
        desk.ledger.keep(deed)
        card = PlanCard(deed, desk, **more)
        card.resize(420, 700)
        card.show()
        card.activateWindow()
        return card

    yield make


def texts(card: PlanCard) -> str:
    labels = [one.text() for one in card.findChildren(QLabel)]
    return "\n".join([*labels, *(one.toPlainText() for one in card.findChildren(QTextEdit))])


async def test_an_approval_shows_exactly_what_runs(shown: Callable[..., PlanCard]) -> None:
    card = shown(READY)
    text = texts(card)
    for wanted in ("files.sort", "/p", "20 moved", "high risk · 61", "Many entries are moved.", "you, in this window"):
        assert wanted in text, wanted
    assert '<img src="http://evil.example/x.png">⟨U+202E⟩gnp.exe' in text
    assert card.approval is not None
    assert card.approval.show_all.text() == "Show all 20"
    assert all(one.textFormat() == Qt.TextFormat.PlainText for one in card.findChildren(QLabel))
    named = [one for one in card.findChildren(QPushButton) if one.isVisibleTo(card)]
    assert all(one.accessibleName() or one.text() for one in named)


@pytest.mark.parametrize("grant", ["once", "plan", "always"])
async def test_each_grant_reaches_the_core(
    grant: str, assistant: FakeAssistant, desk: Desk, shown: Callable[..., PlanCard], until: Until
) -> None:
    assistant.acting.open["plan_1"] = READY
    card = shown(READY)
    assert card.approval is not None
    QTest.mouseClick(card.approval.buttons[grant], Qt.MouseButton.LeftButton)
    assert not card.body.isEnabled(), "nobody can answer twice"
    await until(lambda: card.receipt is not None)
    assert assistant.called("acting.approve") == [("plan_1", "d1", "window", grant)]


async def test_escape_folds_and_decides_nothing(assistant: FakeAssistant, shown: Callable[..., PlanCard], until: Until) -> None:
    card = shown(READY)
    assert card.approval is not None
    await until(card.isActiveWindow)
    card.approval.buttons["once"].setFocus()
    QTest.keyClick(card.approval.buttons["once"], Qt.Key.Key_Escape)
    assert not card.body.isVisibleTo(card)
    assert card.fold.accessibleName() == "Unfold"
    assert assistant.called("acting.deny") == assistant.called("acting.approve") == []
    card.fold.click()
    assert card.body.isVisibleTo(card)


async def test_enter_denies_on_the_deny_button(assistant: FakeAssistant, shown: Callable[..., PlanCard], until: Until) -> None:
    assistant.acting.open["plan_1"] = READY
    card = shown(READY)
    assert card.approval is not None
    card.approval.buttons["deny"].setFocus()
    QTest.keyClick(card.approval.buttons["deny"], Qt.Key.Key_Space)
    assert card.title.text() == "Denied"
    await until(lambda: assistant.called("acting.deny"))


async def test_untrusted_text_is_shown_with_its_origin_and_never_allowed_for_good(shown: Callable[..., PlanCard]) -> None:
    taint = Taint(argument="target", origin="file", source="/p/README.md", excerpt=EVIL)
    tainted = SORT.model_copy(update={"taints": (taint,)})
    card = shown(READY.model_copy(update={"steps": (tainted,)}))
    text = texts(card)
    assert "“target” is filled from the contents of a file: /p/README.md" in text
    assert "⟨U+202E⟩gnp.exe" in text
    assert card.approval is not None
    assert not card.approval.buttons["always"].isEnabled()
    assert card.approval.buttons["once"].isEnabled()


async def test_a_brief_card_keeps_the_answers_in_view(shown: Callable[..., PlanCard], until: Until) -> None:
    taints = tuple(Taint(argument=str(n), origin="web", source="https://x", excerpt="long " * 30) for n in range(5))
    card = shown(READY.model_copy(update={"steps": (SORT.model_copy(update={"taints": taints}),)}), brief=True)
    assert card.approval is not None
    card.resize(300, 10)
    await until(lambda: card.height() < 400)
    deny = card.approval.buttons["deny"]
    assert card.rect().contains(deny.mapTo(card, deny.rect().bottomRight()))
    assert "files.sort" not in texts(card)


async def test_a_question_is_answered_by_choice_or_text(
    assistant: FakeAssistant, shown: Callable[..., PlanCard], until: Until
) -> None:
    for value, question in (
        ("/a", Question(slot="folder", text="Which folder?", choices=(("/a", "Pictures"), ("/b", "Downloads")))),
        ("/c", Question(slot="folder", text="Which folder?")),
    ):
        asked = proposal("sort", "question", question=question)
        assistant.acting.open["plan_1"] = asked
        assistant.acting.answers[value] = READY
        card = shown(asked)
        assert card.question is not None
        if question.choices:
            assert [one.text() for one in card.question.choices] == ["Pictures", "Downloads"]
            card.question.choices[0].click()
        else:
            QTest.keyClicks(card.question.field, value)
            QTest.keyClick(card.question.field, Qt.Key.Key_Return)
        await until(lambda card=card: card.approval is not None)
    assert assistant.called("acting.answer") == [("plan_1", "/a"), ("plan_1", "/c")]


async def test_what_cannot_be_done_offers_what_is_nearest(shown: Callable[..., PlanCard]) -> None:
    card = shown(proposal("fly", "unsupported", message="Mneme cannot do that.", nearest=("sort ~/Pictures by month",)))
    suggested: list[str] = []
    card.suggested.connect(suggested.append)
    assert card.nearest is not None
    card.nearest.chips[0].click()
    assert suggested == ["sort ~/Pictures by month"]
    assert "Mneme cannot do that." in texts(card)


async def test_conflicts_and_denials_say_why(shown: Callable[..., PlanCard]) -> None:
    blocked = Conflict(path="/p/x", reason="It is there already.")
    card = shown(proposal("move", "conflict", [SORT], conflicts=(blocked,), message="One thing stands in the way."))
    assert "/p/x: It is there already." in texts(card)
    assert card.approval is None, "nothing can be approved"
    card = shown(proposal("rm", "denied", [SORT], message="That would touch the home folder itself."))
    assert "The rules do not allow this" in texts(card)
    assert card.approval is None


async def test_a_receipt_shows_findings_and_undoes(
    assistant: FakeAssistant, desk: Desk, shown: Callable[..., PlanCard], until: Until
) -> None:
    assistant.acting.open["plan_1"] = READY
    assistant.history.finish = False
    card = shown(READY)
    desk.approve(card.deed, "once")
    await until(lambda: card.working is not None)
    assert card.deed.run is not None
    assistant.history.step(card.deed.run.id, 1, "running", done=7, total=20, text="7.png")
    await until(lambda: "7 of 20" in card.working.says.text())
    table = Table(columns=("path", "line"), rows=((EVIL, "1"), ("/p/b", "2")))
    found = SORT.model_copy(update={"text": "Two places.", "table": table, "state": "done"})
    assistant.history.end(card.deed.run.id, "done", standing=20, steps=(found,), uncovered=("access times",))
    await until(lambda: card.receipt is not None)
    text = texts(card)
    for wanted in ("Two places.", "Done: 20 of 20 changes stand.", "Undo does not cover: access times", "2 rows"):
        assert wanted in text, wanted
    view = card.findChild(FoundView)
    assert isinstance(view, FoundView)
    assert "⟨U+202E⟩" in str(view.model.index(0, 0).data())
    assert (view.model.rowCount(), view.model.columnCount()) == (2, 2)
    conflict = Conflict(path="/p/2026-11/1.png", reason="It was changed since.")
    assistant.history.clash = Reverted(run=card.deed.run, changes=0, conflicts=(conflict,))
    assert card.receipt is not None
    assert card.receipt.undo is not None
    card.receipt.undo.click()
    await until(lambda: card.receipt is not None and card.receipt.clashes is not None)
    assert "/p/2026-11/1.png: It was changed since." in texts(card)
    card.receipt.clashes.buttons["merge"].click()
    await until(lambda: card.receipt is not None and card.receipt.redo is not None)
    assert [call[-1] for call in assistant.calls if call[0] == "history.undo"] == ["refuse", "merge"]
    assistant.history.clash = None
    card.receipt.redo.click()
    await until(lambda: card.receipt is not None and card.receipt.undo is not None)


async def test_an_answer_is_handed_on_and_not_told_twice(
    desk: Desk, assistant: FakeAssistant, app: QApplication, until: Until
) -> None:
    said = answer("why", [("Because.", [1])], [citation(1, "/a.txt", "Because.")])
    looked = step(1, "memory.ask", "Look it up", text="Because.")
    assistant.acting.proposals["why"] = proposal("why", "ended", [looked], answer=said)
    deed = desk.do("why")
    assert deed is not None
    card = PlanCard(deed, desk)
    answers: list[object] = []
    card.answered.connect(answers.append)
    await until(lambda: answers)
    assert answers == [said]
    assert "Because." not in texts(card)
