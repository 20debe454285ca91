"""`mneme log`: who looked what up and when, what was done, and what the policy said."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

import click
from pydantic import BaseModel

from assistant.api.views import AuditRecord, RecallRecord, Run
from assistant.cli.output import Output, count, name
from assistant.cli.session import NOTHING_FOUND, Session, command
from assistant.cli.visible import visible

T = TypeVar("T", bound=BaseModel)
SHOWN_PATHS = 3


@click.command(short_help="Tell what was looked up, and when.")
@click.option("-n", "limit", type=click.IntRange(1, 100_000), default=20, show_default=True, help="How many lines at most.")
@click.option("--runs", is_flag=True, help="What was done, with the ids that undo takes.")
@click.option(
    "--audit", is_flag=True, help="What the policy allowed and refused; `mneme verify` checks that no line was altered."
)
@command
def log(session: Session, limit: int, runs: bool, audit: bool) -> int:
    """Tell what was looked up in memory, newest first: when, through which door, the words, and the files that were shown.

    Words that showed what was forgotten since then are blank. `--json` adds the id that a request has in verdict and answer too.
    """
    if runs and audit:
        raise click.UsageError("--runs or --audit, one at a time.")
    if runs:
        return _runs(session, limit)
    if audit:
        return _audit(session, limit)
    lines = session.run(lambda assistant: assistant.upkeep.recalls(limit=limit), again=True)
    return _listed(session.out, lines, _print, "Nothing was looked up yet.")


def _runs(session: Session, limit: int) -> int:
    found = session.run(lambda assistant: assistant.history.runs(limit=limit), again=True)
    return _listed(session.out, found, _print_run, "Nothing was done yet.")


def _audit(session: Session, limit: int) -> int:
    lines = session.run(lambda assistant: assistant.permissions.audit(limit=limit), again=True)
    return _listed(session.out, lines, _print_verdict)


def _listed(out: Output, lines: Sequence[T], show: Callable[[Output, T], None], nothing: str = "") -> int:
    """Show the lines, or that there are none, and return the exit code."""
    if out.as_json:
        out.json([line.model_dump(mode="json") for line in lines])
    else:
        for line in lines:
            show(out, line)
        if nothing and not lines:
            out.note(nothing)
    return 0 if lines else NOTHING_FOUND


def _print_run(out: Output, run: Run) -> None:
    stands = f"{run.standing:,} of {count(run.total, 'change')} stand"
    out.say((f"{_when(run.began)}  ", "dim"), (f"{run.id}  ", "cyan"), (visible(run.plan.request), "bold"))
    out.say(f"{run.state}, {stands}" + (f": {run.reason}" if run.reason else ""), indent=2)


def _print_verdict(out: Output, line: AuditRecord) -> None:
    about = f"{_when(line.at)}  {line.origin} {line.tool}  "
    out.say((about, "dim"), (line.decision.value, "bold"), f"  {visible(line.reason)}")
    for path in line.paths[:SHOWN_PATHS]:
        out.say((name(path), "cyan"), indent=2)


def _when(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _print(out: Output, line: RecallRecord) -> None:
    out.say(
        (f"{_when(line.at)}  ", "dim"),
        f"{line.origin} {line.kind}  ",
        (line.query or "(forgotten)", "bold" if line.query else "dim"),
    )
    for path in line.paths[:SHOWN_PATHS]:
        out.say((name(path), "cyan"), indent=2)
    if len(line.paths) > SHOWN_PATHS:
        out.say((f"… {count(len(line.paths) - SHOWN_PATHS, 'more file')}", "dim"), indent=2)
