"""`mneme add`: remember files and folders, and wait until they are."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import click

from assistant.api.contract import Assistant
from assistant.api.views import Event, SourceState, SourceView, Ticket, Warned
from assistant.cli.output import Output, count, duration, name
from assistant.cli.paths import existing
from assistant.cli.session import Session, attended, command
from assistant.cli.watching import finished

DONE = (SourceState.READY, SourceState.SEARCHABLE)
"""Searchable alone while the server of the vectors is away."""
EXAMPLES = 5
"""Failed files and reasons for exclusion named in the summary."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of the named paths."""

    ticket: Ticket
    remembered: int
    failed: Sequence[SourceView]
    excluded: Sequence[SourceView]
    missing: Sequence[SourceView]
    seconds: float
    searchable_only: bool


@click.command(short_help="Remember files and folders.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@command
def add(session: Session, paths: tuple[str, ...]) -> int:
    """Remember files and folders and wait until it is done.

    Adding again reads only what is new or changed. Files that cannot be read are listed with the reason; the others go on.
    """
    session.interrupted = "Stopped. What was read is kept; `mneme add` goes on."
    wanted = list(dict.fromkeys(existing(path) for path in paths))
    began = time.monotonic()
    at = datetime.now(UTC)
    tickets: list[Ticket] = []

    def hear(event: Event) -> None:
        if isinstance(event, Warned):
            session.out.note(("mneme: ", "yellow"), event.text)

    async def remember(assistant: Assistant) -> Added:
        tickets.append(await assistant.ingest(wanted, "cli"))  # again after the other Mneme closed: only what is left
        sources = await attended(assistant, finished(assistant, wanted, session.out.errors), hear)
        about = await assistant.status(wanted[0])
        return Added(
            ticket=tickets[0],
            remembered=sum(source.state in DONE and source.updated >= at for source in sources),
            failed=[source for source in sources if source.state is SourceState.FAILED],
            excluded=[source for source in sources if source.state is SourceState.EXCLUDED],
            missing=[source for source in sources if source.state is SourceState.OFFLINE],
            seconds=time.monotonic() - began,
            searchable_only=about.text_search_only,
        )

    added = session.run(remember, again=True)
    if session.out.as_json:
        session.out.json(
            {
                "queued": added.ticket.queued,
                "unchanged": added.ticket.unchanged,
                "excluded": added.ticket.excluded,
                "remembered": added.remembered,
                "failed": [{"path": source.path, "reason": source.reason} for source in added.failed],
                "seconds": round(added.seconds, 3),
            }
        )
    else:
        _print(session.out, added)
    if added.failed:
        session.out.note(f"mneme: {count(len(added.failed), 'file')} could not be read; everything else is remembered.")
    return 0


def _print(out: Output, added: Added) -> None:
    unchanged = f", {added.ticket.unchanged:,} unchanged" if added.ticket.unchanged else ""
    out.say(("Remembered ", "bold"), f"{count(added.remembered, 'file')} in {duration(added.seconds)}{unchanged}")
    if added.searchable_only:
        out.say(("Text search only: ", "yellow"), "no model is installed (`mneme models install all-MiniLM-L6-v2`)")
    print_failed(out, added.failed)
    if added.excluded:
        out.say(("Excluded ", "bold"), f"{len(added.excluded):,}:")
        reasons = Counter(source.reason or "excluded" for source in added.excluded)
        for reason, number in reasons.most_common(EXAMPLES):
            example = next(name(source.path) for source in added.excluded if (source.reason or "excluded") == reason)
            out.say(f"{number:>5,}  {reason}", (f"  {example}", "dim"), indent=2)
        if len(reasons) > EXAMPLES:
            out.say((f"… {count(len(reasons) - EXAMPLES, 'more reason')}: `mneme status --all`", "dim"), indent=2)
    if added.missing:
        out.say(("Not there any more ", "bold"), f"{len(added.missing):,}, kept in memory: `mneme forget` erases them")


def print_failed(out: Output, failed: Sequence[SourceView]) -> None:
    """Name some of the files that could not be read, each with its reason."""
    if not failed:
        return
    out.say(("Failed ", "bold red"), f"{len(failed):,}:")
    for source in failed[:EXAMPLES]:
        out.say(name(source.path), indent=2)
        out.say((source.reason, "dim"), indent=4)
    if len(failed) > EXAMPLES:
        out.say((f"… and {len(failed) - EXAMPLES:,} more: `mneme status`", "dim"), indent=2)
