"""`mneme models use | compare | rollback | drop`: which model answers. Added to `mneme models`."""

import asyncio

import click

from assistant.api.contract import Assistant
from assistant.api.views import SpaceRecord
from assistant.cli.output import Output, count
from assistant.cli.session import FAILED, Session, command
from assistant.domain.errors import ModelError

POLL_S = 0.5
SHOWN = ("recall@20", "ndcg@10", "mrr@10", "query_p50_ms", "query_p95_ms", "questions")
STYLES = {"active": "green", "building": "yellow", "ready": "cyan", "kept": "dim", "failed": "red"}


@click.command()
@click.argument("model_id", metavar="ID")
@click.option("--anyway", is_flag=True, help="Let it answer though it did worse on the golden sets.")
@command
def use(session: Session, model_id: str, anyway: bool) -> int:
    """Prepare the model ID beside the one that answers, and let it take over when it does no worse on the golden sets.

    Asking goes on all the while. Stopped half-way, the work goes on at the next start of Mneme.
    """
    session.interrupted = "Stopped. The model before answers; the preparation goes on when Mneme runs again."

    async def work(assistant: Assistant) -> SpaceRecord:
        if anyway:
            return await assistant.spaces.switch(model_id)
        began = await assistant.spaces.start(model_id)
        return await _watched(assistant, began, session.out)

    done = session.run(work)
    if session.out.as_json:
        session.out.json(done.model_dump(mode="json"))
    elif done.state == "active":
        session.out.say((model_id, "bold"), " answers now. `mneme models rollback` goes back.")
    else:
        session.out.note(("mneme: ", "bold red"), f"{model_id} does not answer: {done.reason}.")
        if done.state == "ready":
            session.out.note(
                f"`mneme models compare` shows the figures; `mneme models use {model_id} --anyway` takes it all the same."
            )
    return 0 if done.state == "active" else FAILED


async def _watched(assistant: Assistant, space: SpaceRecord, out: Output) -> SpaceRecord:
    """Follow a preparation to its end, telling how far it is; works through an open window as well."""
    told = -1
    while space.state == "building" or (space.state == "ready" and not space.reason):
        tenth = 10 * space.done // space.total if space.total else 0
        if tenth != told:
            told = tenth
            out.note((f"{space.model_id}: {space.done:,} of {count(space.total, 'chunk')} embedded", "dim"))
        await asyncio.sleep(POLL_S)
        found = [one for one in await assistant.spaces.all() if one.model == space.model]
        if not found:
            raise ModelError(f"The preparation of {space.model_id} was ended.", kept="The model before answers.")
        space = found[0]
    return space


@click.command()
@command
def compare(session: Session) -> int:
    """Show the models side by side: golden sets, latency, counts. Measures what was not measured yet."""
    spaces = session.run(lambda assistant: assistant.spaces.compare(), again=True).spaces
    out = session.out
    if out.as_json:
        out.json([one.model_dump(mode="json") for one in spaces])
        return 0
    for one in spaces:
        out.say((one.model, "bold"), (f"  {one.state}", STYLES[one.state]), f"  {one.done:,} of {one.total:,} vectors")
        if one.reason:
            out.say((one.reason, "yellow"), indent=2)
    names = [f"{group}.{name}" for group in ("golden", "mine") for name in SHOWN]
    for name in names:
        values = [one.figures.get(name) for one in spaces]
        if any(value is not None for value in values):
            out.say(f"{name:<22}" + "".join(f"{'' if value is None else f'{value:.3f}':>12}" for value in values), indent=2)
    if not spaces:
        out.say("No model is in use.")
    return 0


@click.command()
@command
def rollback(session: Session) -> int:
    """Let the model answer that answered before, at once."""
    done = session.run(lambda assistant: assistant.spaces.rollback())
    if session.out.as_json:
        session.out.json(done.model_dump(mode="json"))
    else:
        session.out.say((done.model_id, "bold"), " answers again.")
    return 0


@click.command()
@click.argument("model_id", metavar="ID")
@command
def drop(session: Session, model_id: str) -> int:
    """Delete the vectors of the model ID, or end its preparation; not of the one that answers."""
    session.run(lambda assistant: assistant.spaces.drop(model_id))
    if session.out.as_json:
        session.out.json({"id": model_id, "dropped": True})
    else:
        session.out.say("The vectors of ", (model_id, "bold"), " were deleted.")
    return 0
