"""The conversation: questions and claims in order, chips that open citations, plain text throughout."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QTextEdit

from assistant.api.views import ClaimFound, QuestionAsked
from assistant.domain.answer import Claim
from assistant.domain.errors import StorageError
from tests.fakes.assistant import NOON, answer, citation
from ui.docks.chat import ChatPane
from ui.docks.chat.pane import Bubble

QUESTION = "When does the pump run?"
EVIL = '<img src="http://evil.example/x.png"><b>bold</b>'
FIRST = citation(1, "/garden/README.md", "It runs at 06:30.", line=14)
SECOND = citation(2, "/garden/pump.py", EVIL, line=31, line_end=33)


def script(assistant):
    claims = [("It runs at 06:30.", [1]), (f"Longer runs flood the bed {EVIL}.", [1, 2])]
    assistant.answers[QUESTION] = answer(QUESTION, claims, [FIRST, SECOND], notes=["Text search only."])


def type_and_ask(window, text=QUESTION):
    QTest.keyClicks(window.chat.box.edit, text)
    QTest.keyClick(window.chat.box.edit, Qt.Key.Key_Return)


async def test_question_and_claims_appear_in_order(window, assistant, until):
    script(assistant)
    assistant.hold.clear()
    type_and_ask(window)
    card = window.chat.cards[0]
    await until(lambda: len(card.lines) == 1)
    assert window.chat.findChild(Bubble).text() == QUESTION
    assert assistant.called("ask") == [(QUESTION, "window")]
    assert card.lines[0].chips[0].isEnabled() is False, "a chip opens nothing before its citation is known"
    assistant.hold.set()
    await until(lambda: card.answer)
    assert [line.toPlainText() for line in card.lines] == ["It runs at 06:30.", f"Longer runs flood the bed {EVIL}."]
    assert [[chip.n for chip in line.chips] for line in card.lines] == [[1], [1, 2]]
    assert window.chat.box.text() == ""


async def test_chip_opens_the_citation_in_the_preview(window, assistant, until):
    script(assistant)
    type_and_ask(window)
    card = window.chat.cards[0]
    await until(lambda: card.answer)
    QTest.mouseClick(card.lines[1].chips[1], Qt.MouseButton.LeftButton)
    [(cite, quote)] = window._panels.preview.shown
    assert (cite.path, cite.line, cite.line_end, quote) == ("/garden/pump.py", 31, 33, EVIL)
    assert window._panels.preview.isVisible()


async def test_text_of_files_is_never_taken_for_html(window, assistant, until):
    script(assistant)
    type_and_ask(window)
    card = window.chat.cards[0]
    await until(lambda: card.answer)
    for label in card.findChildren(QLabel):
        assert "<b>" not in label.text() or label.textFormat() == Qt.TextFormat.PlainText
    for text in card.findChildren(QTextEdit):
        assert "<img" not in text.toHtml()
    chip = card.lines[1].chips[1]
    assert "<img" not in chip.toolTip()
    assert "&lt;img" in chip.toolTip()
    assert "pump.py · lines 31–33" in chip.toolTip()


async def test_sources_are_listed_and_open_by_keyboard(window, assistant, until):
    script(assistant)
    type_and_ask(window)
    card = window.chat.cards[0]
    await until(lambda: card.panel)
    assert [row.citation.n for row in card.panel.rows] == [1, 2]
    QTest.keyClick(card.panel.rows[0], Qt.Key.Key_Return)
    assert window._panels.preview.shown[0][0].path == "/garden/README.md"


async def test_abstained_answer_shows_the_nearest_evidence(window, assistant, until):
    changed = citation(1, "/a.txt", "near", state="source changed")
    assistant.answers[QUESTION] = answer(QUESTION, (), (), nearest=[changed.model_dump()])
    type_and_ask(window)
    card = window.chat.cards[0]
    await until(lambda: card.panel)
    assert card.lines == []
    assert card.panel.header.text() == "Nearest evidence"
    assert card.panel.rows[0].badge.text() == "source changed"


async def test_a_source_that_holds_secrets_is_marked_and_says_which(window, assistant, until):
    cited = [citation(1, "/a.txt", "The router.", sensitive=["password", "card", "phone"]), citation(2, "/b.txt", "The pump.")]
    assistant.answers[QUESTION] = answer(QUESTION, [("The router.", [1]), ("The pump.", [2])], cited)
    type_and_ask(window)
    card = window.chat.cards[0]
    await until(lambda: card.panel)
    marked, plain = card.panel.rows
    told = "Holds secrets: a password, a card number"
    assert (marked.secrets.text(), marked.secrets.accessibleName()) == ("holds secrets", told)
    assert told in marked.secrets.toolTip()
    assert told in marked.accessibleDescription()
    assert not marked.secrets.isHidden()
    assert plain.secrets.isHidden()
    assert "secrets" not in plain.accessibleDescription()


async def test_stop_keeps_what_was_found_and_lets_ask_again(window, assistant, until):
    script(assistant)
    assistant.hold.clear()
    type_and_ask(window)
    card = window.chat.cards[0]
    await until(lambda: len(card.lines) == 1)
    QTest.keyClick(window.chat.box.edit, Qt.Key.Key_Escape)
    assert not window.chat.busy
    assert len(card.lines) == 1
    assistant.hold.set()
    type_and_ask(window)
    await until(lambda: window.chat.cards[1].answer)
    assert card.answer is None


async def test_claims_of_somebody_elses_question_stay_out(window, assistant, until):
    script(assistant)
    assistant.hold.clear()
    type_and_ask(window)
    card = window.chat.cards[0]
    await until(lambda: len(card.lines) == 1)
    assistant.publish(QuestionAsked(id="x", at=NOON, correlation="other", question="other"))
    foreign = Claim(text="Foreign.", citations=(1,))
    assistant.publish(ClaimFound(id="y", at=NOON, correlation="other", index=1, claim=foreign))
    assistant.hold.set()
    await until(lambda: card.answer)
    assert "Foreign." not in [line.toPlainText() for line in card.lines]


async def test_failed_question_says_why_in_its_card(window, assistant, until):
    assistant.failures["ask"] = StorageError("The index cannot be read.", remedy="Run “mneme verify”.")
    type_and_ask(window)
    await until(lambda: not window.chat.busy)
    shown = [text.toPlainText() for text in window.chat.cards[0].findChildren(QTextEdit)]
    assert shown == ["The index cannot be read."]


async def test_answer_is_copied_with_its_sources(window, assistant, until):
    script(assistant)
    type_and_ask(window)
    card = window.chat.cards[0]
    await until(lambda: card.answer)
    copy = next(one for one in card.findChildren(type(window.chat.box.button)) if one.text() == "Copy")
    copy.click()
    text = QGuiApplication.clipboard().text()
    assert text.startswith("It runs at 06:30. [1] Longer runs")
    assert "[1] /garden/README.md (line 14): “It runs at 06:30.”" in text


async def test_shift_enter_starts_a_line_and_the_box_grows_to_five(window, assistant):
    edit = window.chat.box.edit
    heights = [edit.height()]
    for _ in range(7):
        QTest.keyClicks(edit, "word")
        QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        heights.append(edit.height())
    assert assistant.called("ask") == []
    assert heights[0] < heights[1] < heights[4]
    assert heights[4] == heights[7]


async def test_prompt_fills_the_box_with_its_gap_selected(window, assistant):
    window.chat.welcome.suggested.emit("Where is … defined?")
    QTest.keyClicks(window.chat.box.edit, "Pump")
    assert window.chat.box.text() == "Where is Pump defined?"


async def test_code_keeps_its_shape(window, assistant, until):
    code = "    def run(self):\n        return 1"
    assistant.answers[QUESTION] = answer(QUESTION, [(code, [1])], [FIRST])
    type_and_ask(window)
    card = window.chat.cards[0]
    await until(lambda: card.answer)
    assert card.lines[0].toPlainText() == "def run(self):\n    return 1"
    assert card.lines[0].property("role") == "code"


async def test_long_answer_leaves_its_question_in_sight(window, assistant, until):
    claims = [(f"Sentence number {n} of a very long answer.", [1]) for n in range(60)]
    assistant.answers[QUESTION] = answer(QUESTION, claims, [FIRST])
    for _ in range(2):
        type_and_ask(window)
        await until(lambda: not window.chat.busy)
    newest = window.chat.findChildren(Bubble)[-1]
    viewport = window.chat.scroller.viewport()
    await until(lambda: 0 <= newest.mapTo(viewport, newest.rect().topLeft()).y() < 60)


async def test_enter_before_the_memory_is_open_asks_once_it_is(app, assistant, bridge, until):
    assistant.answers["why"] = answer("why", [("Because.", [1])], [citation(1, "/a.txt", "Because.")])
    chat = ChatPane()
    chat.show()
    QTest.keyClicks(chat.box.edit, "why")
    QTest.keyClick(chat.box.edit, Qt.Key.Key_Return)
    assert chat.cards == []
    assert chat.box.text() == "why"
    chat.attach(bridge)
    await until(lambda: chat.cards and chat.cards[0].answer)
    chat.close()
