"""A stage: how fast the real pipeline indexes, against the bare model on the same chunks. Run as a child process."""

import asyncio
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from assistant.adapters.embed import FastembedText
from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_records import SqliteChunks, SqliteSources
from assistant.app.bootstrap import THREADS, environment, opened
from assistant.app.environment import Environment
from assistant.app.evaluation import Bench
from assistant.memory.embed import embedded_text
from assistant.models import read_catalogue
from tests.bench.invented import Prose
from tests.bench.lines import tell
from tests.bench.sizes import BY_NAME, Sizes


async def measure(place: Path, sizes: Sizes) -> None:
    """Index round after round into one memory, embedding each round's chunks bare right after it."""
    env = environment(os.environ)
    lent = replace(env, places=replace(env.places, data=place / "data", cache=place / "cache", logs=place / "logs"))
    prose = Prose(seed=1)
    with ThreadPoolExecutor(THREADS, thread_name_prefix="bench") as pool:
        async with opened(lent, pool, models_at=env.places.models) as parts:
            if not parts.memory.model:
                raise SystemExit("the text model is not installed in MNEME_HOME: run `mneme models install all-MiniLM-L6-v2`")
            bench = Bench(parts)
            before = 0
            for number in range(sizes.rounds):
                folder = place / f"round-{number}"
                folder.mkdir(parents=True)
                for file in range(sizes.files):
                    (folder / f"{file:03d}.md").write_text(prose.document(sizes.words), "utf-8")
                tell(phase="pipeline")
                indexed = await bench.remember(folder)
                tell(phase="bare")
                bare_s = await _bare(env, lent.places.memory / "records.db", folder, pool)
                tell(
                    round=number,
                    files=sizes.files,
                    chunks=indexed.chunks - before,
                    searchable_s=indexed.searchable_s,
                    ready_s=indexed.ready_s,
                    bare_s=bare_s,
                    failed=list(indexed.failed),
                )
                before = indexed.chunks


async def _bare(env: Environment, records: Path, folder: Path, pool: ThreadPoolExecutor) -> float:
    """Return seconds of the bare embedding loop: the same texts, sorted by length, in batches of the configured size."""
    database = Database(records)
    try:
        sources = await SqliteSources(database).find(str(folder))
        chunks = await SqliteChunks(database).of_sources([source.id for source in sources])
    finally:
        await database.close()
    tell(tokens=sum(chunk.tokens for chunk in chunks))
    texts = sorted({embedded_text(chunk) for chunk in chunks}, key=len)
    settings = env.settings.embedding
    manifest = read_catalogue(env.resources / "models")[settings.model]
    model = await FastembedText.open(manifest, env.places.models / settings.model, pool, settings.threads)
    try:
        began = time.monotonic()
        for start in range(0, len(texts), settings.batch):
            await model.embed_documents(texts[start : start + settings.batch])
        return time.monotonic() - began
    finally:
        await model.close()


if __name__ == "__main__":
    asyncio.run(measure(Path(sys.argv[1]), BY_NAME[sys.argv[2]]))
