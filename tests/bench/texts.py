"""A stage: how fast text becomes searchable, before any vector, over many small files. Run as a child process."""

import asyncio
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from assistant.app.bootstrap import THREADS, Parts, environment, opened
from assistant.orchestrator.scheduler import Priority
from tests.bench.invented import Prose
from tests.bench.lines import tell

WORDS = 500
"""Words of a file: some seven chunks."""

POLL_S = 0.005


async def measure(place: Path, files: int) -> None:
    """Make a few files searchable, which starts readers and language models, then `files` of them."""
    env = environment(os.environ)
    lent = replace(env, places=replace(env.places, data=place / "data", cache=place / "cache", logs=place / "logs"))
    prose = Prose(seed=3)
    with ThreadPoolExecutor(THREADS, thread_name_prefix="bench") as pool:
        async with opened(lent, pool, models_at=env.places.models) as parts:
            for name, count in (("cold", max(1, files // 10)), ("warm", files)):
                folder = place / name
                folder.mkdir(parents=True)
                for file in range(count):
                    (folder / f"{file:04d}.md").write_text(prose.document(WORDS), "utf-8")
                tell(phase=name)
                await _searchable(parts, folder, name)
                if name == "cold":  # its vectors would take turns with the reading of the next
                    await parts.scheduler.settled()


async def _searchable(parts: Parts, folder: Path, name: str) -> None:
    before = (await parts.memory.totals()).chunks
    began, cpu = time.monotonic(), time.process_time()
    queued = await parts.memory.enqueue([str(folder)])
    parts.scheduler.submit(queued.sources, Priority.DROP)
    while (seen := parts.scheduler.progress()).files_searchable + seen.files_failed < len(queued.sources):
        await asyncio.sleep(POLL_S)
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    chunks = (await parts.memory.totals()).chunks - before
    tell(text=name, files=len(queued.sources), chunks=chunks, seconds=seconds, cpu_s=cpu)


if __name__ == "__main__":
    asyncio.run(measure(Path(sys.argv[1]), int(sys.argv[2])))
