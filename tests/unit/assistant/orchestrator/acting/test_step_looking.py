"""Looking through steps: what earlier ones found fills later ones, what was left out stays, a busy store is asked once more."""

from dataclasses import replace

import pytest

from assistant.domain.change import Change, ChangeKind
from assistant.domain.errors import ArgumentError, StorageError
from assistant.domain.plan import Plan, Step
from assistant.domain.tool import Arguments, CommandSpec, EffectKind, Guide, Outcome, Table
from assistant.orchestrator.acting.looking import Edits, Looked, Looking, filled, paths_in
from assistant.tools import Sight
from tests.fakes.acting_room import NOON
from tests.fakes.seeing import stamp_of
from tests.unit.assistant.orchestrator.acting.conftest import Around, silent

MOVED = Change(kind=ChangeKind.MOVE, path="/d/a", to="/d/b")
FOUND = {"s1": Outcome(text="said", table=Table(columns=("a",), rows=(("1",),)), changes=(MOVED,)), "s2": Outcome()}


def taking(part: str, step: str = "s1") -> Arguments:
    return {"it": {"from": step, "take": part}, "plain": {"from": "s1"}, "n": 1}


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("text", "said"),
        ("table", {"columns": ["a"], "rows": [["1"]]}),
        ("paths", ["/d/a", "/d/b"]),
        ("citations", []),
    ],
)
def test_what_a_step_found_takes_its_place(part: str, value: object) -> None:
    assert filled(taking(part), FOUND) == {"it": value, "plain": {"from": "s1"}, "n": 1}


@pytest.mark.parametrize(
    ("part", "step", "why"),
    [("text", "s9", "has not been done"), ("table", "s2", "brings no “table”"), ("colour", "s1", "brings no “colour”")],
)
def test_what_is_not_there_cannot_be_taken(part: str, step: str, why: str) -> None:
    with pytest.raises(ArgumentError, match=why):
        filled(taking(part, step), FOUND)


def test_paths_are_the_absolute_ones_alone_and_in_lists() -> None:
    given: Arguments = {"folder": "/d", "paths": ["/d/a", "b", 3, "/d"], "text": "see /d/x", "n": 1, "more": None}
    assert paths_in(given) == ("/d", "/d/a")


class Tool:
    """The one command there is: brings `outcome`, and fails first as often as `failures` says."""

    def __init__(
        self, outcome: Outcome, effect: EffectKind = EffectKind.READ, failures: int = 0, idempotent: bool = True
    ) -> None:
        self.outcome, self.failures, self.calls = outcome, failures, 0
        guide = Guide(title={"en": "Do"}, summary={"en": "Does."})
        self._spec = CommandSpec(name="do", arguments={}, effects=(effect,), permissions=(), idempotent=idempotent, guide=guide)

    def spec(self, name: str) -> CommandSpec:
        return self._spec

    async def call(self, name: str, arguments: Arguments, sight: Sight) -> Outcome:
        self.calls += 1
        if self.calls <= self.failures:
            raise StorageError("The store is busy.")
        return self.outcome


async def look(around: Around, tool: Tool, edits: Edits | None = None, *, every: bool = True) -> Looked:
    step = Step(id="s1", tool="any.do", arguments={"folder": str(around.root.resolve())})
    plan = Plan(id="p", request="r", language="en", origin="cli", steps=(step,))
    looking = Looking(replace(around.room.hands, tools=tool))
    return await looking.look(plan, edits or Edits(), NOON, {"s1": silent("s1")}, every=every)


async def test_a_busy_store_is_asked_once_more_where_that_does_no_harm(around: Around) -> None:
    tool = Tool(Outcome(text="found"), failures=1)
    assert (await look(around, tool)).views[0].text == "found"
    for stubborn in (Tool(Outcome(), failures=2), Tool(Outcome(), failures=1, idempotent=False)):
        with pytest.raises(StorageError):
            await look(around, stubborn)
        assert stubborn.calls == stubborn.failures


async def test_what_only_looks_is_called_when_it_runs_and_not_before(around: Around) -> None:
    tool = Tool(Outcome(text="found"))
    assert (await look(around, tool, every=False)).views[0].text == ""
    assert tool.calls == 0


class TestLeavingOut:
    OLD = b"".join(b"line %d\n" % n for n in range(40))

    @pytest.fixture
    async def change(self, around: Around) -> Change:
        path = around.root.resolve() / "a.txt"
        path.write_bytes(self.OLD)
        new = self.OLD.replace(b"line 1\n", b"ONE\n").replace(b"line 35\n", b"LAST\n")
        blob = await around.room.hands.blobs.put(new)
        return Change(kind=ChangeKind.WRITE, path=str(path), blob=blob, size=len(new), before=stamp_of(path))

    async def test_a_hunk_stays_as_it_was(self, around: Around, change: Change) -> None:
        tool = Tool(Outcome(changes=(change,)), EffectKind.WRITE)
        looked = await look(around, tool, Edits({change.path: {1}}))
        (made,) = looked.preview.changes
        assert await around.room.hands.blobs.get(made.blob) == self.OLD.replace(b"line 1\n", b"ONE\n")
        assert looked.views[0].left_out == {change.path: (1,)}

    async def test_a_file_of_which_nothing_is_left_is_not_touched(self, around: Around, change: Change) -> None:
        tool = Tool(Outcome(changes=(change,)), EffectKind.WRITE)
        for edits in (Edits({change.path: {0, 1}}), Edits(skip=frozenset({change.path}))):
            assert (await look(around, tool, edits)).preview.changes == ()
