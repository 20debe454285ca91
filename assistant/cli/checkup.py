"""`mneme health`: how well Mneme does, over time."""

import click

from assistant.api.views import Health, RatePoint
from assistant.cli.output import Output, count, name, size
from assistant.cli.session import FAILED, Session, command
from assistant.ports.health import Width

SHOWN_FILES = 10
TIMES = {"search": "a search", "ask": "an answer", "searchable": "a file until searchable", "ready": "a file until ready"}


@click.command(short_help="How well Mneme does: counts, times, golden runs, budgets.")
@click.option("--run", "golden", is_flag=True, help="Run the golden sets first; takes a minute or more.")
@click.option(
    "--by",
    "width",
    type=click.Choice(["minutes", "hours", "days"]),
    default="hours",
    show_default=True,
    help="Length of one point in the figures over time.",
)
@command
def health(session: Session, golden: bool, width: Width) -> int:
    """Tell how well Mneme does. Exit code 1 when something is wrong."""
    if golden:
        session.out.note(("running the golden sets", "dim"))
        session.run(lambda assistant: assistant.quality.run())
    found = session.run(lambda assistant: assistant.upkeep.health(width), again=True)
    if session.out.as_json:
        session.out.json(found.model_dump(mode="json"))
    else:
        print_health(session.out, found)
    return 0 if found.ok else FAILED


def print_health(out: Output, found: Health) -> None:
    """Write what a person wants to know first: what is wrong, then figures."""
    out.say(("All is well.", "green") if found.ok else (f"{count(len(found.troubles), 'thing')} to look at:", "bold red"))
    for one in found.troubles:
        out.say(("! ", "red"), one.text, indent=2)
        out.say((one.remedy, "dim"), indent=4)
    for one in found.counts:
        agrees = ("agrees    ", "green") if one.agrees else ("disagrees ", "bold red")
        out.say(agrees, f"{one.name}: {one.found:,} of {one.expected:,}")
    for series in found.times:
        if series.whole.count:
            whole = series.whole
            out.say(
                f"{TIMES[series.name]:<24} P50 {_ms(whole.p50)}  P95 {_ms(whole.p95)}  P99 {_ms(whole.p99)}",
                (f"  {whole.count:,} measured", "dim"),
            )
    if found.throughput:
        out.say(f"{'indexing':<24} {_rate(found.throughput):,.1f} chunks/s", ("  while it ran", "dim"))
    for budget in found.budgets:
        out.say(f"{budget.name:<24} {size(budget.used)} of {size(budget.limit)}")
    _print_quality(out, found)
    for file in found.failed[:SHOWN_FILES]:
        out.say(("failed    ", "red"), name(file.path), (f"  {file.reason}", "dim"))
    if found.failed_files > SHOWN_FILES:
        out.say(f"… {count(found.failed_files - SHOWN_FILES, 'more file')} failed. `mneme retry` reads them again.")
    backup = found.last_backup.astimezone().strftime("%Y-%m-%d %H:%M") if found.last_backup else "none"
    out.say(f"{'last backup':<24} {backup}")


def _print_quality(out: Output, found: Health) -> None:
    for kind, told in (("mine", "your questions"), ("bundled", "bundled questions")):
        run = next((one for one in reversed(found.runs) if one.kind == kind), None)
        if run is not None:
            shown = "  ".join(f"{key} {run.figures[key]:.3f}" for key in ("recall@20", "ndcg@10", "mrr@10") if key in run.figures)
            out.say(f"{told:<24} {shown}", (f"  {run.at.astimezone():%Y-%m-%d %H:%M}", "dim"))
    if found.drift:
        week = found.drift[-1]
        shares = {
            "no answer": week.abstained,
            "nothing found": week.empty,
            "unknown words": week.unknown,
            "similarity": week.similarity,
            "moved": week.shift,
        }
        shown = "  ".join(f"{key} {value:.2f}" for key, value in shares.items() if value is not None)
        out.say(f"{'questions this week':<24} {week.asked:,}  {shown}")


def _rate(points: tuple[RatePoint, ...]) -> float:
    busy = sum(one.chunks / one.chunks_per_s for one in points if one.chunks_per_s)
    return sum(one.chunks for one in points) / busy if busy else 0.0


def _ms(value: float) -> str:
    return f"{value:.1f} ms" if value < 1000 else f"{value / 1000:.1f} s"
