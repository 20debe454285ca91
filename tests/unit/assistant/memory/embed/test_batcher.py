"""Each distinct text goes to the model once, in batches, and an interruption loses nothing that was computed."""

import asyncio

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.document import Chunk
from assistant.domain.errors import ModelError
from assistant.memory.embed import Batcher, embedded_text, takes_part
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.stores import FakeVectorCache
from tests.unit.assistant.memory.recall.candidates import chunk


async def go_on() -> None:
    return None


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["a", "bb", "c c", "dddd"]), st.sampled_from(["", "S"])), max_size=12), st.integers(1, 5)
)
def test_vectors_come_in_order_and_every_text_is_embedded_once(texts: list[tuple[str, str]], batch: int) -> None:
    async def run() -> None:
        embedder, cache, told = FakeEmbedder(), FakeVectorCache(), list[int]()
        chunks: list[Chunk] = [chunk(f"c{n}", text, scope=scope) for n, (text, scope) in enumerate(texts)]
        for _ in range(2):
            told.clear()
            vectors = await Batcher(embedder, cache, batch).vectors(chunks, told.append, go_on)
            expected = [await embedder.embed_query(embedded_text(one)) for one in chunks]
            assert all(np.array_equal(one, other) for one, other in zip(vectors, expected, strict=True))
            assert sum(told) == len(chunks)
        assert sum(embedder.calls) == len(set(texts))
        assert all(size <= batch for size in embedder.calls)

    asyncio.run(run())


async def test_what_was_computed_before_an_interruption_is_not_computed_again() -> None:
    embedder, cache = FakeEmbedder(), FakeVectorCache()
    chunks = [chunk(f"c{n}", "word " * (n + 1)) for n in range(6)]

    async def break_at_third() -> None:
        embedder.failing = len(embedder.calls) == 2

    with pytest.raises(ModelError):
        await Batcher(embedder, cache, 2).vectors(chunks, lambda _: None, break_at_third)
    embedder.failing = False
    embedder.calls.clear()
    assert len(await Batcher(embedder, cache, 2).vectors(chunks, lambda _: None, go_on)) == 6
    assert embedder.calls == [2]


def test_the_model_takes_what_it_knows_and_code() -> None:
    english = FakeEmbedder(languages=["en"])
    found = [takes_part(chunk("c", language=name), english) for name in ("en", "", "ru")]
    assert found == [True, True, False]
    assert takes_part(chunk("c", modality="code", language="rust"), english)
