"""A Mneme that vanishes afterwards, and what evaluations need of it. Used by `evaluation` and by the judge of new models."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from assistant.app.environment import Environment
from assistant.app.parts import Parts
from assistant.domain.answer import Answer
from assistant.domain.document import Document, SourceState
from assistant.domain.memory import RecallQuery, RecallResult
from assistant.eval.workbench import Indexed
from assistant.memory.recall import RetrieverName
from assistant.orchestrator.scheduler import Priority
from assistant.vault import MemoryKey

THREADS = 18
"""Threads for waiting on readers, for cutting and for the model; each model run brings its own beside these."""

Opened = Callable[..., AbstractAsyncContextManager[Parts]]
"""How `bootstrap` opens a Mneme."""

POLL_SECONDS = 0.02


class Bench:
    """The Workbench over the parts of a throw-away Mneme."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def remember(self, folder: Path) -> Indexed:
        """Index a folder through discovery, readers, chunkers and both indexes, and wait until all is ready."""
        clock, scheduler, memory = self._parts.clock, self._parts.scheduler, self._parts.memory
        began = clock.monotonic()
        queued = await memory.enqueue([str(folder)])
        scheduler.submit(queued.sources, Priority.DROP)
        searchable = 0.0
        while (seen := scheduler.progress()).active:
            if not searchable and seen.files_searchable + seen.files_failed >= seen.files_total:
                searchable = clock.monotonic() - began
            await asyncio.sleep(POLL_SECONDS)
        ready = clock.monotonic() - began
        failed = await memory.sources(states=[SourceState.FAILED])
        totals = await memory.totals()
        return Indexed(
            chunks=totals.chunks,
            searchable_s=searchable or ready,
            ready_s=ready,
            failed=tuple(f"{source.path}: {source.reason}" for source in failed),
        )

    async def recall(self, query: RecallQuery, use: RetrieverName) -> RecallResult:
        """Search with one or both indexes."""
        return await self._parts.memory.recall(query, use)

    async def ask(self, question: str) -> Answer:
        """Answer a question."""
        return await self._parts.conversation.ask(question, "cli")

    async def reread(self, path: str) -> Document:
        """Extract a file anew."""
        return await self._parts.reader.read(path)


@asynccontextmanager
async def throwaway(env: Environment, opened: Opened) -> AsyncGenerator[Parts]:
    """Open an empty Mneme that vanishes afterwards, with the settings and the installed model of `env`."""
    with tempfile.TemporaryDirectory(prefix="mneme-throwaway-", ignore_cleanup_errors=True) as place:
        home = Path(place)
        places = replace(env.places, data=home / "data", cache=home / "cache", logs=home / "logs")
        lent = replace(env, places=places)
        with ThreadPoolExecutor(THREADS, thread_name_prefix="throwaway") as pool:
            key = MemoryKey.fresh() if env.settings.security.encrypt_at_rest else None
            async with opened(lent, pool, models_at=env.places.models, key=key) as parts:
                yield parts
