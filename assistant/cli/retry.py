"""`mneme retry`: read files again that could not be read."""

import click

from assistant.api.contract import Assistant
from assistant.api.views import SourceState, SourceView
from assistant.cli.add import print_failed
from assistant.cli.output import count
from assistant.cli.paths import remembered
from assistant.cli.session import NOTHING_FOUND, Session, command
from assistant.cli.watching import finished


@click.command(short_help="Read failed files again.")
@click.argument("path", default="")
@command
def retry(session: Session, path: str) -> int:
    """Read again what failed at or below PATH; without PATH everything that failed."""
    session.interrupted = "Stopped. What was read is kept; `mneme retry` goes on."

    async def again(assistant: Assistant) -> tuple[int, list[SourceView]]:
        place = (await remembered(assistant, path))[0] if path else ""
        queued = await assistant.upkeep.retry(place)
        return queued, await finished(assistant, [place], session.out.errors) if queued else []

    queued, sources = session.run(again)
    failed = [source for source in sources if source.state is SourceState.FAILED]
    if session.out.as_json:
        told = [{"path": source.path, "reason": source.reason} for source in failed]
        session.out.json({"queued": queued, "failed": told})
    elif queued:
        session.out.say(f"Read {count(queued, 'file')} again, {len(failed):,} failed.")
        print_failed(session.out, failed)
    else:
        session.out.say("No file has failed.")
    return 0 if queued else NOTHING_FOUND
