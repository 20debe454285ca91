"""`mneme demo`: the main job on the bundled corpus, in the terminal. `make run` starts it where there is no display."""

import asyncio
import time
from typing import Any

import click

from assistant.api.views import Answer, SourceView, Status
from assistant.cli.ask import answer_json, print_answer
from assistant.cli.output import Output, count, duration
from assistant.cli.paths import existing
from assistant.cli.session import NOTHING_FOUND, Session, command
from assistant.cli.watching import finished
from assistant.domain.document import SourceState

QUESTIONS = (
    "If I am called out while on call, when does my working time start?",
    "Почему туристов на перевале застала гроза?",
    "How many days of grace are there before a late fee is charged on an invoice?",
)


@click.command(short_help="See it work on bundled documents.")
@command
def demo(session: Session) -> int:
    """See it work: index the bundled documents, then ask in English, in Russian and about code.

    Uses a throw-away memory; yours is not touched.
    """
    session.interrupted = "Stopped. The throw-away memory is gone, yours was not touched."
    return asyncio.run(_show(session))


async def _show(session: Session) -> int:
    out = session.out
    corpus = existing(str(session.environment.resources / "golden" / "corpus"))
    answers: list[Answer] = []
    async with session.doors.throwaway(session.environment) as assistant:
        out.note(("Reading the bundled documents into a throw-away memory …", "dim"))
        began = time.monotonic()
        await assistant.ingest([corpus], "cli")
        sources = await finished(assistant, [corpus], out.errors)
        found = await assistant.status()
        if not out.as_json:
            _print_indexed(out, sources, found, time.monotonic() - began)
        for question in QUESTIONS:
            answers.append(await assistant.ask(question, "cli"))
            if not out.as_json:
                out.say("")
                out.say(("? ", "bold green"), (question, "bold green"))
                print_answer(out, answers[-1])
    if out.as_json:
        out.json({"totals": found.totals.model_dump(mode="json"), "answers": [_told(answer) for answer in answers]})
    else:
        _print_next(out, found)
    return NOTHING_FOUND if all(answer.abstained for answer in answers) else 0


def _told(answer: Answer) -> dict[str, Any]:
    return {"question": answer.question, **answer_json(answer)}


def _print_indexed(out: Output, sources: list[SourceView], found: Status, seconds: float) -> None:
    ready = sum(source.state is SourceState.READY for source in sources)
    failed = [source for source in sources if source.state is SourceState.FAILED]
    model = "text search only" if found.text_search_only else f"with {found.model}"
    out.say(
        ("Remembered ", "bold"),
        f"{count(ready, 'document')}, {count(found.totals.chunks, 'passage')} in {duration(seconds)}, {model}",
    )
    for source in failed:
        out.say(("Failed ", "bold red"), f"{source.path}: {source.reason}")


def _print_next(out: Output, found: Status) -> None:
    out.say("")
    out.say(("Go on with your own files:", "bold"))
    if found.text_search_only:
        out.say("mneme models install all-MiniLM-L6-v2", indent=2)
    for line in ("mneme add ~/Documents", 'mneme ask "…"', "mneme", "mneme --help"):
        out.say(line + ("                     opens the window" if line == "mneme" else ""), indent=2)
