"""`mneme watch` and `mneme unwatch`: follow changes in files and folders, or no longer."""

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path

import click

from assistant.api.contract import Assistant
from assistant.api.views import ChangesNoticed, Event, RootChanged, Warned, WatchedRoot
from assistant.cli.output import Output, count, name
from assistant.cli.paths import existing
from assistant.cli.session import Session, attended, command
from assistant.domain.errors import PathRefusedError

HOW = {"notices": "changes are noticed at once", "scans": "looked at from time to time", "": ""}


@click.command(short_help="Follow changes in folders.")
@click.argument("path", required=False)
@click.option("--stay/--no-stay", default=None, help="Follow until Ctrl+C when no window does it. Default: yes with PATH.")
@command
def watch(session: Session, path: str | None, stay: bool | None) -> int:
    """Remember PATH and follow its changes; without PATH list what is followed.

    The open window follows what is watched. Without one this command does, until Ctrl+C; --no-stay only writes it down
    for the next window. Folders that were added are followed without being asked; `mneme unwatch` stops that.
    """
    stays = (path is not None and not session.out.as_json) if stay is None else stay
    place = existing(path) if path else ""

    async def follow(assistant: Assistant) -> list[WatchedRoot]:
        roots = [await assistant.watching.watch(place)] if place else await assistant.watching.watched()
        if stays:
            print_roots(session.out, roots)
            await _stay(session.out, assistant)
        return roots

    roots = session.run(follow)
    if session.out.as_json:
        session.out.json([root.model_dump(mode="json") for root in roots])
    elif not stays:
        print_roots(session.out, roots)
    return 0


@click.command(short_help="Follow a folder no longer.")
@click.argument("path")
@command
def unwatch(session: Session, path: str) -> int:
    """Follow changes of PATH no longer; what is remembered stays."""

    async def leave(assistant: Assistant) -> WatchedRoot:
        return await assistant.watching.unwatch(_named(path))

    root = session.run(leave, again=True)
    if session.out.as_json:
        session.out.json(root.model_dump(mode="json"))
    else:
        session.out.say("Not followed any more: ", name(root.path), "; what is remembered stays.")
    return 0


def print_roots(out: Output, roots: list[WatchedRoot]) -> None:
    """List roots with how they stand."""
    for root in roots:
        state = (
            ("not watched  ", "dim")
            if not root.watched
            else ("watched      ", "green")
            if root.online
            else ("offline      ", "yellow")
        )
        how = "; ".join(part for part in (HOW[root.by], root.reason) if part)
        out.say(state, name(root.path), (f"  {how}" if how else "", "dim"))
    if not roots:
        out.say("Nothing is followed yet: `mneme watch FOLDER` begins.")


async def _stay(out: Output, assistant: Assistant) -> None:
    """Follow in this process until a person ends it; return at once where an open window does it already."""
    if not await assistant.watching.attend():
        out.say("The Mneme that is open follows it.")
        return
    out.say("No window is open, so this command follows the changes. Ctrl+C ends it.")
    ended = asyncio.Event()
    restore = _until_interrupted(ended)
    try:
        await attended(assistant, ended.wait(), lambda event: _tell(out, event))
    finally:
        restore()


def _until_interrupted(ended: asyncio.Event) -> Callable[[], None]:
    """Let Ctrl+C and the end of the session set `ended` instead of breaking off; return what takes that back."""
    loop = asyncio.get_running_loop()

    def end(_number: int, _frame: object) -> None:
        loop.call_soon_threadsafe(ended.set)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    return restore


def _tell(out: Output, event: Event) -> None:
    match event:
        case ChangesNoticed(changed=changed, moved=moved, removed=removed, offline=offline):
            facts = ((changed, "changed"), (moved, "moved"), (removed, "deleted"), (offline, "out of reach"))
            out.say(
                f"{event.at.astimezone():%H:%M:%S}  ",
                ", ".join(f"{count(number, 'file')} {word}" for number, word in facts if number),
            )
        case RootChanged(path=path, online=online):
            out.say(
                f"{event.at.astimezone():%H:%M:%S}  ", name(path), " is back" if online else " is offline; nothing is forgotten"
            )
        case Warned(text=text):
            out.note(("mneme: ", "yellow"), text)
        case _:
            return


def _named(typed: str) -> str:
    """Return the path of a root, which need not be there any more."""
    try:
        return existing(typed)
    except PathRefusedError:
        return str(Path(typed).expanduser().absolute())
