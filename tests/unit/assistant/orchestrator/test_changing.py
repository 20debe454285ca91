"""A change of the model over fakes: whatever is added, edited, forgotten meanwhile, records and the answering space agree."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.errors import ModelError
from assistant.domain.events import SpaceChanged, Warned
from assistant.domain.spaces import Judgement, SpaceRecord
from assistant.eval.gate import worse
from assistant.memory.spaces import Spaces
from assistant.memory.store import VectorSpace
from assistant.orchestrator.changing import ModelChange
from tests.fakes.desk import DEADLINE_S, Desk, at_work
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.memory import Room
from tests.fakes.spaces import CharCounter, FakeFactory, FakeRegistry

A, B = "fake", "other"


@dataclass
class Bench:
    """A room with a second model at hand; `judgement` is what the golden sets will say."""

    desk: Desk
    registry: FakeRegistry
    factory: FakeFactory
    spaces: Spaces
    change: ModelChange
    judgement: Judgement

    async def until(self, model_id: str, state: str) -> SpaceRecord:
        async with asyncio.timeout(DEADLINE_S):
            while True:
                found = [one for one in await self.change.all() if (one.model_id, one.state) == (model_id, state)]
                if found:
                    return found[0]
                await asyncio.sleep(0)

    async def rested(self) -> None:
        """Wait until nothing is being prepared and nothing is queued."""
        async with asyncio.timeout(DEADLINE_S):
            # A space that is kept is cut anew when it answers again, not before.
            while any(one.state == "building" or (one.state == "active" and one.recut) for one in await self.change.all()):
                await asyncio.sleep(0)
            await self.desk.scheduler.settled()

    async def agrees(self) -> None:
        report = await self.desk.room.memory.verify()
        assert report.disagreements == ()
        recorded = set(self.desk.room.records.chunks)
        assert all(set(dense.points) <= recorded for dense in self.factory.indexes.values()), "no space holds what is gone"


@asynccontextmanager
async def bench(limit: int = 1000) -> AsyncGenerator[Bench]:
    room = Room(languages=["en"])
    assert room.embedder is not None
    async with at_work(room) as desk:
        factory = FakeFactory({A: room.embedder, B: FakeEmbedder(48, model="other@1")}, limit)
        factory.indexes[room.embedder.model] = room.dense
        answering = VectorSpace(room.embedder, room.dense, CharCounter(limit), factory.cut)
        registry = FakeRegistry()
        spaces = Spaces(room.memory, registry, factory, answering, room.clock)

        async def judge(_record: SpaceRecord) -> Judgement:
            return made.judgement

        machine = (desk.supervisor, desk.events, room.clock, desk.ids)
        change = ModelChange(room.memory, spaces, desk.scheduler, judge, 1000, *machine)
        made = Bench(desk, registry, factory, spaces, change, Judgement(passed=True))
        await change.start()
        try:
            yield made
        finally:
            await change.stop()


async def test_a_model_that_passes_takes_over_and_the_old_one_is_kept() -> None:
    async with bench() as made:
        room = made.desk.room
        room.files.write("/n/a.txt", "the otter sleeps\n\nцапля летит")
        await made.desk.add("/n")
        await made.desk.settled()
        assert len(room.dense.points) == 1, "the old model knows no Russian"
        await made.change.use(B)
        await made.until(B, "active")
        assert room.memory.model == "other@1"
        assert len(made.factory.indexes["other@1"].points) == 2, "the new one knows every language"
        assert made.registry.records["fake@1"].state == "kept"
        assert await room.states() == {"/n/a.txt": "ready"}
        await made.agrees()
        assert {event.state for event in made.desk.told(SpaceChanged)} >= {"building", "ready", "active"}


async def test_a_model_that_does_worse_waits_for_a_person() -> None:
    async with bench() as made:
        made.judgement = Judgement(
            passed=False, reasons=("golden.recall@20 0.100 instead of 0.900",), figures={"golden.recall@20": 0.1}
        )
        made.desk.room.files.write("/n/a.txt", "the otter sleeps")
        await made.desk.add("/n")
        await made.desk.settled()
        with pytest.raises(ModelError, match="not ready"):
            await made.change.use(B, anyway=True)
        await made.change.use(B)
        record = await made.until(B, "ready")
        assert "0.100 instead of 0.900" in record.reason
        assert made.desk.room.memory.model == "fake@1"
        assert any("does not answer yet" in event.text for event in made.desk.told(Warned))
        made.desk.room.files.write("/n/b.txt", "the heron flies")
        await made.desk.add("/n")
        await made.desk.settled()
        made.change.wake()
        async with asyncio.timeout(DEADLINE_S):
            while len(made.factory.indexes["other@1"].points) < 2:
                await asyncio.sleep(0)
        with pytest.raises(ModelError, match="in use"):
            await made.change.removable(B)
        assert (await made.change.use(B, anyway=True)).state == "active"
        await made.agrees()


async def test_a_model_that_fails_leaves_the_old_one_and_says_why() -> None:
    async with bench() as made:
        made.desk.room.files.write("/n/a.txt", "the otter sleeps")
        await made.desk.add("/n")
        await made.desk.settled()
        made.factory.models[B].failing = True
        await made.change.use(B)
        assert (await made.until(B, "failed")).reason == "The fake model refuses."
        assert made.desk.room.memory.model == "fake@1"
        await made.agrees()
        await made.change.drop(B)
        assert [one.model_id for one in await made.change.all()] == [A]


async def test_what_cannot_be_done_is_refused_with_a_remedy() -> None:
    async with bench() as made:
        with pytest.raises(ModelError, match="not installed"):
            await made.change.use("nobody")
        with pytest.raises(ModelError, match="No earlier model"):
            await made.change.rollback()
        with pytest.raises(ModelError, match="answers at present"):
            await made.change.drop(A)
        with pytest.raises(ModelError, match="no vectors"):
            await made.change.drop("nobody")
        with pytest.raises(ModelError, match="in use"):
            await made.change.removable(A)
        assert (await made.change.use(A)).state == "active"


async def test_sources_cut_too_long_for_the_new_model_are_cut_anew() -> None:
    async with bench(limit=3) as made:
        room = made.desk.room
        room.files.write("/n/long.txt", "one two three four five")
        room.files.write("/n/short.txt", "one two")
        await made.desk.add("/n")
        await made.desk.settled()
        room.reader.reads.clear()
        await made.change.use(B)
        await made.until(B, "active")
        await made.rested()
        assert room.reader.reads == ["/n/long.txt"]
        await made.agrees()


def test_the_gate_names_every_figure_that_fell() -> None:
    before = {"golden.recall@20": 0.9, "golden.ndcg@10": 0.5, "mine.mrr@10": 0.7, "golden.query_p50_ms": 3.0}
    same = {**before, "golden.ndcg@10": 0.49, "golden.query_p50_ms": 90.0}
    assert worse(before, same, 0.02) == ()
    assert worse(before, {**same, "mine.mrr@10": 0.6}, 0.02) == ("mine.mrr@10 0.600 instead of 0.700",)
    assert worse(before, {}, 0.02)[0] == "golden.recall@20 0.000 instead of 0.900"


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from("abc"), st.sampled_from(["otter", "heron", "otter\n\nheron", "цапля"])),
        st.tuples(st.just("forget"), st.sampled_from("abc"), st.just("")),
        st.tuples(st.just("use"), st.sampled_from([A, B]), st.just("")),
        st.tuples(st.just("rollback"), st.just(""), st.just("")),
        st.tuples(st.just("drop"), st.sampled_from([A, B]), st.just("")),
        st.tuples(st.just("turns"), st.integers(1, 60), st.just("")),
    ),
    max_size=14,
)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_records_and_the_answering_space_agree_whatever_happens(steps: list[tuple[str, object, str]]) -> None:
    async def run() -> None:
        async with bench() as made:
            for kind, what, text in steps:
                await step(made, kind, what, text)
                assert made.registry.records[made.desk.room.memory.model].state == "active"
            await made.rested()
            await made.agrees()

    asyncio.run(run())


async def step(made: Bench, kind: str, what: object, text: str) -> None:
    path = f"/n/{what}.txt"
    try:
        match kind:
            case "write":
                made.desk.room.files.write(path, text)
                await made.desk.add("/n")
            case "forget":
                if await made.desk.room.memory.sources(path):
                    assert await made.desk.forget(path)
                    made.desk.room.files.remove(path)
            case "use":
                await made.change.use(str(what))
            case "rollback":
                await made.change.rollback()
            case "drop":
                await made.change.drop(str(what))
            case _:
                await made.desk.turns(int(str(what)))
    except ModelError:
        return  # refused, and nothing changed
