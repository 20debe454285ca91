"""`mneme ask`: a cited answer, and how answers are shown; `demo` shows its answers the same way."""

import re
from typing import Any

import click

from assistant.api.views import Answer, Citation
from assistant.cli.output import Output, place
from assistant.cli.session import NOTHING_FOUND, Session, command
from assistant.cli.terminal import words

_LETTER = re.compile(r"[^\W\d_]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
QUOTE_LINES = 6


@click.command(short_help="Answer a question, with sources.")
@click.argument("text", callback=words)
@click.option("--secrets", is_flag=True, help="Also quote passages that hold keys, passwords, cards or documents.")
@command
def ask(session: Session, text: str, secrets: bool) -> int:
    """Answer the question TEXT from memory; every sentence carries its source."""
    answer = session.run(lambda assistant: assistant.ask(text, "cli", secrets), again=True)
    if session.out.as_json:
        session.out.json(answer_json(answer))
    else:
        print_answer(session.out, answer)
    return NOTHING_FOUND if answer.abstained else 0


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return the answer as scripts know it."""
    keys = {"n", "path", "line", "line_end", "page", "quote", "hash"}
    return {
        "answer": answer.answer,
        "abstained": answer.abstained,
        "claims": [{"text": claim.text, "citations": list(claim.citations)} for claim in answer.claims],
        "citations": [citation.model_dump(mode="json", include=keys) for citation in answer.citations],
        "took_ms": answer.took_ms,
    }


def print_answer(out: Output, answer: Answer) -> None:
    """Write the answer with [n] marks, then its sources; or that there is none, with the nearest evidence."""
    russian = _is_russian(answer.question)
    if answer.abstained:
        said = "В памяти нет ответа на этот вопрос." if russian else "Memory does not hold an answer to this question."
        out.say((answer.answer.strip() or said, "bold"))
        _print_sources(out, "Ближе всего:" if russian else "Nearest:", answer.nearest)
    else:
        _print_claims(out, answer)
        _print_sources(out, "Источники:" if russian else "Sources:", answer.citations)
        right = "Верно? mneme confirm «вопрос»" if russian else 'Right? mneme confirm "the question"'
        out.note((right, "dim"))
    for note in answer.notes:
        out.note((note, "dim"))


def _print_claims(out: Output, answer: Answer) -> None:
    """Write sentences as one paragraph; where one of them has lines of its own, each stands alone."""
    claims = [(claim.text.strip("\n"), "".join(f"[{n}]" for n in claim.citations)) for claim in answer.claims]
    if any("\n" in text for text, _ in claims):
        for text, marks in claims:
            out.say(text, (f" {marks}", "bold cyan"))
        return
    parts: list[str | tuple[str, str]] = []
    for text, marks in claims:
        parts += [text, (f" {marks} ", "bold cyan")]
    out.say(*parts)


def _print_sources(out: Output, heading: str, citations: tuple[Citation, ...]) -> None:
    if not citations:
        return
    out.say("")
    out.say((heading, "bold"))
    for citation in citations:
        changed = "" if citation.state == "verified" else f"  {citation.state}"
        held = "  holds " + ", ".join(citation.sensitive) if citation.sensitive else ""
        out.say((f"[{citation.n}] ", "bold cyan"), (place(citation), "cyan"), (changed + held, "yellow"))
        lines = citation.quote.strip("\n").splitlines()
        out.say("\n".join(lines[:QUOTE_LINES]) + (" …" if len(lines) > QUOTE_LINES else ""), indent=4)


def _is_russian(text: str) -> bool:
    return 2 * len(_CYRILLIC.findall(text)) > len(_LETTER.findall(text))
