"""`mneme confirm`: this was right; the person's own golden set."""

import click

from assistant.api.contract import Assistant
from assistant.api.views import ConfirmedCase
from assistant.cli.output import count, name
from assistant.cli.session import NOTHING_FOUND, Session, command
from assistant.cli.terminal import words


@click.command(short_help="Keep that an answer was right.")
@click.argument("text", callback=words)
@click.option("-c", "--citation", "numbers", type=int, multiple=True, metavar="N", help="Only citation N was right (repeatable).")
@command
def confirm(session: Session, text: str, numbers: tuple[int, ...]) -> int:
    """Ask the question TEXT again and keep that its answer is right, for `mneme eval --mine` and for changes of the model.

    It is forgotten together with the files it cites.
    """

    async def work(assistant: Assistant) -> ConfirmedCase | None:
        answer = await assistant.ask(text, "cli")
        right = [one for one in answer.citations if not numbers or one.n in numbers]
        return await assistant.quality.confirm(text, right) if right else None

    case = session.run(work)
    if case is None:
        session.out.note("mneme: there is no such citation: nothing was kept.")
        return NOTHING_FOUND
    if session.out.as_json:
        session.out.json(case.model_dump(mode="json"))
    else:
        session.out.say("Kept as right, with ", count(len(case.places), "place"), ":")
        for place in case.places:
            session.out.say((name(place.path) + (f":{place.line}" if place.line else ""), "cyan"), indent=2)
    return 0
