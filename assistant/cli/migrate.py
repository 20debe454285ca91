"""`mneme migrate`: move the memory to other engines."""

import asyncio
from contextlib import nullcontext

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bars

from assistant.api.views import MigrateReport
from assistant.cli.output import Output, count
from assistant.cli.session import Session, command
from assistant.config.schema import DenseEngine, SparseEngine

STEPS = {
    "text": "writing text",
    "vectors": "writing vectors",
    "compare text": "comparing text search",
    "compare vectors": "comparing vector search",
    "clean up": "removing what is not used",
}


@click.command(short_help="Move the memory to other engines.")
@click.option("--dense", type=click.Choice(["edge", "qdrant", "usearch"]), help="Engine of the vectors.")
@click.option("--sparse", type=click.Choice(["tantivy", "fts5"]), help="Engine of text search.")
@command
def migrate(session: Session, dense: DenseEngine | None, sparse: SparseEngine | None) -> int:
    """Move the memory to other engines; without options to those that the settings name.

    The new engine is filled beside the old one and asked the same questions. Only when it agrees does the memory switch,
    and the old files go. Close the window first. Interrupted at any point, the memory is whole in one of the two.
    """
    session.interrupted = "Stopped. The memory stays in its old engine."
    steps = Steps(session.out.errors, quiet=session.out.as_json)
    with steps.running():
        report = asyncio.run(session.doors.migrate(session.environment, dense, sparse, steps.tell))
    if session.out.as_json:
        session.out.json(report.model_dump(mode="json"))
    else:
        print_moved(session.out, report)
    return 0


class Steps:
    """A bar on a terminal; elsewhere a line for each step."""

    def __init__(self, console: Console, quiet: bool) -> None:
        self._console = console
        self._quiet = quiet
        self._shown = console.is_terminal and not quiet
        self._bars = Bars(
            TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), console=console, transient=True
        )
        self._task = self._bars.add_task("", total=None)
        self._step = ""

    def running(self) -> Bars | nullcontext[None]:
        """Show the bar while the context lasts."""
        return self._bars if self._shown else nullcontext()

    def tell(self, step: str, done: int, total: int) -> None:
        """Hear where the migration stands."""
        if self._shown:
            self._bars.update(self._task, description=STEPS[step], completed=done, total=total or None)
        elif step != self._step and not self._quiet:
            self._console.print(STEPS[step])
        self._step = step


def print_moved(out: Output, report: MigrateReport) -> None:
    """Write what moved and how the engines compare."""
    if not report.moved:
        out.say(f"The memory is kept in {report.dense} and {report.sparse} already.")
        return
    for one in report.comparisons:
        out.say(("agrees    ", "green"), f"{one.name}: {one.found:,} of {one.expected:,}")
    for what, before, after in (
        ("Text search", report.sparse_before, report.sparse),
        ("Vectors", report.dense_before, report.dense),
    ):
        if before != after:
            out.say((f"{what}: moved from {before} to {after}.", "bold"))
    if report.lacking:
        out.say(f"{count(report.lacking, 'passage')} had no cached vector; they are embedded again when Mneme next runs.")
