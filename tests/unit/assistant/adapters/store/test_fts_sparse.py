"""What only the SQLite text index can meet: damage, a wrong key, words that must leave the disk."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.adapters.store import fts_search, fts_sparse
from assistant.adapters.store.fts_sparse import FtsSparse
from assistant.domain.errors import DamagedError, StorageError
from assistant.domain.secret import Secret
from assistant.ports.stores import SparseQuery
from tests.contract.samples import chunk_id, row

KEY = Secret(bytes(range(32)))
CANARY = "zyxcanary"


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[FtsSparse]:
    opened = FtsSparse(tmp_path / "words")
    await opened.upsert([row(n, f"harbour number{n} {'lamp ' * (n % 5)}", symbols=f"symbol{n}") for n in range(200)])
    await opened.commit()
    yield opened
    await opened.close()


def on_disk(folder: Path, word: str) -> bool:
    return any(word.encode() in file.read_bytes() for file in folder.iterdir())


async def test_forgotten_words_leave_the_disk_while_it_is_open(index: FtsSparse, tmp_path: Path) -> None:
    await index.upsert([row(900 + n, f"{CANARY}{n} harbour", path=f"/{CANARY}{n}/x") for n in range(40)])
    await index.commit()
    assert on_disk(tmp_path / "words", CANARY)
    await index.delete([chunk_id(900 + n) for n in range(39)])
    await index.upsert([row(939, "replaced")])
    await index.commit()
    assert not on_disk(tmp_path / "words", CANARY)
    assert len(await index.ids()) == 201
    assert await index.frequencies([f"{CANARY}3"]) == {f"{CANARY}3": 0}


async def test_all_rows_written_anew_in_one_commit_are_never_missed(index: FtsSparse) -> None:
    before = {hit.chunk_id: hit.score for hit in await index.search(SparseQuery("lamp harbour"), 50)}
    await index.delete(await index.ids())
    await index.upsert([row(n, f"harbour number{n} {'lamp ' * (n % 5)}", symbols=f"symbol{n}") for n in range(200)])
    assert len(await index.search(SparseQuery("lamp harbour"), 50)) == 50
    await index.commit()
    after = {hit.chunk_id: hit.score for hit in await index.search(SparseQuery("lamp harbour"), 50)}
    assert after == pytest.approx(before)


async def test_a_deletion_counts_in_what_words_are_worth(index: FtsSparse) -> None:
    await index.upsert([row(500, "beacon light"), row(501, "beacon fire")])
    await index.commit()
    rare = (await index.search(SparseQuery("beacon"), 1))[0].score
    await index.delete([chunk_id(501)])
    await index.commit()
    assert (await index.search(SparseQuery("beacon"), 1))[0].score > rare


async def test_common_words_rank_what_rare_ones_found(index: FtsSparse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fts_search, "ENOUGH", 1)
    await index.upsert([row(600, "beacon quiet"), row(601, "beacon lamp")])
    await index.commit()
    hits = await index.search(SparseQuery("beacon lamp"), 10)
    assert [hit.chunk_id for hit in hits] == [chunk_id(601), chunk_id(600)]
    assert hits[0].share > hits[1].share


@pytest.mark.parametrize("key", [None, KEY])
async def test_a_killed_writer_leaves_what_was_committed(tmp_path: Path, key: Secret | None) -> None:
    index = FtsSparse(tmp_path / "words", key)
    await index.upsert([row(1, "first")])
    await index.commit()
    await index.upsert([row(2, "second")])
    await index.delete([chunk_id(1)])
    shutil.copytree(tmp_path / "words", tmp_path / "killed")
    await index.close()
    left = FtsSparse(tmp_path / "killed", key)
    assert await left.ids() == {chunk_id(1)}
    assert [hit.chunk_id for hit in await left.search(SparseQuery("first second"), 5)] == [chunk_id(1)]
    await left.close()


@pytest.mark.parametrize("start", [0, 100, 5000, 20000])
async def test_damage_is_found_at_the_start_and_a_reset_heals(index: FtsSparse, tmp_path: Path, start: int) -> None:
    await index.close()
    file = tmp_path / "words" / "words.db"
    body = bytearray(file.read_bytes())
    body[start : start + 4000] = bytes(255 - byte for byte in body[start : start + 4000])
    file.write_bytes(body)
    again = FtsSparse(tmp_path / "words")
    with pytest.raises(DamagedError, match="rebuilt"):
        await again.open()
    await again.reset()
    await again.upsert([row(1, "healed")])
    await again.commit()
    assert len(await again.search(SparseQuery("healed"), 5)) == 1
    await again.close()


async def test_a_file_in_its_place_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("x", "utf-8")
    index = FtsSparse(tmp_path / "words")
    with pytest.raises(StorageError):
        await index.open()
    await index.reset()
    assert await index.ids() == set()
    await index.close()


async def test_closed_in_order_it_is_not_read_through_again(
    index: FtsSparse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read_through(*_args: object) -> list[str]:
        raise AssertionError("it was closed in order")

    await index.close()
    again = FtsSparse(tmp_path / "words")
    with monkeypatch.context() as patched:
        patched.setattr(fts_sparse.Database, "check", read_through)
        assert len(await again.ids()) == 200
    await again.close()


async def test_words_made_by_other_rules_are_refused(index: FtsSparse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await index.close()
    monkeypatch.setattr(fts_sparse, "VERSION", 999)
    again = FtsSparse(tmp_path / "words")
    with pytest.raises(DamagedError, match="rebuilt"):
        await again.search(SparseQuery("x"), 1)
    await again.close()


async def test_with_a_key_no_word_lies_on_disk(tmp_path: Path) -> None:
    index = FtsSparse(tmp_path / "words", KEY)
    await index.upsert([row(1, f"{CANARY} harbour", path=f"/{CANARY}")])
    await index.commit()
    assert not on_disk(tmp_path / "words", CANARY)
    await index.close()
    assert not on_disk(tmp_path / "words", CANARY)
    wrong = FtsSparse(tmp_path / "words", Secret(bytes(32)))
    with pytest.raises(StorageError):
        await wrong.open()
    await wrong.close()


async def test_after_closing_it_says_so(index: FtsSparse) -> None:
    await index.close()
    with pytest.raises(StorageError, match="closed"):
        await index.search(SparseQuery("x"), 1)
