"""Builds throw-away memories for measuring and runs the evaluations in them. Called by the command line."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from assistant.api.views import EvalReport
from assistant.app.bootstrap import THREADS, Parts, opened
from assistant.app.environment import Environment
from assistant.domain.answer import Answer
from assistant.domain.document import Document, SourceState
from assistant.domain.memory import RecallQuery, RecallResult
from assistant.eval.beir import run_beir
from assistant.eval.golden import run_golden
from assistant.eval.workbench import Indexed
from assistant.memory.recall import RetrieverName
from assistant.orchestrator.scheduler import Priority
from assistant.vault import MemoryKey

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
async def throwaway(env: Environment) -> AsyncGenerator[Parts]:
    """Open an empty Mneme that vanishes afterwards, with the settings and the installed model of `env`."""
    with tempfile.TemporaryDirectory(prefix="mneme-throwaway-", ignore_cleanup_errors=True) as place:
        home = Path(place)
        places = replace(env.places, data=home / "data", cache=home / "cache", logs=home / "logs")
        lent = replace(env, places=places)
        with ThreadPoolExecutor(THREADS, thread_name_prefix="throwaway") as pool:
            key = MemoryKey.fresh() if env.settings.security.encrypt_at_rest else None
            async with opened(lent, pool, models_at=env.places.models, key=key) as parts:
                yield parts


@asynccontextmanager
async def workbench(env: Environment) -> AsyncGenerator[Bench]:
    """Give a throw-away memory to measure in."""
    async with throwaway(env) as parts:
        yield Bench(parts)


async def evaluate_beir(env: Environment, folder: Path, use: RetrieverName, progress: Callable[[str], None]) -> EvalReport:
    """Run a test collection in BEIR's layout; raises ReadError when it is malformed."""
    return (await compare_beir(env, folder, [use], progress))[0]


async def compare_beir(
    env: Environment, folder: Path, uses: Sequence[RetrieverName], progress: Callable[[str], None]
) -> list[EvalReport]:
    """Run a collection once for each retriever over the same index."""
    async with workbench(env) as bench:
        figures = await run_beir(bench, folder, uses, progress)
        return [EvalReport(name=folder.name, retriever=use, figures=seen) for use, seen in zip(uses, figures, strict=True)]


async def evaluate_golden(env: Environment, folder: Path, use: RetrieverName, progress: Callable[[str], None]) -> EvalReport:
    """Run the golden set in `folder`; raises ReadError when it is malformed."""
    async with workbench(env) as bench:
        figures, failures = await run_golden(bench, folder, use, progress)
        return EvalReport(name=folder.name, retriever=use, figures=figures, failures=tuple(failures))
