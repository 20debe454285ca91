"""The models window and the button that calls an answer right."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from assistant.api.views import ModelStatus, SpaceChanged
from assistant.domain.errors import StorageError
from tests.fakes.assistant import NOON, answer, citation
from tests.fakes.groups import space
from ui.shell.models import ModelsDialog

QUESTION = "When does the pump run?"


def model(model_id, state="installed"):
    return ModelStatus(
        id=model_id, name=model_id, state=state, dimensions=384, languages=("en",), licence="MIT", size_bytes=1, active=False
    )


def press(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


async def test_each_model_has_the_button_that_makes_sense(bridge, assistant, until):
    assistant.catalogue = [model("old"), model("now"), model("next"), model("far", "available")]
    assistant.spaces.records = [space("old", "kept"), space("now", "active")]
    dialog = ModelsDialog(bridge)
    await until(lambda: dialog.lines)
    assert list(dialog.buttons) == [("old", "rollback"), ("next", "start")]
    press(dialog.buttons["next", "start"])
    await until(lambda: assistant.called("spaces.start") == [("next",)])
    assistant.spaces.records.append(space("next", "building"))
    assistant.publish(SpaceChanged(id="e", at=NOON, model="next@1", state="building", done=8, total=10))
    await until(lambda: ("next", "drop") in dialog.buttons)
    assert dialog.lines[2] == "next: being prepared: 8 of 10"
    press(dialog.buttons["old", "rollback"])
    await until(lambda: assistant.called("spaces.rollback"))
    dialog.close()


async def test_a_model_that_did_worse_shows_why_and_can_be_taken_anyway(bridge, assistant, until):
    assistant.catalogue = [model("next")]
    assistant.spaces.records = [
        space("next", "ready", reason="mine.recall@20 0.500 instead of 1.000", figures={"mine.recall@20": 0.5})
    ]
    dialog = ModelsDialog(bridge)
    await until(lambda: dialog.lines)
    assert dialog.lines == ["next: ready: mine.recall@20 0.500 instead of 1.000"]
    dialog._compare()
    await until(lambda: "mine.recall@20" in dialog.figures.text())
    press(dialog.buttons["next", "switch"])
    await until(lambda: assistant.called("spaces.switch") == [("next",)])
    dialog.close()


async def asked(window, assistant, until):
    assistant.answers[QUESTION] = answer(QUESTION, [("At 06:30.", [1])], [citation(1, "/garden/README.md", "At 06:30.")])
    QTest.keyClicks(window.chat.box.edit, QUESTION)
    QTest.keyClick(window.chat.box.edit, Qt.Key.Key_Return)
    await until(lambda: window.chat.cards and window.chat.cards[0].answer)
    return window.chat.cards[0]


async def test_an_answer_is_called_right(window, assistant, until):
    card = await asked(window, assistant, until)
    press(card.right)
    await until(lambda: assistant.quality.confirmed)
    assert assistant.called("quality.confirm") == [(QUESTION, card.answer.citations)]
    assert not card.right.isEnabled()


async def test_a_confirmation_that_fails_can_be_tried_again(window, assistant, until):
    card = await asked(window, assistant, until)
    assistant.failures["quality.confirm"] = StorageError("The disk is full.")
    press(card.right)
    await until(lambda: window.banners.shown())
    assert card.right.isEnabled()
