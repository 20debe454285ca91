"""`mneme do`: plan, preview, approval, execution."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from assistant.api.contract import Assistant
from assistant.api.views import Proposal, Run
from assistant.cli.output import Output
from assistant.cli.plans import print_proposal, print_run
from assistant.cli.session import DENIED, FAILED, NOTHING_FOUND, Session, command
from assistant.cli.terminal import agreed, is_terminal, typed, words
from assistant.cli.visible import visible

ORIGIN = "cli"
UNSEEN = "cli.yes"
UNCLEAR = 2
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
    session.interrupted = "Stopped. What was begun can be finished or taken back: mneme log --runs."
    about = [str(Path(path).absolute()) for path in context] or [str(Path.cwd())]
    wish = Wish(request, about, answers, dry_run, yes, digest)
    return session.run(lambda assistant: _do(session.out, assistant, wish))


async def _do(out: Output, assistant: Assistant, wish: Wish) -> int:
    proposal = await _planned(out, assistant, wish)
    if proposal.run:
        return _ended(out, proposal, await assistant.history.ended(proposal.run))
    if wish.dry_run or proposal.state != "ready":
        if proposal.state != "ended":
            await assistant.acting.deny(proposal.id, ORIGIN)
        return _shown(out, proposal)
    if not wish.yes and not wish.digest and not _agreed(out, proposal):
        await assistant.acting.deny(proposal.id, ORIGIN)
        out.note("Nothing was done.")
        return DENIED
    seen = wish.digest or (proposal.preview.digest if proposal.preview else "")
    run = await assistant.acting.approve(proposal.id, seen, wish.origin)
    return _ended(out, proposal, await assistant.history.ended(run.id))


async def _planned(out: Output, assistant: Assistant, wish: Wish) -> Proposal:
    """Return the plan, once all that was asked back is answered or nobody answers."""
    answers = list(wish.answers)
    proposal = await assistant.acting.plan(wish.request, ORIGIN, wish.context)
    while proposal.state == "question" and proposal.question is not None:
        if answers:
            said = answers.pop(0)
        elif is_terminal() and not out.as_json:
            choices = [f"  {n}. {visible(label)}" for n, (_, label) in enumerate(proposal.question.choices, 1)]
            said = _chosen(typed(out, "\n".join([proposal.question.text, *choices])), proposal)
        else:
            break
        if not said.strip():
            break
        proposal = await assistant.acting.answer(proposal.id, said)
    return proposal


def _chosen(said: str, proposal: Proposal) -> str:
    """Return the value behind the number of a choice, else what was typed."""
    assert proposal.question is not None
    choices = proposal.question.choices
    return choices[int(said) - 1][0] if said.isdecimal() and 1 <= int(said) <= len(choices) else said


def _agreed(out: Output, proposal: Proposal) -> bool:
    _shown(out, proposal)
    if out.as_json or not is_terminal():
        out.note("Nobody is here to agree: look at it, then use --yes, or --approve with its digest.")
        return False
    return agreed(out, "Do this?")


def _shown(out: Output, proposal: Proposal) -> int:
    if out.as_json:
        out.json({"proposal": proposal.model_dump(mode="json"), "run": None})
    else:
        print_proposal(out, proposal)
    return ENDS.get(proposal.state, FAILED)


def _ended(out: Output, proposal: Proposal, run: Run) -> int:
    if out.as_json:
        out.json({"proposal": proposal.model_dump(mode="json"), "run": run.model_dump(mode="json")})
    else:
        print_run(out, run)
    return 0 if run.state == "done" else FAILED
