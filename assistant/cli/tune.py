"""`mneme tune`: weights of recall that fit what you confirmed, when they help."""

import click

from assistant.api.views import TuningRecord
from assistant.cli.output import Output
from assistant.cli.session import NOTHING_FOUND, Session, command


@click.command(short_help="Fit the weights of recall to what you confirmed.")
@click.option("--dry-run", is_flag=True, help="Propose only; `--apply` takes the proposal.")
@click.option("--apply", "accept", is_flag=True, help="Apply the last proposal.")
@click.option("--reset", is_flag=True, help="Go back to the weights of the settings.")
@command
def tune(session: Session, dry_run: bool, accept: bool, reset: bool) -> int:
    """Look for weights that rank the answers you confirmed higher, judged on questions they were not found on.

    They are applied only when they do better there by more than noise; `--reset` takes them back at any time.
    """
    if dry_run + accept + reset > 1:
        raise click.UsageError("Name one of --dry-run, --apply and --reset.")
    record: TuningRecord | None
    if reset:
        record = session.run(lambda assistant: assistant.quality.reset_tuning(), again=True)
    elif accept:
        record = session.run(lambda assistant: assistant.quality.apply_tuning(), again=True)
    else:
        record = session.run(lambda assistant: assistant.quality.tune(dry_run))
    if session.out.as_json:
        session.out.json(record.model_dump(mode="json") if record else None)
    elif record is None:
        session.out.say("Nothing was tuned." if reset else "No proposal waits. `mneme tune --dry-run` makes one.")
    else:
        print_tuning(session.out, record)
    return NOTHING_FOUND if record is None else 0


HEADS = {
    "applied": "Applied. `mneme tune --reset` takes it back.",
    "proposed": "Proposed, not applied. `mneme tune --apply` applies it.",
    "undone": "Taken back: the weights of the settings are in force.",
    "rejected": "Nothing was changed.",
}


def print_tuning(out: Output, record: TuningRecord) -> None:
    """Write what was found and what it rests on."""
    out.say((HEADS[record.state], "bold"))
    out.say(f"{record.reason}.", indent=2)
    for name, before in record.before.items():
        after = record.after.get(name, before) if record.state != "rejected" else before
        out.say(f"{name:<16} {before:.3f}" + (f" -> {after:.3f}" if after != before else ""), indent=2)
    for name, value in record.figures.items():
        out.say((f"{name:<24} {value:,.3f}", "dim"), indent=2)
