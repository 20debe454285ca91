"""`mneme eval`: how good is recall, measured on a golden set or on a public test collection."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import click

from assistant.api.views import EvalReport
from assistant.cli.baseline import read_baseline, write_baseline
from assistant.cli.doors import RetrieverName
from assistant.cli.output import Output
from assistant.cli.paths import existing
from assistant.cli.session import FAILED, NOTHING_FOUND, Session, command
from assistant.eval.baseline import Regression, regressions

FAILURES = 20
"""Failures named before the rest is counted."""


@click.command("eval", short_help="Measure recall and answers.")
@click.option("--golden", metavar="DIR", help="A golden set: corpus/ and cases.jsonl. The bundled one is the default.")
@click.option("--beir", metavar="DIR", help="A test collection: corpus.jsonl, queries.jsonl, qrels.tsv.")
@click.option("--mine", is_flag=True, help="The questions you confirmed, asked of your own memory.")
@click.option(
    "--retriever", type=click.Choice(["hybrid", "dense", "sparse"]), default="hybrid", show_default=True, help="What searches."
)
@click.option("--check", metavar="FILE", help="Fail when a figure is worse than in this baseline allows.")
@click.option("--write-baseline", "write", metavar="FILE", help="Store the figures as a baseline.")
@command
def evaluate(
    session: Session,
    golden: str | None,
    beir: str | None,
    mine: bool,
    retriever: RetrieverName,
    check: str | None,
    write: str | None,
) -> int:
    """Measure recall and answers in a throw-away memory; your own memory is neither read nor changed, but for --mine."""
    if bool(golden) + bool(beir) + mine > 1:
        raise click.UsageError("Name one of --golden, --beir and --mine.")
    if mine and retriever != "hybrid":
        raise click.UsageError("--mine measures what answers: leave out --retriever.")
    if mine:
        return _mine(session)
    kind: Literal["golden", "beir"] = "beir" if beir else "golden"
    folder = Path(existing(beir or golden or str(session.environment.resources / "golden")))
    baseline = read_baseline(Path(check)) if check else None  # before minutes of work
    report = asyncio.run(
        session.doors.evaluate(session.environment, kind, folder, retriever, lambda line: session.out.note((line, "dim")))
    )
    if write:
        write_baseline(Path(write), report.figures)
    worse = regressions(baseline, report.figures) if baseline else []
    if session.out.as_json:
        head = {"name": report.name, "retriever": report.retriever}
        session.out.json({**head, **report.figures, "failures": list(report.failures)})
    else:
        _print(session.out, report)
    _tell_failures(session.out, report.failures)
    if baseline is None:
        return 0
    _tell_regressions(session.out, worse)
    return FAILED if worse or report.failures else 0


def _mine(session: Session) -> int:
    """Ask the confirmed questions; nothing found when nothing was confirmed."""
    report = session.run(lambda assistant: assistant.quality.measure(), again=True)
    if session.out.as_json:
        session.out.json({"name": report.name, "retriever": report.retriever, **report.figures})
    else:
        _print(session.out, report)
    if not report.figures.get("questions"):
        session.out.note('mneme: no answer was confirmed yet. Confirm one with: mneme confirm "the question"')
        return NOTHING_FOUND
    return 0


def _print(out: Output, report: EvalReport) -> None:
    out.say((report.name, "bold"), f", {report.retriever}")
    width = max((len(figure) for figure in report.figures), default=0)
    for figure, value in report.figures.items():
        shown = f"{value:,.0f}" if value == int(value) and abs(value) >= 2 else f"{value:,.4f}"
        out.say(f"{figure:<{width}}  {shown:>10}", indent=2)


def _tell_failures(out: Output, failures: Sequence[str]) -> None:
    for failure in failures[:FAILURES]:
        out.note(("mneme: ", "red"), failure)
    if len(failures) > FAILURES:
        out.note(f"… and {len(failures) - FAILURES} more")


def _tell_regressions(out: Output, worse: Sequence[Regression]) -> None:
    if not worse:
        out.note(("No figure is worse than the baseline allows.", "green"))
        return
    out.note(("mneme: worse than the baseline allows:", "bold red"))
    width = max(len(one.figure) for one in worse)
    out.note(f"{'figure':<{width}}  baseline       now   allowed", indent=2)
    for one in worse:
        now = "missing" if one.found is None else f"{one.found:.4f}"
        out.note(f"{one.figure:<{width}}  {one.expected:>8.4f}  {now:>8}  {one.allowed:>8.4f}", indent=2)
