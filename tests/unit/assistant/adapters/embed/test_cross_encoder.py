"""A reranking model: loaded offline, cut at its limit, damage told; installed by the converter like any other."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.adapters.embed import CrossEncoder, OnnxConverter
from assistant.domain.errors import ModelError
from tests.fixtures import tiny_pairs


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as made:
        yield made


async def test_passages_that_answer_better_get_more(tmp_path: Path, pool: ThreadPoolExecutor) -> None:
    model = await CrossEncoder.open(tiny_pairs.manifest(), tiny_pairs.write(tmp_path), pool, threads=1)
    none, one, two = await model.relevance("the red cat", ["dog ran", "a cat sat", "red cat on mat"])
    assert 0 < none < one < two < 1
    assert await model.relevance("cat", []) == []
    many = await model.relevance("cat", ["dog", "cat"] * 40)
    assert [value > 0.4 for value in many] == [False, True] * 40
    assert (model.model, model.knows("en"), model.knows("ru"), model.knows("")) == ("tiny-pairs@r1", True, False, True)
    await model.close()
    await model.close()
    with pytest.raises(ModelError, match="closed"):
        await model.relevance("cat", ["cat"])


async def test_the_limit_is_the_manifests_own(tmp_path: Path, pool: ThreadPoolExecutor) -> None:
    model = await CrossEncoder.open(tiny_pairs.manifest(), tiny_pairs.write(tmp_path), pool, threads=1)
    within, beyond = await model.relevance("cat", ["dog " * 10 + "cat", "dog " * 30 + "cat"])
    assert within > beyond


async def test_what_is_damaged_or_missing_is_told(tmp_path: Path, pool: ThreadPoolExecutor) -> None:
    folder = tiny_pairs.write(tmp_path / "damaged")
    (folder / tiny_pairs.GRAPH).write_bytes(b"nothing")
    for place in (folder, tmp_path / "nowhere"):
        with pytest.raises(ModelError, match="models install tiny-pairs"):
            await CrossEncoder.open(tiny_pairs.manifest(), place, pool)


async def test_the_converter_takes_a_ready_graph_over_and_asks_it(tmp_path: Path, pool: ThreadPoolExecutor) -> None:
    raw, ready = tiny_pairs.write(tmp_path / "raw"), tmp_path / "ready"
    converter = OnnxConverter(pool)
    await converter.convert(tiny_pairs.manifest(), raw, ready, lambda *_: None)
    await converter.check(tiny_pairs.manifest(), ready, tmp_path / "no reference")
    assert (ready / tiny_pairs.GRAPH).is_file()
    (ready / tiny_pairs.GRAPH).write_bytes(b"nothing")
    with pytest.raises(ModelError):
        await converter.check(tiny_pairs.manifest(), ready, tmp_path / "no reference")
