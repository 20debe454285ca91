"""`do` when the Mneme that holds the memory closes: the next one goes on with what was seen, answered and agreed to."""

import json
from collections.abc import Callable

import pytest

from assistant.api.views import Proposal, Question
from assistant.cli import session
from assistant.domain.errors import ClosingError, InUseError
from tests.fakes.assistant import FakeAssistant
from tests.fakes.deeds import proposal, run_of
from tests.unit.assistant.cli.conftest import FakeDoors, Run
from tests.unit.assistant.cli.test_do_command import RENAME, approvals, ready

CUT = InUseError("The Mneme that holds this memory was closed while it worked on this.")


@pytest.fixture
def waiting(fake: FakeAssistant) -> FakeAssistant:
    fake.acting.proposals[RENAME] = ready()
    return fake


@pytest.fixture
def closing(waiting: FakeAssistant, doors: FakeDoors) -> Callable[[str, int], None]:
    """Let the calls of a method be cut off, so many times; plans that waited are gone then."""

    def cut(name: str, times: int = 1) -> None:
        left = [times]
        note = waiting._note  # pyright: ignore[reportPrivateUsage]  # the groups note through it, and are let hear more

        def noting(called: str, *args: object) -> None:
            note(called, *args)
            if called == name and left[0]:
                left[0] -= 1
                waiting.acting.open.clear()
                raise CUT

        waiting.acting._note = waiting.history._note = noting  # type: ignore[assignment]

    return cut


def test_what_was_agreed_to_goes_on_when_it_is_the_same(
    mneme: Run, waiting: FakeAssistant, closing: Callable[..., None], doors: FakeDoors
) -> None:
    closing("acting.approve")
    result = mneme("do", RENAME, typed="y\n")
    assert (result.exit_code, doors.opened) == (0, 2)
    assert result.stderr.count("Do this?") == 1
    assert "was planned again" in result.stderr
    assert [call[1] for call in approvals(waiting)] == ["d1", "d1"]


def test_another_preview_is_asked_about_again(mneme: Run, waiting: FakeAssistant, closing: Callable[..., None]) -> None:
    closing("acting.approve")
    waiting.acting.proposals_after = {RENAME: ready(digest="d2")}
    result = mneme("do", RENAME, typed="y\ny\n")
    assert result.exit_code == 0
    assert "would not be the same any more" in result.stderr
    assert result.stderr.count("Do this?") == 2
    assert [call[1] for call in approvals(waiting)] == ["d1", "d2"]
    assert "digest d2" in result.stdout


def test_no_to_what_changed_is_no(mneme: Run, waiting: FakeAssistant, closing: Callable[..., None]) -> None:
    closing("acting.approve")
    waiting.acting.proposals_after = {RENAME: ready(digest="d2")}
    result = mneme("do", RENAME, typed="y\nn\n")
    assert (result.exit_code, len(approvals(waiting))) == (4, 1)
    assert "Nothing was done." in result.stderr


@pytest.mark.parametrize(("more", "agreed"), [(("--yes",), "d2"), (("--approve", "d1"), "d1")])
def test_agreeing_beforehand_means_what_it_meant(
    mneme: Run, waiting: FakeAssistant, closing: Callable[..., None], more: tuple[str, ...], agreed: str
) -> None:
    closing("acting.approve")
    waiting.acting.proposals_after = {RENAME: ready(digest="d2")}
    waiting.acting.moved = ready(digest="d3") if agreed == "d1" else None
    result = mneme("do", RENAME, *more)
    assert [call[1] for call in approvals(waiting)] == ["d1", agreed]
    assert result.exit_code == (0 if agreed == "d2" else 1)


def test_a_run_that_began_is_followed_not_begun_again(mneme: Run, waiting: FakeAssistant, closing: Callable[..., None]) -> None:
    """The approval arrived, its answer did not."""
    begun = run_of(ready(), "interrupted", standing=1, reason="Mneme was ended in the middle: 1 of 2 changes were made.")
    waiting.history.kept[begun.id] = begun
    waiting.history.end(begun.id, "interrupted")
    closing("acting.approve")
    result = mneme("do", RENAME, typed="y\n")
    assert result.exit_code == 1
    assert f"mneme finish {begun.id} --take-back" in result.stderr
    assert len(approvals(waiting)) == 1
    assert len(waiting.called("acting.plan")) == 1


def test_a_run_is_followed_through_the_next_one(mneme: Run, waiting: FakeAssistant, closing: Callable[..., None]) -> None:
    closing("history.ended", 2)
    result = mneme("do", RENAME, "--yes", "--json")
    assert (result.exit_code, json.loads(result.stdout)["run"]["state"]) == (0, "done")
    assert (len(approvals(waiting)), len(waiting.called("history.ended"))) == (1, 3)


def test_answers_are_not_asked_for_again(mneme: Run, waiting: FakeAssistant, closing: Callable[..., None]) -> None:
    question = Question(slot="target", text="Where to?", choices=(("/d/a", "a, the older"), ("/d/b", "b, the newer")))
    waiting.acting.proposals[RENAME] = proposal(RENAME, "question", question=question)
    waiting.acting.answers = {"/d/b": ready()}
    closing("acting.approve")
    result = mneme("do", RENAME, typed="2\ny\n")
    assert (result.exit_code, result.stderr.count("Where to?")) == (0, 1)
    assert [call[1] for call in waiting.called("acting.answer")] == ["/d/b", "/d/b"]


def test_one_that_is_about_to_close_is_waited_for_once_and_said_so(
    mneme: Run, waiting: FakeAssistant, doors: FakeDoors, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = 3
    plan = waiting.acting.plan

    async def planning(*args: object) -> Proposal:
        nonlocal refusals
        refusals -= 1
        if refusals >= 0:
            raise ClosingError("The Mneme that holds this memory is closing, and finishes “move” first.")
        return await plan(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(waiting.acting, "plan", planning)
    monkeypatch.setattr(session, "PATIENCE_S", 0.0)
    monkeypatch.setattr(session, "RETRY_S", 0.0)
    result = mneme("do", RENAME, "--yes")
    assert (result.exit_code, doors.opened) == (0, 4)
    assert result.stderr.count("finishes “move” first. Waiting until it has closed") == 1
