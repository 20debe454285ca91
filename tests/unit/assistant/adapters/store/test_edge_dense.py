"""What the folder of the vector index refuses, keeps and recovers from."""

import json
from pathlib import Path

import pytest

from assistant.adapters.store.edge_dense import EdgeDense
from assistant.domain.errors import StorageError
from tests.contract.samples import DIMENSIONS, axis, chunk_id, point


async def filled(folder: Path, model: str = "m@1") -> None:
    index = EdgeDense(folder, DIMENSIONS, model=model)
    await index.upsert([point(n) for n in range(5)])
    await index.close()


async def test_reopened_it_holds_the_same(tmp_path: Path) -> None:
    await filled(tmp_path)
    index = EdgeDense(tmp_path, DIMENSIONS, model="m@1")
    await index.open()
    assert await index.ids() == {chunk_id(n) for n in range(5)}
    assert (await index.search(axis(2), 1))[0].chunk_id == chunk_id(2)
    await index.close()


@pytest.mark.parametrize(("dimensions", "model"), [(DIMENSIONS + 1, "m@1"), (DIMENSIONS, "m@2")])
async def test_vectors_of_another_model_are_refused_and_kept(tmp_path: Path, dimensions: int, model: str) -> None:
    await filled(tmp_path)
    other = EdgeDense(tmp_path, dimensions, model=model)
    with pytest.raises(StorageError, match=r"m@1"):
        await other.open()
    await other.close()
    index = EdgeDense(tmp_path, DIMENSIONS, model="m@1")
    assert len(await index.ids()) == 5
    await index.close()


async def test_a_reset_starts_empty_for_the_new_model(tmp_path: Path) -> None:
    await filled(tmp_path)
    other = EdgeDense(tmp_path, 4, model="m@2")
    await other.reset()
    assert await other.ids() == set()
    await other.upsert([point(1, axis(0)[:4])])
    await other.reset()
    assert await other.ids() == set()
    await other.close()
    assert len(list(tmp_path.glob("shard-*"))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        json.dumps({"shard": "shard-none", "dimensions": DIMENSIONS, "model": "m@1"}),
        json.dumps({"shard": "../other", "dimensions": DIMENSIONS, "model": "m@1"}),
    ],
)
async def test_a_damaged_pointer_says_that_nothing_is_lost(tmp_path: Path, text: str) -> None:
    await filled(tmp_path)
    (tmp_path / "live.json").write_text(text)
    index = EdgeDense(tmp_path, DIMENSIONS, model="m@1")
    with pytest.raises(StorageError, match="rebuilt"):
        await index.open()
    assert list(tmp_path.glob("shard-*")), "nothing is thrown away unasked"
    await index.reset()
    assert await index.ids() == set()
    await index.close()


async def test_a_damaged_shard_says_that_nothing_is_lost(tmp_path: Path) -> None:
    await filled(tmp_path)
    for file in tmp_path.glob("shard-*/segments/*/segment.json"):
        file.write_text("{")
    (next(tmp_path.glob("shard-*")) / "edge_config.json").write_text("{")
    index = EdgeDense(tmp_path, DIMENSIONS, model="m@1")
    with pytest.raises(StorageError, match="rebuilt"):
        await index.open()
    await index.close()


async def test_leftovers_of_a_crash_are_removed_on_opening(tmp_path: Path) -> None:
    await filled(tmp_path)
    (tmp_path / "shard-0123").mkdir()
    (tmp_path / "live.json.part").write_text("{")
    index = EdgeDense(tmp_path, DIMENSIONS, model="m@1")
    assert len(await index.ids()) == 5
    assert len(list(tmp_path.glob("shard-*"))) == 1
    assert not (tmp_path / "live.json.part").exists()
    await index.close()


async def test_a_place_that_cannot_be_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    index = EdgeDense(tmp_path / "file" / "dense", DIMENSIONS)
    with pytest.raises(StorageError):
        await index.open()
    await index.close()


async def test_after_closing_it_says_so(tmp_path: Path) -> None:
    index = EdgeDense(tmp_path, DIMENSIONS)
    await index.close()
    with pytest.raises(StorageError, match="closed"):
        await index.ids()
    assert await index.optimise() is False
