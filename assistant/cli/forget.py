"""`mneme forget`: erase a source everywhere and prove it."""

import click

from assistant.api.contract import Assistant
from assistant.api.views import ForgetReport, VerifyReport
from assistant.cli.health import print_verified
from assistant.cli.output import Output, count, name
from assistant.cli.paths import remembered
from assistant.cli.session import FAILED, Session, command
from assistant.cli.terminal import agreed, is_terminal
from assistant.domain.errors import NotRememberedError


@click.command(short_help="Erase a file or folder from memory.")
@click.argument("path")
@click.option("--verify", "checked", is_flag=True, help="Afterwards also count all stores against each other.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@command
def forget(session: Session, path: str, checked: bool, yes: bool) -> int:
    """Erase what was remembered at or below PATH; the files themselves are not touched.

    Afterwards every store is searched for what was erased, and what it still holds is shown: it must be nothing.
    Only the audit of requests keeps the paths that you named to Mneme yourself, this one included.
    """
    session.interrupted = "Stopped. Run `mneme forget` again to finish what it began."

    async def look(assistant: Assistant) -> tuple[str, int, int]:
        place, found = await remembered(assistant, path)
        return place, len(found.sources), sum(source.chunks for source in found.sources)

    place, sources, passages = session.run(look, again=True)
    if not sources:
        raise NotRememberedError(
            f"Nothing at {name(place)} is in memory.", kept="Nothing was erased.", remedy="`mneme status --all` lists what is."
        )
    question = f"Forget {count(sources, 'source')} with {count(passages, 'passage')} at {name(place)}? The files stay."
    if not yes and is_terminal() and not agreed(session.out, question):
        session.out.note("Nothing was erased.")
        return FAILED

    async def erase(assistant: Assistant) -> tuple[ForgetReport, VerifyReport | None]:
        return await assistant.forget(place, "cli"), await assistant.verify() if checked else None

    report, counted = session.run(erase)
    out = session.out
    if out.as_json:
        extra = {"verify": counted.model_dump(mode="json")} if counted else {}
        out.json({**report.model_dump(mode="json"), **extra})
    else:
        _print(out, report)
        if counted:
            print_verified(out, counted)
    if not report.proved:
        out.note("mneme: something is left, see above. Run the same command again; it is safe to repeat.")
    return 0 if report.proved and (counted is None or counted.ok) else FAILED


def _print(out: Output, report: ForgetReport) -> None:
    out.say(f"Forgotten: {count(report.sources, 'source')}, {count(report.chunks, 'passage')} at {name(report.path)}")
    out.say("Left behind:")
    for store, left in report.remains.items():
        out.say(f"{store:<17}", (f"{left:,}", "bold red" if left else "green"), indent=2)
    if report.proved:
        out.say(("Proved: no store holds anything of it.", "green"))
