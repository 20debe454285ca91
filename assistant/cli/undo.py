"""`mneme undo`, `redo` and `finish`: what was done, taken back, done again, or finished after a crash."""

from typing import cast

import click

from assistant.api.contract import Assistant
from assistant.api.views import Reconciling, Reverted
from assistant.cli.plans import print_reverted, print_run
from assistant.cli.session import FAILED, Session, command
from assistant.domain.errors import ClosingError, InUseError

ORIGIN = "cli"
CHOICES = ("refuse", "skip", "keep-both", "merge")

_run = click.argument("run_id", metavar="[ID]", default="")
_step = click.option("--step", default="", metavar="N", help="Only this step of the plan.")
_conflicts = click.option(
    "--conflicts",
    type=click.Choice(CHOICES),
    default="refuse",
    show_default=True,
    help="What happens to files that you changed since: nothing at all is done, they stay, both are kept, or lines are merged.",
)


@click.command(short_help="Take back what was done.")
@_run
@_step
@_conflicts
@command
def undo(session: Session, run_id: str, step: str, conflicts: str) -> int:
    """Take back the run ID, or the last one: files, places, contents, times and rights as before."""
    return _reverted(session, run_id, step, conflicts, redo=False)


@click.command(short_help="Do again what was taken back.")
@_run
@_step
@_conflicts
@command
def redo(session: Session, run_id: str, step: str, conflicts: str) -> int:
    """Do again what the last undo, or the one of the run ID, took back."""
    return _reverted(session, run_id, step, conflicts, redo=True)


@click.command(short_help="Finish or take back what was cut off.")
@click.argument("run_id", metavar="ID")
@click.option("--take-back", is_flag=True, help="Take back what was done of it instead.")
@command
def finish(session: Session, run_id: str, take_back: bool) -> int:
    """Go on with a run that the end of Mneme cut off in the middle, or take it back."""

    begun = False

    async def work(assistant: Assistant) -> int:
        nonlocal begun
        # After the Mneme that worked on it closed: it may have come to its end, or have to be gone on with.
        if not begun or (await assistant.history.run(run_id))[0].state == "interrupted":
            begun = True
            await assistant.history.resume(run_id, ORIGIN, not take_back)
        run = await assistant.history.ended(run_id)
        if session.out.as_json:
            session.out.json(run.model_dump(mode="json"))
        else:
            print_run(session.out, run)
        return 0 if (not run.standing if take_back else run.state == "done") else FAILED

    return session.run(work, again=True)


def _reverted(session: Session, run_id: str, step: str, conflicts: str, *, redo: bool) -> int:
    how = cast(Reconciling, conflicts.replace("-", " "))

    async def work(assistant: Assistant) -> Reverted:
        history = assistant.history
        try:
            return await (history.redo if redo else history.undo)(run_id, ORIGIN, step, how)
        except ClosingError:
            raise
        except InUseError as error:
            raise InUseError(
                error.what,
                kept="What was done up to then stays, and is not lost.",
                remedy=f"`mneme log --runs` shows the run; `mneme {'redo' if redo else 'undo'} ID` goes on with it.",
            ) from error

    # Begun again it goes on with what is left. Without an ID that could be another run, when this one came to its end.
    done = session.run(work, again=bool(run_id))
    if session.out.as_json:
        session.out.json(done.model_dump(mode="json"))
    else:
        print_reverted(session.out, done, "Done again" if redo else "Taken back")
    return FAILED if done.conflicts else 0
