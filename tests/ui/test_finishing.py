"""The small window after the big one: it names what goes on, stops it on the first wish, and ends at once on the second."""

import pytest

from assistant.api.views import Undertaking
from ui.shell import Finishing

RUN = Undertaking(kind="run", what="move *.txt from here\nto there", run_id="run_1", done=120, total=500)


class Waiting:
    """Writes down what it is asked."""

    def __init__(self, finishing: Finishing, *going: Undertaking) -> None:
        self.asked: list[str] = []
        self._finishing = finishing
        self.show(*going)

    def show(self, *going: Undertaking) -> None:
        self._finishing.show_going(going, lambda: self.asked.append("stop"), lambda: self.asked.append("cut"))


@pytest.fixture
def finishing(app):
    made = Finishing()
    yield made
    made.over()


def test_it_names_a_run_and_how_far_it_is(finishing):
    Waiting(finishing, RUN)
    assert finishing.isVisible()
    assert "“move *.txt from here to there” is being carried out: 120 of 500 changes." in finishing.told.text()
    assert (finishing.bar.value(), finishing.bar.maximum()) == (120, 500)
    assert finishing.button.text() == "Stop and take back"


@pytest.mark.parametrize("press", [lambda one: one.button.click(), lambda one: one.close()], ids=["button", "close"])
def test_the_first_wish_stops_the_second_ends_at_once(finishing, press):
    waiting = Waiting(finishing, RUN)
    press(finishing)
    assert (waiting.asked, finishing.isVisible()) == (["stop"], True)
    waiting.show(RUN.model_copy(update={"kind": "take back", "done": 119}))
    assert "is being taken back" in finishing.told.text()
    assert finishing.button.text() == "Quit at once"
    press(finishing)
    assert (waiting.asked, finishing.isVisible()) == (["stop", "cut"], True)
    finishing.over()
    assert not finishing.isVisible()


def test_what_cannot_be_stopped_can_be_left(finishing):
    waiting = Waiting(finishing, Undertaking(kind="undo", what="sort"), Undertaking(kind="call", what="forget"))
    assert (finishing.button.text(), finishing.bar.maximum()) == ("Quit at once", 0)
    for said in (
        "“sort” is being taken back.",
        "Another Mneme works through this one: forget.",
        "Mneme closes when this is done.",
    ):
        assert said in finishing.told.text()
    finishing.button.click()
    assert waiting.asked == ["cut"]


def test_a_long_request_and_signs_from_outside_do_no_harm(finishing):
    Waiting(finishing, Undertaking(kind="redo", what="\u202e" + "x" * 500))
    assert len(finishing.told.text()) < 200
    assert "\u202e" not in finishing.told.text()
