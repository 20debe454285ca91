"""`mneme rebuild`, `backup`, `restore` and `collect`: keeping the memory whole, safe and small."""

import asyncio
from pathlib import Path

import click

from assistant.api.contract import Assistant
from assistant.api.views import Backup
from assistant.cli.output import Output, count, name, size
from assistant.cli.session import Session, command
from assistant.cli.watching import finished
from assistant.domain.errors import DamagedError


@click.command(short_help="Write an index anew.")
@click.option("--dense", is_flag=True, help="The vectors; those that are cached are not computed again.")
@click.option("--sparse", is_flag=True, help="The text index.")
@command
def rebuild(session: Session, dense: bool, sparse: bool) -> int:
    """Write the text index, the vectors or (without an option) both anew from what is recorded.

    No file is read again. Searching goes on meanwhile with what there is.
    """
    session.interrupted = "Stopped. Mneme goes on with it at its next start."
    both = dense == sparse

    async def again(assistant: Assistant) -> int:
        passages = await assistant.upkeep.rebuild(text=sparse or both, vectors=dense or both)
        await finished(assistant, [""], session.out.errors)
        return passages

    passages = session.run(again)
    if session.out.as_json:
        session.out.json({"passages": passages})
    else:
        session.out.say(f"Written anew from {count(passages, 'passage')}.")
    return 0


@click.command(short_help="Copy the records to a file.")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--list", "listed", is_flag=True, help="List the automatic backups instead.")
@command
def backup(session: Session, file: Path | None, listed: bool) -> int:
    """Copy what is remembered to FILE, or beside the automatic backups, while Mneme goes on working.

    The copy holds the records; indexes are rebuilt from them. That of an encrypted memory is encrypted with the same key.
    Forgetting deletes automatic backups; a FILE of yours is yours to delete.
    """
    if listed:
        kept = session.run(lambda assistant: assistant.upkeep.backups(), again=True)
        if session.out.as_json:
            session.out.json([one.model_dump(mode="json") for one in kept])
        else:
            for one in kept:
                _print(session.out, one)
            if not kept:
                session.out.say("There is no backup yet.")
        return 0
    target = str(file.absolute()) if file else ""
    made = session.run(lambda assistant: assistant.upkeep.backup(target))
    _tell(session.out, made, "Copied to ")
    return 0


@click.command(short_help="Put a backup back.")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@command
def restore(session: Session, file: Path | None) -> int:
    """Put FILE back, or the newest automatic backup: checked first, the present state copied, the indexes rebuilt.

    What was forgotten since the copy was made stays forgotten. Works as well where the records can no longer be opened.
    """
    target = str(file.absolute()) if file else ""
    opened = False

    async def put(assistant: Assistant) -> Backup:
        nonlocal opened
        opened = True
        found = await assistant.upkeep.restore(target)
        await finished(assistant, [""], session.out.errors)
        return found

    try:
        found = session.run(put)
    except DamagedError:
        if opened:
            raise
        found = asyncio.run(session.doors.put_back(session.environment, target))
    _tell(session.out, found, "Put back ")
    return 0


@click.command(short_help="Give back disk space.")
@command
def collect(session: Session) -> int:
    """Give back what nothing needs, and beyond the budget (upkeep.disk_budget_mb) the oldest set-aside files and backups."""
    report = session.run(lambda assistant: assistant.upkeep.collect())
    if session.out.as_json:
        session.out.json(report.model_dump(mode="json"))
        return 0
    for kind, freed in report.freed.items():
        if freed:
            session.out.say(f"{kind}: {size(freed)} given back")
    session.out.say(f"{count(report.vectors, 'cached vector')} dropped; {size(report.used)} of {size(report.budget)} used")
    return 0


def _tell(out: Output, one: Backup, words: str) -> None:
    if out.as_json:
        out.json(one.model_dump(mode="json"))
    else:
        _print(out, one, words)


def _print(out: Output, one: Backup, words: str = "") -> None:
    what = f" ({count(one.sources, 'file')}, {count(one.chunks, 'passage')}, {size(one.bytes)}, {one.at:%Y-%m-%d %H:%M} UTC)"
    out.say(words, name(one.path), what)
