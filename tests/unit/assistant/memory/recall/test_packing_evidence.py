"""The token budget is never exceeded, and evidence is taken whole, in order."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.memory.recall.packing import PER_SOURCE, pack
from tests.unit.assistant.memory.recall.candidates import chunk, hit, source

SIZES = st.lists(st.tuples(st.integers(0, 300), st.sampled_from("st")), max_size=20)


@given(SIZES, st.integers(0, 800))
def test_the_budget_holds_and_what_fits_is_taken_in_order(sizes: list[tuple[int, str]], budget: int) -> None:
    chunks = {f"c{n}": chunk(f"c{n}", source_id=where, tokens=size) for n, (size, where) in enumerate(sizes)}
    packed = pack("q", [hit(name) for name in chunks], chunks, {"s": source("s"), "t": source("t")}, budget, ("note",))
    assert packed.tokens == sum(chunks[e.chunk_id].tokens for e in packed.evidence) <= budget
    assert [e.n for e in packed.evidence] == list(range(1, len(packed.evidence) + 1))
    order = [e.chunk_id for e in packed.evidence]
    assert order == [name for name in chunks if name in order]
    assert all(e.text == chunks[e.chunk_id].text for e in packed.evidence)
    for where in "st":
        assert sum(e.source_id == where for e in packed.evidence) <= PER_SOURCE
    left = [name for name in chunks if name not in order]
    for name in left:
        crowded = sum(e.source_id == chunks[name].source_id for e in packed.evidence) == PER_SOURCE
        assert crowded or packed.tokens + chunks[name].tokens > budget
    assert (packed.query, packed.budget, packed.notes) == ("q", budget, ("note",))


def test_a_passage_too_long_makes_room_for_a_shorter_one() -> None:
    chunks = {"a": chunk("a", tokens=500), "b": chunk("b", tokens=50)}
    packed = pack("q", [hit("a"), hit("b")], chunks, {"s": source()}, 100)
    assert [e.chunk_id for e in packed.evidence] == ["b"]
    assert packed.evidence[0].digest == "digest of s"
