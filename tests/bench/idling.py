"""A stage: how much memory a Mneme without a window holds once it was asked something and rests. Run as a child process."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor

import psutil

from assistant.app.bootstrap import THREADS, environment, opened
from assistant.domain.memory import RecallQuery
from tests.bench.lines import tell

REST_S = 2.0
MIB = 1024 * 1024


def held() -> dict[str, float]:
    """Return this process's resident memory in MiB; `pss` counts pages shared with others in part, where the system tells."""
    info = psutil.Process().memory_full_info()
    return {"rss": info.rss / MIB, "pss": getattr(info, "pss", info.rss) / MIB, "own": info.uss / MIB}


async def idle() -> None:
    """Open, ask a few questions, rest, and tell."""
    with ThreadPoolExecutor(THREADS, thread_name_prefix="bench") as pool:
        async with opened(environment(os.environ), pool) as parts:
            await parts.memory.enqueue([])  # waits for the repair after the start
            await parts.scheduler.settled()
            for text in ("which valve is open", "who approves new subscriptions", "what is due"):
                await parts.memory.recall(RecallQuery(text=text))
            await asyncio.sleep(REST_S)
            tell(idle=(await parts.memory.totals()).chunks, **held())


if __name__ == "__main__":
    asyncio.run(idle())
