"""The Embedder contract, over fastembed with a tiny model that is loaded for real, and over the fake."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.adapters.embed import FastembedText
from assistant.adapters.embed.convert import convert_weights
from assistant.domain.errors import ModelError
from assistant.ports.content import Embedder
from tests.fakes.embedder import FakeEmbedder
from tests.fixtures import tiny_bert


@pytest.fixture(params=["fastembed", "fake"])
async def embedder(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Embedder]:
    if request.param == "fake":
        yield FakeEmbedder(languages=("en", "python"))
        return
    convert_weights(tiny_bert.manifest(), tiny_bert.write(tmp_path / "raw"), tmp_path / "ready")
    with ThreadPoolExecutor(2) as pool:
        opened = await FastembedText.open(tiny_bert.manifest(), tmp_path / "ready", pool, threads=1)
        yield opened
        await opened.close()


async def test_vectors_are_float32_rows_of_length_one(embedder: Embedder) -> None:
    found = await embedder.embed_documents(["the cat sat", "a dog", "", "неизвестное слово 🦉"])
    assert found.shape == (4, embedder.dimensions)
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-5)


async def test_a_query_is_one_row(embedder: Embedder) -> None:
    found = await embedder.embed_query("the cat")
    assert found.shape == (embedder.dimensions,)
    assert found.dtype == np.float32


async def test_nothing_gives_no_rows(embedder: Embedder) -> None:
    assert (await embedder.embed_documents([])).shape == (0, embedder.dimensions)


async def test_the_same_text_is_nearest_to_itself(embedder: Embedder) -> None:
    texts = ["the cat sat on a mat", "red green blue", "one two three"]
    rows = await embedder.embed_documents(texts)
    for i, text in enumerate(texts):
        assert int(np.argmax(rows @ await embedder.embed_query(text))) == i


async def test_languages_are_known_or_not_and_unknown_ones_pass(embedder: Embedder) -> None:
    assert embedder.knows("en") and embedder.knows("python") and embedder.knows("")
    assert not embedder.knows("ru")


async def test_a_closed_one_says_so(embedder: Embedder) -> None:
    await embedder.close()
    await embedder.close()
    with pytest.raises(ModelError):
        await embedder.embed_query("the cat")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_any_text_gives_finite_rows_in_order(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    from assistant.adapters.embed.fastembed_text import Engine

    folder = tmp_path_factory.getbasetemp() / "any-text"
    if not folder.exists():
        convert_weights(tiny_bert.manifest(), tiny_bert.write(tmp_path_factory.mktemp("raw")), folder)
    rows = Engine(tiny_bert.manifest(), folder, threads=1).embed(texts)
    assert rows.shape == (len(texts), tiny_bert.HIDDEN)
    assert np.isfinite(rows).all()
