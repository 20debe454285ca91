"""A process killed while it indexes, again and again: the next start finishes, and memory is as if nothing had happened."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2 as untyped

from assistant.adapters.store.edge_dense import EdgeDense
from assistant.adapters.store.tantivy_sparse import TantivySparse
from tests.bench.invented import Prose
from tests.flows.cli import LIMIT_S, Mneme

dbapi2: Any = untyped

FILES = 12
KILLS = 4
MOMENTS = (
    "SELECT count(*) FROM journal",
    "SELECT count(*) FROM chunks",
    "SELECT count(*) FROM sources WHERE state = 'searchable'",
    "SELECT count(*) FROM vectors",
    "SELECT count(*) FROM sources WHERE state = 'ready'",
)
RECORDS = (
    "SELECT id, path, state, reason, media, modality, language, size, modified, digest, quality, chunks FROM sources ORDER BY id",
    "SELECT * FROM chunks ORDER BY id",
    "SELECT path, project FROM roots ORDER BY path",
    "SELECT count(*) FROM journal WHERE done = 0",
    "SELECT digest, model FROM vectors ORDER BY digest, model",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """English and Russian files; small batches, so that a kill meets every step many times."""
    monkeypatch.setenv("MNEME_INDEX__COMMIT_SECONDS", "0.01")
    monkeypatch.setenv("MNEME_INGEST__READERS", "1")
    monkeypatch.setenv("MNEME_EMBEDDING__BATCH", "2")
    prose = Prose(seed=5)
    place = tmp_path / "files"
    place.mkdir()
    for number in range(FILES):
        text = prose.document(400) if number % 3 else f"# Заметка {number}\n\nНасос {number} стоит у скважины.\n"
        (place / f"{number:02}.md").write_text(text, "utf-8")
    return place.resolve()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("seed", [int(os.environ.get("MNEME_TEST_SEED", "1"))])
def test_killed_at_random_moments_it_ends_as_if_undisturbed(tmp_path: Path, folder: Path, models_dir: Path, seed: int) -> None:
    undisturbed = home(tmp_path / "undisturbed", models_dir)
    assert undisturbed("add", str(folder)).code == 0
    expected = held(undisturbed)
    chance = random.Random(seed)
    killed = home(tmp_path / "killed", models_dir)
    for _ in range(KILLS):
        adding = killed.start("add", str(folder))
        reached = moment(killed, chance)
        try:
            killed.until(adding, reached)
        except AssertionError:
            assert adding.returncode == 0  # it was done before that moment came
        else:
            os.killpg(adding.pid, signal.SIGKILL)
            adding.communicate(timeout=LIMIT_S)
    assert killed("add", str(folder)).code == 0
    assert killed("verify").code == 0
    assert held(killed) == expected


def home(place: Path, models: Path) -> Mneme:
    (place / "data").mkdir(parents=True)
    (place / "data" / "models").symlink_to(models, target_is_directory=True)
    return Mneme(place)


def moment(mneme: Mneme, chance: random.Random) -> Callable[[], bool]:
    """Return a test of whether some table has grown by a random number of rows since now."""
    sql, more = chance.choice(MOMENTS), chance.randint(1, FILES)
    before = look(mneme, sql)

    def reached() -> bool:
        return look(mneme, sql) >= before + more

    return reached


def look(mneme: Mneme, sql: str) -> int:
    """Count rows beside the process that writes; 0 while there is nothing to count."""
    try:
        return int(rows(mneme, sql)[0][0])
    except dbapi2.Error:
        return 0


def rows(mneme: Mneme, sql: str) -> list[tuple[Any, ...]]:
    connection = dbapi2.connect(f"file:{memory(mneme)}/records.db?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def held(mneme: Mneme) -> dict[str, object]:
    """Everything a memory holds but for times of writing."""
    return {**{sql: rows(mneme, sql) for sql in RECORDS}, **asyncio.run(indexed(memory(mneme)))}


async def indexed(place: Path) -> dict[str, object]:
    sparse = TantivySparse(place / "text")
    (vectors,) = (place / "vectors").iterdir()
    (model,) = {str(row[0]) for row in rows(Mneme(place.parents[1]), "SELECT model FROM vectors")}
    dense = EdgeDense(vectors, 384, model=model)
    try:
        return {"text rows": await sparse.ids(), "vectors": await dense.ids()}
    finally:
        await sparse.close()
        await dense.close()


def memory(mneme: Mneme) -> Path:
    return mneme.home / "data" / "memory"
