"""`mneme doctor` and `mneme verify`: is everything in order?"""

import click

from assistant.api.contract import Assistant
from assistant.api.views import Event, VerifyProgressed, VerifyReport
from assistant.cli.output import Output
from assistant.cli.session import FAILED, Session, attended, command
from assistant.cli.watching import Bar

STYLES = {"ok": "green", "warning": "yellow", "problem": "bold red"}


@click.command(short_help="Check the installation.")
@command
def doctor(session: Session) -> int:
    """Check the installation; every problem comes with its remedy."""
    report = session.run(lambda assistant: assistant.doctor(), again=True)
    out = session.out
    if out.as_json:
        out.json(report.model_dump(mode="json"))
    else:
        for check in report.checks:
            out.say((f"{check.state:<8} ", STYLES[check.state]), (check.name, "bold"), f"  {check.detail}")
            if check.remedy:
                out.say(check.remedy, indent=9)
    if not report.ok:
        out.note("mneme: something needs attention, see above.")
    return 0 if report.ok else FAILED


@click.command(short_help="Count and hash the stores against each other.")
@click.option("--full", is_flag=True, help="Compare every vector and many more words, not a sample of them.")
@command
def verify(session: Session, full: bool) -> int:
    """Count and hash records, text rows, vectors and the journal against each other. Exit code 1 when anything disagrees."""
    session.interrupted = "Stopped. Nothing was changed."
    bar = Bar(session.out.errors, "verified")

    async def look(assistant: Assistant) -> VerifyReport:
        with bar.running():
            return await attended(assistant, assistant.verify(full), show)

    def show(event: Event) -> None:
        if isinstance(event, VerifyProgressed):
            bar.show(event.done, event.total)

    report = session.run(look, again=True)
    if session.out.as_json:
        session.out.json(report.model_dump(mode="json"))
    else:
        print_verified(session.out, report)
    if not report.ok:
        session.out.note("mneme: the stores disagree. The next start mends counts; `mneme rebuild` also contents.")
    return 0 if report.ok else FAILED


def print_verified(out: Output, report: VerifyReport) -> None:
    """Write the counts compared and what disagrees."""
    for one in report.comparisons:
        out.say(
            ("agrees    " if one.agrees else "disagrees ", "green" if one.agrees else "bold red"),
            f"{one.name}: {one.found:,} of {one.expected:,}",
            (f"  {one.detail}" if one.detail else "", "dim"),
        )
    for line in report.disagreements:
        out.say((line, "bold red"))
    if report.ok:
        out.say(("Everything agrees.", "green"))
