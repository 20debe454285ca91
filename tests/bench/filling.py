"""A stage: fills a memory with invented chunks through the real writer, vectors at random. Run as a child process."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np

from assistant.adapters.system.clock import SystemClock
from assistant.app.bootstrap import environment
from assistant.app.engines import InstalledModel, OpenMemory, open_memory
from assistant.app.environment import Environment
from assistant.domain.document import Chunk, Source, SourceState, Span
from assistant.memory.ingest.discovery import source_id
from assistant.memory.store import Prepared, Writer
from assistant.models import read_catalogue
from assistant.orchestrator.marking import DONE, SCAN
from tests.bench.invented import Prose
from tests.bench.lines import tell

PER_SOURCE = 100
PER_BATCH = 2_000
WORDS = 110
"""Words of one chunk: about 170 tokens, as the chunkers make them."""


@asynccontextmanager
async def memory_at(env: Environment, executor: Executor) -> AsyncGenerator[OpenMemory]:
    """Open the memory of an environment with its installed model, without scheduler and façade."""
    model = env.settings.embedding.model
    installed = InstalledModel(read_catalogue(env.resources / "models")[model], env.places.models / model)
    async with open_memory(env, installed, executor, SystemClock()) as held:
        yield held


async def fill(folder: Path, first: int, until: int) -> None:
    """Add chunks number `first` to `until`; then quantise, and tell the seconds of each store's share."""
    env = environment(os.environ)
    prose = Prose(seed=first)
    random = np.random.default_rng(first)
    folder.mkdir(parents=True, exist_ok=True)
    spent = {"text_s": 0.0, "vectors_s": 0.0}
    with ThreadPoolExecutor(4) as pool:
        async with memory_at(env, pool) as held:
            writer = Writer(held.engines.stores, _keep)
            for start in range(first, until, PER_BATCH):
                batch = [
                    _prepared(folder, number, min(PER_SOURCE, until - number), prose, random)
                    for number in range(start, min(start + PER_BATCH, until), PER_SOURCE)
                ]
                await _write(writer, batch, random, spent)
            await looked_through(held)
    tell(filled=until, **spent)


async def looked_through(held: OpenMemory) -> None:
    """Note that these chunks were looked through for secrets, as those that the pipeline cuts are."""
    await held.notes.put(DONE, SCAN)


async def _keep(_held: Sequence[Chunk], _coming: Sequence[Chunk]) -> None:
    """Unlearn nothing: these vectors are in no cache."""


async def _write(writer: Writer, batch: list[Prepared], random: np.random.Generator, spent: dict[str, float]) -> None:
    began = time.monotonic()
    sources = await writer.text(batch, _now)
    between = time.monotonic()
    chunks = [chunk for item in batch for chunk in item.chunks]
    vectors = random.standard_normal((len(chunks), 384), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    await writer.vectors(chunks, list(vectors), {source.id: source for source in sources})
    await writer.finish(sources, _now)
    spent["text_s"] += between - began
    spent["vectors_s"] += time.monotonic() - between


def _prepared(folder: Path, number: int, count: int, prose: Prose, random: np.random.Generator) -> Prepared:
    """Invent a file of `count` passages, write it, and return it as read and cut (fingerprints at random: no duplicates)."""
    path = folder / f"{number:06d}.md"
    passages = [prose.passage(WORDS) for _ in range(count)]
    path.write_text("\n\n".join(passages), "utf-8")
    look = path.stat()
    source = Source(
        id=source_id(str(path)),
        path=str(path),
        root=str(folder),
        project="bench",
        state=SourceState.READING,
        media="text/markdown",
        language="en",
        size=look.st_size,
        modified=look.st_mtime,
        digest=sha256(path.read_bytes()).hexdigest(),
        chunks=count,
        updated=_now(),
    )
    marks = random.integers(0, 1 << 63, size=count)
    return Prepared(source, tuple(_chunk(source, place, text, int(marks[place])) for place, text in enumerate(passages)))


def _chunk(source: Source, place: int, text: str, simhash: int) -> Chunk:
    digest = sha256(text.encode()).hexdigest()
    return Chunk(
        id="mi_" + sha256(f"{source.id} {place} {digest}".encode()).hexdigest()[:32],
        source_id=source.id,
        ordinal=place,
        part=0,
        offset=0,
        text=text,
        span=Span(unit="line", start=2 * place + 1, end=2 * place + 1),
        modality="text",
        language="en",
        digest=digest,
        simhash=simhash,
        tokens=170,
    )


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    asyncio.run(fill(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
