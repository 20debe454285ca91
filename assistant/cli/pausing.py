"""`mneme pause` and `mneme resume`: hold indexing, and let it go on."""

import click

from assistant.cli.session import Session, command


@click.command(short_help="Hold indexing; asking goes on.")
@command
def pause(session: Session) -> int:
    """Hold indexing until `mneme resume`, restarts included. Asking goes on; nothing queued is lost."""
    return _set(session, paused=True)


@click.command(short_help="Let indexing go on.")
@command
def resume(session: Session) -> int:
    """Let indexing go on after a pause, or after a full disk. Without an open window `mneme add` does the work."""
    return _set(session, paused=False)


def _set(session: Session, *, paused: bool) -> int:
    session.run(lambda assistant: assistant.pause(paused), again=True)
    if session.out.as_json:
        session.out.json({"paused": paused})
    else:
        session.out.say("Indexing is paused." if paused else "Indexing goes on.")
    return 0
