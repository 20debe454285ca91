"""A stage: fills a memory with a million invented chunks, text rows and vectors written straight. Run as a child process.

The writer would take half an hour: here each store is filled on its own thread with the rows the writer would give it. Texts
are put together from invented sentences, vectors are random unit vectors.
"""

import asyncio
import os
import random
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np

from assistant.adapters.store.sqlite_database import Connection, Database
from assistant.adapters.store.sqlite_rows import UPSERT_CHUNK, UPSERT_SOURCE, chunk_row, source_row
from assistant.app.bootstrap import environment
from assistant.domain.document import Chunk, Source, SourceState, Span
from assistant.memory.ingest.discovery import source_id
from assistant.memory.store import Prepared
from assistant.memory.store.writer import dense_point, sparse_row
from tests.bench.filling import looked_through, memory_at
from tests.bench.invented import Prose
from tests.bench.lines import tell

PER_SOURCE = 500
PER_BATCH = 10_000
SENTENCES = 40_000
PER_CHUNK = 7


async def fill(folder: Path, until: int) -> None:
    """Add `until` chunks and tell the seconds."""
    env = environment(os.environ)
    prose, chance, vectors = Prose(seed=11), random.Random(11), np.random.default_rng(11)
    sentences = [prose.passage(16) for _ in range(SENTENCES)]
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        async with memory_at(env, pool) as held:
            stores = held.engines.stores
            dense = stores.dense
            assert dense is not None, "a model is installed"
            for start in range(0, until, PER_BATCH):
                batch = [
                    _prepared(folder, number, min(PER_SOURCE, until - number), sentences, chance)
                    for number in range(start, min(start + PER_BATCH, until), PER_SOURCE)
                ]
                count = sum(len(item.chunks) for item in batch)
                made = vectors.standard_normal((count, 384), dtype=np.float32)
                made /= np.linalg.norm(made, axis=1, keepdims=True)
                pairs = [(chunk, item.source) for item in batch for chunk in item.chunks]
                points = [dense_point(chunk, vector, source) for (chunk, source), vector in zip(pairs, made, strict=True)]
                # Without the journal's word for them the first start would take the stand-ins for files that changed.
                entries = await stores.journal.begin("remember", [item.source for item in batch])
                rows = [sparse_row(chunk, source) for chunk, source in pairs]
                await asyncio.gather(_records(held.database, batch), stores.sparse.upsert(rows), dense.upsert(points))
                await stores.journal.finish(entries)
                tell(written=start + count, at=time.monotonic() - began)
            await asyncio.gather(stores.sparse.commit(), dense.commit())
            await looked_through(held)
    tell(filled=until, filled_s=time.monotonic() - began)


async def _records(database: Database, batch: Sequence[Prepared]) -> None:
    sources = [source_row(item.source) for item in batch]
    chunks = [chunk_row(chunk) for item in batch for chunk in item.chunks]

    def work(connection: Connection) -> None:
        connection.rows("PRAGMA cache_size = -262144")
        connection.many(UPSERT_SOURCE, sources)
        connection.many(UPSERT_CHUNK, chunks)

    await database.write(work)


def _prepared(folder: Path, number: int, count: int, sentences: Sequence[str], chance: random.Random) -> Prepared:
    path = folder / f"{number:07d}.md"
    path.write_text("a stand-in", "utf-8")
    look = path.stat()
    source = Source(
        id=source_id(str(path)),
        path=str(path),
        root=str(folder),
        project="bench",
        state=SourceState.READY,
        media="text/markdown",
        language="en",
        size=look.st_size,
        modified=look.st_mtime,
        digest=sha256(str(path).encode()).hexdigest(),
        chunks=count,
        updated=datetime.now(UTC),
    )
    texts = [" ".join(chance.choices(sentences, k=PER_CHUNK)) for _ in range(count)]
    return Prepared(source, tuple(_chunk(source.id, place, text, chance) for place, text in enumerate(texts)))


def _chunk(source: str, place: int, text: str, chance: random.Random) -> Chunk:
    digest = sha256(text.encode()).hexdigest()
    return Chunk(
        id="mi_" + sha256(f"{source} {place} {digest}".encode()).hexdigest()[:32],
        source_id=source,
        ordinal=place,
        part=0,
        offset=0,
        text=text,
        span=Span(unit="line", start=2 * place + 1, end=2 * place + 1),
        modality="text",
        language="en",
        digest=digest,
        simhash=chance.getrandbits(63),
        tokens=170,
    )


if __name__ == "__main__":
    asyncio.run(fill(Path(sys.argv[1]), int(sys.argv[2])))
