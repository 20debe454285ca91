"""What only Tantivy can meet: its files damaged, missing, or written by other rules."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.adapters.store import tantivy_sparse
from assistant.adapters.store.tantivy_sparse import TantivySparse
from assistant.domain.errors import StorageError
from assistant.ports.stores import SparseQuery
from tests.contract.samples import row
from tests.contract.test_sparse_language import ROWS


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[TantivySparse]:
    opened = TantivySparse(tmp_path / "sparse")
    await opened.upsert(ROWS)
    await opened.commit()
    yield opened
    await opened.close()


async def first(index: TantivySparse, query: SparseQuery | str) -> int:
    asked = SparseQuery(query) if isinstance(query, str) else query
    hits = await index.search(asked, 10)
    return int(hits[0].chunk_id[3:], 16) if hits else 0


async def test_reopened_it_finds_the_same(index: TantivySparse, tmp_path: Path) -> None:
    await index.upsert([row(50, "late words")])
    await index.close()
    again = TantivySparse(tmp_path / "sparse")
    await again.open()
    assert await first(again, "late") == 50
    assert len(await again.ids()) == len(ROWS) + 1
    await again.close()


async def test_a_damaged_index_says_that_nothing_is_lost(index: TantivySparse, tmp_path: Path) -> None:
    await index.close()
    (tmp_path / "sparse" / "meta.json").write_text("{ damaged")
    again = TantivySparse(tmp_path / "sparse")
    with pytest.raises(StorageError, match="rebuilt"):
        await again.open()
    await again.reset()
    await again.upsert(ROWS[:1])
    await again.commit()
    assert await first(again, "parse_config") == 1
    await again.close()


async def test_a_missing_segment_says_that_nothing_is_lost(index: TantivySparse, tmp_path: Path) -> None:
    await index.close()
    for file in (tmp_path / "sparse").glob("*.store"):
        file.unlink()
    again = TantivySparse(tmp_path / "sparse")
    with pytest.raises(StorageError, match="rebuilt"):
        await again.ids()
    await again.close()


async def test_words_made_by_other_rules_are_refused(
    index: TantivySparse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await index.close()
    monkeypatch.setattr(tantivy_sparse, "VERSION", 999)
    again = TantivySparse(tmp_path / "sparse")
    with pytest.raises(StorageError, match="rebuilt"):
        await again.search(SparseQuery("x"), 1)
    await again.close()


async def test_a_reset_forgets_everything(index: TantivySparse) -> None:
    await index.upsert([row(60, "not yet committed")])
    await index.reset()
    await index.commit()
    assert await index.ids() == set()
    assert await first(index, "scheduler") == 0


async def test_after_closing_it_says_so(index: TantivySparse) -> None:
    await index.close()
    with pytest.raises(StorageError, match="closed"):
        await index.search(SparseQuery("x"), 1)


async def test_questions_get_their_turn_while_all_ids_are_listed(index: TantivySparse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tantivy_sparse, "IDS_PER_TURN", 3)
    run, searched, late = index._reading.run, 0, row(50, "late words")

    async def run_then_search(work: Callable[[], Any]) -> Any:
        nonlocal searched
        found = await run(work)
        searched += bool(await run(lambda: index._search(SparseQuery("late"), 10)))
        return found

    await index.upsert([late])
    await index.commit()
    monkeypatch.setattr(index._reading, "run", run_then_search)
    assert await index.ids() == {one.chunk_id for one in ROWS} | {late.chunk_id}
    assert searched == 1 + -(-(len(ROWS) + 1) // 3)
