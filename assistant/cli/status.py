"""`mneme status`: what is remembered, and what is not and why."""

import click

from assistant.api.contract import Assistant
from assistant.api.views import SourceState, SourceView, Status, WatchedRoot
from assistant.cli.output import Output, count, duration, name, size
from assistant.cli.paths import remembered
from assistant.cli.session import Session, command

SHOWN = 20
"""Sources listed without --all."""
STYLES = {
    SourceState.FAILED: "red",
    SourceState.OFFLINE: "yellow",
    SourceState.NEEDS_UPDATE: "yellow",
    SourceState.READY: "green",
}
ORDER = (
    SourceState.FAILED,
    SourceState.OFFLINE,
    SourceState.NEEDS_UPDATE,
    SourceState.READING,
    SourceState.QUEUED,
    SourceState.SEARCHABLE,
    SourceState.EMBEDDING,
    SourceState.READY,
    SourceState.EXCLUDED,
)


@click.command(short_help="Show what is remembered.")
@click.argument("path", required=False)
@click.option("--all", "everything", is_flag=True, help="List every source.")
@click.option("--failed", is_flag=True, help="List every file that could not be read, with its reason, and nothing else.")
@command
def status(session: Session, path: str | None, everything: bool, failed: bool) -> int:
    """Show what is remembered (at or below PATH), with state and reason."""

    async def look(assistant: Assistant) -> tuple[Status, list[WatchedRoot]]:
        found = (await remembered(assistant, path))[1] if path else await assistant.status()
        return found, await assistant.watching.watched()

    found, roots = session.run(look, again=True)
    if failed:
        found = found.model_copy(update={"sources": tuple(one for one in found.sources if one.state is SourceState.FAILED)})
    if session.out.as_json:
        session.out.json(
            {
                "sources": [
                    source.model_dump(mode="json", include={"path", "state", "reason", "chunks", "updated"})
                    for source in found.sources
                ],
                "totals": found.totals.model_dump(mode="json"),
                "roots": [root.model_dump(mode="json", include={"path", "watched", "online"}) for root in roots],
            }
        )
    elif failed:
        for source in found.sources:
            _print_source(session.out, source)
        session.out.note("`mneme retry [PATH]` reads them again." if found.sources else "No file has failed.")
    else:
        _print(session.out, found, roots, everything)
    return 0


def _print(out: Output, found: Status, roots: list[WatchedRoot], everything: bool) -> None:
    totals = found.totals
    of = f" of {size(totals.disk_budget)}" if totals.disk_budget else ""
    out.say(("Memory   ", "bold"), name(found.home), f" ({size(totals.disk_bytes)}{of})")
    if 0 < totals.disk_budget < totals.disk_bytes:
        out.say(("over its disk budget: `mneme collect` gives space back", "yellow"), indent=9)
    if found.text_search_only:
        out.say(("Model    ", "bold"), ("text search only", "yellow"), ": no model is installed")
        out.say("`mneme models install all-MiniLM-L6-v2` adds search by meaning", indent=9)
    else:
        out.say(("Model    ", "bold"), found.model)
    states = ", ".join(f"{totals.by_state[state]:,} {state}" for state in ORDER if totals.by_state.get(state))
    out.say(("Sources  ", "bold"), f"{totals.sources:,}", f" ({states})" if states else "")
    out.say(("Passages ", "bold"), f"{totals.chunks:,}, {count(totals.vectors, 'vector')}")
    _print_roots(out, roots)
    _print_progress(out, found)
    listed = sorted(found.sources, key=lambda source: (ORDER.index(source.state), source.path))
    shown = listed if everything else listed[:SHOWN]
    if shown:
        out.say("")
    for source in shown:
        _print_source(out, source)
    if len(shown) < len(listed):
        out.say((f"… and {len(listed) - len(shown):,} more: `mneme status --all` lists them", "dim"))
    if not totals.sources:
        out.say("Nothing is remembered yet: `mneme add FOLDER` begins.")


def _print_roots(out: Output, roots: list[WatchedRoot]) -> None:
    """Count what is followed; name what is out of reach."""
    if not roots:
        return
    followed = sum(root.watched for root in roots)
    rest = f" of {len(roots):,}" if followed < len(roots) else ""
    out.say(("Watched  ", "bold"), f"{followed:,}{rest}: `mneme watch` lists them")
    for root in roots:
        if not root.online:
            out.say(("offline ", "yellow"), name(root.path), indent=9)


def _print_progress(out: Output, found: Status) -> None:
    now = found.progress
    if now.away:
        out.say(("Vectors  ", "bold"), (now.away, "yellow"))
        out.say("Search goes on by words meanwhile; the vectors follow.", indent=9)
    if now.paused and not now.active:
        out.say(("Indexing ", "bold"), ("paused", "yellow"), ": `mneme resume` lets it go on")
    if not now.active:
        return
    left = f", about {duration(now.eta_s)} left" if now.eta_s is not None else ""
    out.say(
        ("Indexing ", "bold"),
        "paused, " if now.paused else "",
        f"{now.files_searchable + now.files_failed:,} of {count(now.files_total, 'file')} searchable,"
        f" {now.chunks_embedded:,} of {count(now.chunks_total, 'passage')} embedded{left}",
    )


def _print_source(out: Output, source: SourceView) -> None:
    passages = f"  {count(source.chunks, 'passage')}" if source.chunks else ""
    out.say((f"{source.state:<12} ", STYLES.get(source.state, "dim")), name(source.path), (passages, "dim"))
    if source.reason:
        out.say((source.reason, "dim"), indent=13)
