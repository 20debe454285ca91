"""Runs the evaluations in throw-away memories. Called by the command line."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from assistant.api.views import EvalReport
from assistant.app import workbench as benches
from assistant.app.bootstrap import opened
from assistant.app.environment import Environment
from assistant.app.parts import Parts
from assistant.app.workbench import Bench
from assistant.eval.beir import run_beir
from assistant.eval.golden import run_golden
from assistant.memory.recall import RetrieverName


@asynccontextmanager
async def throwaway(env: Environment) -> AsyncGenerator[Parts]:
    """Open an empty Mneme that vanishes afterwards, with the settings and the installed model of `env`."""
    async with benches.throwaway(env, opened) as parts:
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
