"""`mneme forget`: erase files, passages or a stretch of time everywhere, and prove it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import click

from assistant.api.contract import Assistant
from assistant.api.views import Dated, ForgetReport, Hit, RecallQuery, VerifyReport
from assistant.cli.health import print_verified
from assistant.cli.output import Output, count, name, place
from assistant.cli.paths import remembered
from assistant.cli.session import FAILED, NOTHING_FOUND, Session, command
from assistant.cli.terminal import is_terminal
from assistant.domain.errors import MnemeError, NotRememberedError

DATES = ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")
DAY = "%Y-%m-%d"
SNIPPET_LINES = 3
SHOWN = 50

Erase = Callable[[Assistant], Awaitable[ForgetReport]]


@click.command(short_help="Erase files, passages or a stretch of time from memory.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--query", metavar="TEXT", help="Erase the passages that this search finds.")
@click.option("-k", "k", type=click.IntRange(1, 1000), default=5, show_default=True, help="How many passages --query takes.")
@click.option("--from", "since", metavar="DATE", help="Erase what was remembered or changed from this day or time on.")
@click.option("--to", "until", metavar="DATE", help="… up to this day (all of it) or time.")
@click.option("--verify", "checked", is_flag=True, help="Count all stores against each other; alone: prove what was forgotten.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@command
def forget(
    session: Session,
    paths: tuple[str, ...],
    query: str | None,
    k: int,
    since: str | None,
    until: str | None,
    checked: bool,
    yes: bool,
) -> int:
    """Erase what was remembered at or below PATH, or passages, or a stretch of time; the files themselves are not touched.

    Passages that were erased stay out of their files until you add those by name again.

    Afterwards every store is searched for what was erased, and what it still holds is shown: it must be nothing. `mneme
    forget --verify` looks again, for all that was ever forgotten or at PATH.
    """
    session.interrupted = "Stopped. Run `mneme forget` again to finish what it began."
    ways = sum((bool(paths), query is not None, bool(since or until)))
    if ways > 1 or (ways == 0 and not checked):
        raise click.UsageError("Name PATHs, or --query, or --from and --to; alone, --verify proves what was forgotten.")
    if query is not None:
        return _passages(session, query, k, yes, checked)
    if since or until:
        return _dates(session, since or "", until or "", yes, checked)
    return _paths(session, paths, yes, checked) if paths else _proof(session, ())


def _paths(session: Session, typed: Sequence[str], yes: bool, checked: bool) -> int:
    async def look(assistant: Assistant) -> tuple[list[str], int, int]:
        found = [await remembered(assistant, one) for one in typed]
        held = {source.path: source.chunks for _, status in found for source in status.sources}
        return [where for where, _ in found], len(held), sum(held.values())

    places, sources, passages = session.run(look, again=True)
    named = name(places[0]) if len(places) == 1 else count(len(places), "path")
    if not sources:
        if checked:
            return _proof(session, places)
        raise NotRememberedError(
            f"Nothing at {named} is in memory.", kept="Nothing was erased.", remedy="`mneme status --all` lists what is."
        )
    question = f"Forget {count(sources, 'source')} with {count(passages, 'passage')} at {named}? The files stay."
    if not yes and is_terminal() and not session.agreed(question):
        return _kept(session.out)

    async def erase(assistant: Assistant) -> ForgetReport:
        if len(places) == 1:
            return await assistant.forget(places[0], "cli")
        return await assistant.forgetting.files(places, "cli")

    return _erase(session, erase, f" at {named}", checked)


def _passages(session: Session, text: str, k: int, yes: bool, checked: bool) -> int:
    asked = RecallQuery(text=text, k=k)
    hits = session.run(lambda assistant: assistant.recall(asked, "cli"), again=True).items
    if not hits:
        session.out.note("Nothing found, so nothing was erased.")
        return NOTHING_FOUND
    for number, hit in enumerate(hits, 1):
        _print_hit(session.out, number, hit)
    _ask_or_refuse(session, yes)
    question = f"Forget {'this passage' if len(hits) == 1 else f'these {len(hits):,} passages'}? The files stay."
    if not yes and not session.agreed(question):
        return _kept(session.out)
    also = list(dict.fromkeys(place(other) for hit in hits for other in hit.also))
    done = _erase(session, lambda a: a.forgetting.passages([hit.id for hit in hits], "cli"), "", checked)
    if also:
        session.out.note(f"Nearly the same text stands in {', '.join(also[:SNIPPET_LINES])}: search again to forget that too.")
    return done


def _dates(session: Session, since: str, until: str, yes: bool, checked: bool) -> int:
    begin, end = _moment(since, "--from"), _moment(until, "--to", whole_day=True)
    found = session.run(lambda assistant: assistant.forgetting.within(begin, end), again=True)
    if not found:
        session.out.note("Nothing was remembered or changed in that time, so nothing was erased.")
        return NOTHING_FOUND
    for one in found[:SHOWN]:
        if not session.out.as_json:
            session.out.say((name(one.path), "cyan"), (f"  {_why(one)}", "dim"))
    if len(found) > SHOWN and not session.out.as_json:
        session.out.say((f"… and {count(len(found) - SHOWN, 'more file')}", "dim"))
    _ask_or_refuse(session, yes)
    passages = sum(one.chunks for one in found)
    question = f"Forget {count(len(found), 'source')} with {count(passages, 'passage')}? The files stay."
    if not yes and not session.agreed(question):
        return _kept(session.out)
    return _erase(session, lambda a: a.forgetting.files([one.path for one in found], "cli"), "", checked)


def _proof(session: Session, places: Sequence[str]) -> int:
    report = session.run(lambda assistant: assistant.forgetting.prove(places), again=True)
    if session.out.as_json:
        session.out.json(report.model_dump(mode="json"))
    else:
        session.out.say(f"Looked for {count(report.sources, 'forgotten file')}, {count(report.chunks, 'forgotten passage')}.")
        _print_remains(session.out, report)
    return 0 if report.proved else FAILED


def _erase(session: Session, work: Erase, where: str, checked: bool) -> int:
    async def erase(assistant: Assistant) -> tuple[ForgetReport, VerifyReport | None]:
        return await work(assistant), await assistant.verify() if checked else None

    report, counted = session.run(erase)
    out = session.out
    if out.as_json:
        extra = {"verify": counted.model_dump(mode="json")} if counted else {}
        out.json({**report.model_dump(mode="json"), **extra})
    else:
        out.say(f"Forgotten: {count(report.sources, 'source')}, {count(report.chunks, 'passage')}{where}")
        _print_remains(out, report)
        if counted:
            print_verified(out, counted)
    if not report.proved:
        out.note("mneme: something is left, see above. Run the same command again; it is safe to repeat.")
    return 0 if report.proved and (counted is None or counted.ok) else FAILED


def _print_remains(out: Output, report: ForgetReport) -> None:
    out.say("Left behind:")
    for store, left in report.remains.items():
        out.say(f"{store:<23}", (f"{left:,}", "bold red" if left else "green"), indent=2)
    for note in report.notes:
        out.say((note, "yellow"))
    if report.proved:
        out.say(("Proved: no store holds anything of it.", "green"))


def _print_hit(out: Output, number: int, hit: Hit) -> None:
    if not out.as_json:
        out.say(f"{number}. ", (place(hit.cite), "cyan"))
        lines = hit.snippet.strip("\n").splitlines()
        out.say("\n".join(lines[:SNIPPET_LINES]) + (" …" if len(lines) > SNIPPET_LINES else ""), indent=3)


def _ask_or_refuse(session: Session, yes: bool) -> None:
    if not yes and not is_terminal():
        raise MnemeError("Nobody is there to say yes.", kept="Nothing was erased.", remedy="Add --yes, when it is what you want.")


def _kept(out: Output) -> int:
    out.note("Nothing was erased.")
    return FAILED


def _moment(typed: str, option: str, *, whole_day: bool = False) -> datetime:
    """Return what was typed as a local time; a day as an end means all of it. Raises UsageError."""
    if not typed:
        raise click.UsageError(f"{option} is missing: a stretch of time has two ends.")
    for layout in DATES:
        try:
            at = datetime.strptime(typed, layout).astimezone()
        except ValueError:
            continue
        return at + timedelta(days=1) if whole_day and layout == DAY else at
    raise click.UsageError(f"{option} {typed!r} is no date: write 2026-11-22 or 2026-11-22T18:30.")


def _why(one: Dated) -> str:
    """Tell why a file falls into the time."""
    told = [("remembered", one.remembered), ("changed", one.changed)]
    return ", ".join(f"{what} {at.astimezone():%Y-%m-%d %H:%M}" for what, at in told if at is not None)
