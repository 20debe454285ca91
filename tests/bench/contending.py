"""A stage: how long a query takes while nothing else is done, and while the pipeline indexes. Run as a child process."""

import asyncio
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from assistant.app.bootstrap import THREADS, environment, opened
from assistant.domain.memory import RecallQuery
from assistant.eval.metrics import percentile
from assistant.memory.service import Memory
from assistant.orchestrator.scheduler import Priority
from tests.bench.invented import Prose
from tests.bench.lines import tell

K = 20
CHORES = ("replay", "integrity check", "marking secrets")

PAUSE_S = 0.02
"""Between two questions: a person, or a window that searches as one types."""


async def contend(folder: Path, files: int, words: int, queries: int) -> None:
    """Ask the memory of this home, then queue new files and ask again until they are indexed or all is asked."""
    prose = Prose(seed=23)
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(THREADS, thread_name_prefix="bench") as pool:
        async with opened(environment(os.environ), pool) as parts:
            memory, scheduler = parts.memory, parts.scheduler
            await _started()
            assert not scheduler.progress().active, "a filled memory leaves nothing to index"
            await scheduler.settled()
            await _asked(memory, prose, max(2, queries // 5))
            idle = await _asked(memory, prose, queries)
            for file in range(files):
                (folder / f"{file:04d}.md").write_text(prose.document(words), "utf-8")
            queued = await memory.enqueue([str(folder)])
            scheduler.submit(queued.sources, Priority.DROP)
            busy: list[float] = []
            while scheduler.progress().active and len(busy) < queries:
                busy += await _asked(memory, prose, 1)
            tell(
                contended=len(busy),
                chunks=(await memory.totals()).chunks,
                idle_p50=percentile(idle, 0.5),
                idle_p95=percentile(idle, 0.95),
                busy_p50=percentile(busy, 0.5),
                busy_p95=percentile(busy, 0.95),
            )


async def _started() -> None:
    """Wait for what a start does beside everything else: it is no part of either figure."""
    chores = [task for task in asyncio.all_tasks() if task.get_name() in CHORES]
    if chores:
        await asyncio.wait(chores)


async def _asked(memory: Memory, prose: Prose, count: int) -> list[float]:
    """Return the milliseconds of some questions, one after the other."""
    took: list[float] = []
    for _ in range(count):
        question = RecallQuery(text=prose.question(), k=K)
        began = time.perf_counter()
        await memory.recall(question)
        took.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(PAUSE_S)
    return took


if __name__ == "__main__":
    asyncio.run(contend(Path(sys.argv[1]), *map(int, sys.argv[2:5])))
