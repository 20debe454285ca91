"""`mneme do`: plan, preview, approval, execution."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from assistant.api.contract import Assistant
from assistant.api.views import Proposal, Run
from assistant.cli.output import Output
from assistant.cli.plans import print_proposal, print_run
from assistant.cli.session import DENIED, FAILED, NOTHING_FOUND, Session, command
from assistant.cli.terminal import agreed, is_terminal, typed, words
from assistant.cli.visible import visible
from assistant.domain.errors import InUseError

ORIGIN = "cli"
UNSEEN = "cli.yes"
UNCLEAR = 2
BEGUN = "Stopped. What was begun can be finished or taken back: mneme log --runs."
ENDS = {"ready": 0, "ended": 0, "question": UNCLEAR, "unsupported": NOTHING_FOUND, "nothing": NOTHING_FOUND, "denied": DENIED}


@dataclass(frozen=True, slots=True)
class Wish:
    """How a request is to be dealt with."""

    request: str
    context: Sequence[str]
    answers: Sequence[str]
    dry_run: bool
    yes: bool
    digest: str

    @property
    def origin(self) -> str:
        """The door: agreeing beforehand is another one than agreeing to what was seen."""
        return UNSEEN if self.yes and not self.digest else ORIGIN


@click.command("do", short_help="Act: plan, preview, ask, execute.")
@click.argument("request", callback=words)
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
@click.option("-y", "--yes", is_flag=True, help="Agree beforehand; not enough where file contents decide what happens where.")
@click.option("--approve", "digest", default="", metavar="DIGEST", help="Agree to the preview of this digest (see --dry-run).")
@click.option(
    "--in", "context", multiple=True, metavar="PATH", help="What “here” and “these files” mean; else the current folder."
)
@click.option("--answer", "answers", multiple=True, metavar="TEXT", help="Answer what is asked back, in order.")
@command
def do(
    session: Session, request: str, dry_run: bool, yes: bool, digest: str, context: tuple[str, ...], answers: tuple[str, ...]
) -> int:
    """Do what REQUEST says, in English or Russian. Nothing changes before you have seen it and agreed.

    Everything that was done can be taken back: mneme undo.
    """
    about = [str(Path(path).absolute()) for path in context] or [str(Path.cwd())]
    wish = Wish(request, about, answers, dry_run, yes, digest)
    return session.run(Doing(session, wish), again=True)


class Doing:
    """One request, through whichever Mneme holds the memory: one that closes in the middle is followed by the next.

    What a person said is kept: answers, and the preview they agreed to, so that only another preview asks them again.
    """

    def __init__(self, session: Session, wish: Wish) -> None:
        self._session, self._out, self._wish = session, session.out, wish
        self._answers = list(wish.answers)
        self._agreed = wish.digest
        self._proposal: Proposal | None = None
        self._run = ""
        self._first, self._again = True, False
        self._since = datetime.now(UTC)
        session.interrupted = "Stopped. Nothing was done."

    async def __call__(self, assistant: Assistant) -> int:
        """Go on from where the Mneme before closed, if there was one."""
        if not self._first and not self._run:
            self._run = await self._begun(assistant)
        self._first = False
        if not self._run:
            code = await self._up_to_the_run(assistant)
            if code is not None:
                return code
        return await self._to_its_end(assistant)

    async def _up_to_the_run(self, assistant: Assistant) -> int | None:
        """Plan, ask and begin; return the exit code where that is all there is to do."""
        self._again = self._again or self._proposal is not None
        self._proposal = None
        proposal = await self._planned(assistant)
        if self._again:
            self._out.note("mneme: The Mneme that held the memory has closed; this was planned again.")
        again, self._again = self._again, False
        self._proposal, self._run = proposal, proposal.run
        if self._run:
            return None
        if self._wish.dry_run or proposal.state != "ready":
            if proposal.state != "ended":
                await _denied(assistant, proposal)
            return _shown(self._out, proposal)
        seen = proposal.preview.digest if proposal.preview else ""
        if not self._wish.yes and not self._wish.digest and self._agreed != seen:
            if again and self._agreed:
                self._out.note("mneme: It would not be the same any more as what you agreed to.")
            if not await _agreed(self._out, proposal):
                await _denied(assistant, proposal)
                self._out.note("Nothing was done.")
                return DENIED
            self._agreed = seen
        self._session.interrupted = BEGUN
        self._run = (await assistant.acting.approve(proposal.id, self._wish.digest or seen, self._wish.origin)).id
        return None

    async def _begun(self, assistant: Assistant) -> str:
        """Return the run that began though nobody was told: by an approval, or at once by a standing permission; else ""."""
        for run in await assistant.history.runs():
            at_once = self._proposal is None and run.plan.request == self._wish.request and run.began >= self._since
            if at_once or (self._proposal is not None and run.plan.id == self._proposal.id):
                return run.id
        return ""

    async def _to_its_end(self, assistant: Assistant) -> int:
        self._session.interrupted = BEGUN
        try:
            run = await assistant.history.ended(self._run)
        except asyncio.CancelledError:
            self._session.interrupted = "Stopped. What was done is taken back: mneme log --runs tells how it ended."
            await assistant.acting.cancel(self._run)
            raise
        return _ended(self._out, self._proposal, run)

    async def _planned(self, assistant: Assistant) -> Proposal:
        """Return the plan, once all that was asked back is answered or nobody answers."""
        given = 0
        proposal = await assistant.acting.plan(self._wish.request, ORIGIN, self._wish.context)
        while proposal.state == "question" and proposal.question is not None:
            if given == len(self._answers) and is_terminal() and not self._out.as_json:
                choices = [f"  {n}. {visible(label)}" for n, (_, label) in enumerate(proposal.question.choices, 1)]
                said = await typed(self._out, "\n".join([proposal.question.text, *choices]))
                self._answers.append(_chosen(said, proposal))
            if given == len(self._answers) or not self._answers[given].strip():
                break
            proposal = await assistant.acting.answer(proposal.id, self._answers[given])
            given += 1
        return proposal


async def _denied(assistant: Assistant, proposal: Proposal) -> None:
    """Withdraw a plan; it went with the Mneme that made it where that has closed."""
    with contextlib.suppress(InUseError):
        await assistant.acting.deny(proposal.id, ORIGIN)


def _chosen(said: str, proposal: Proposal) -> str:
    """Return the value behind the number of a choice, else what was typed."""
    assert proposal.question is not None
    choices = proposal.question.choices
    return choices[int(said) - 1][0] if said.isdecimal() and 1 <= int(said) <= len(choices) else said


async def _agreed(out: Output, proposal: Proposal) -> bool:
    _shown(out, proposal)
    if out.as_json or not is_terminal():
        out.note("Nobody is here to agree: look at it, then use --yes, or --approve with its digest.")
        return False
    return await agreed(out, "Do this?")


def _shown(out: Output, proposal: Proposal) -> int:
    if out.as_json:
        out.json({"proposal": proposal.model_dump(mode="json"), "run": None})
    else:
        print_proposal(out, proposal)
    return ENDS.get(proposal.state, FAILED)


def _ended(out: Output, proposal: Proposal | None, run: Run) -> int:
    if out.as_json:
        planned = proposal.model_dump(mode="json") if proposal else None  # not known where its answer was cut off
        out.json({"proposal": planned, "run": run.model_dump(mode="json")})
    else:
        print_run(out, run)
    return 0 if run.state == "done" else FAILED
