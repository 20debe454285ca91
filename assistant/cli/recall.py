"""`mneme recall`: search memory."""

from typing import get_args

import click

from assistant.api.views import Hit, Modality, RecallQuery, RecallResult, Signals
from assistant.cli.output import Output, count, place
from assistant.cli.session import NOTHING_FOUND, Session, command
from assistant.cli.terminal import words

SNIPPET_LINES = 4
ALSO = 3
"""Places of equal passages that are named; a log that repeats itself has thousands."""
MODALITIES: tuple[str, ...] = get_args(Modality)


def _modalities(_: click.Context, __: click.Parameter, value: str) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    for part in wanted:
        if part not in MODALITIES:
            raise click.BadParameter(f"{part!r} is not one of {', '.join(MODALITIES)}.")
    return wanted


@click.command(short_help="Find passages, best first.")
@click.argument("text", callback=words)
@click.option("-k", "k", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many passages at most.")
@click.option("--modality", callback=_modalities, default="", metavar="LIST", help="Only these kinds: text,code.")
@click.option("--file-hint", "hints", multiple=True, metavar="GLOB", help="Prefer files like this; can be repeated.")
@click.option("--secrets", is_flag=True, help="Show keys, passwords, cards and documents instead of hiding them.")
@command
def recall(session: Session, text: str, k: int, modality: tuple[Modality, ...], hints: tuple[str, ...], secrets: bool) -> int:
    """Find passages about TEXT, best first, with the parts of each score."""
    query = RecallQuery(text=text, k=k, modality=modality, signals=Signals(file_hints=hints), secrets=secrets)
    result = session.run(lambda assistant: assistant.recall(query, "cli"), again=True)
    if session.out.as_json:
        session.out.json(result.model_dump(mode="json"))
    else:
        _print(session.out, result)
    return 0 if result.items else NOTHING_FOUND


def _print(out: Output, result: RecallResult) -> None:
    for number, hit in enumerate(result.items, 1):
        _print_hit(out, number, hit)
    if not result.items:
        out.note("Nothing found.")
    for note in result.notes:
        out.note((note, "dim"))
    if result.items:
        out.note((f"{count(len(result.items), 'passage')} in {result.took_ms:.0f} ms", "dim"))


def _print_hit(out: Output, number: int, hit: Hit) -> None:
    changed = "  source changed" if hit.source_changed else ""
    out.say(f"{number}. ", (place(hit.cite), "cyan"), (f"  {hit.score:.3f}", "bold"), (changed, "yellow"))
    parts = hit.parts
    dense = "off" if parts.dense is None else f"{parts.dense:.2f}"
    figures = f"dense {dense} · text {parts.sparse:.2f} · recency {parts.recency:.2f} · quality {parts.source_quality:.2f}"
    out.say((figures, "dim"), indent=3)
    if hit.sensitive:
        out.say(("holds " + ", ".join(hit.sensitive), "yellow"), indent=3)
    if hit.scope:
        out.say((hit.scope, "dim"), indent=3)
    lines = hit.snippet.strip("\n").splitlines()
    out.say("\n".join(lines[:SNIPPET_LINES]) + (" …" if len(lines) > SNIPPET_LINES else ""), indent=3)
    others = list(dict.fromkeys(place(other) for other in hit.also))
    for other in others[:ALSO]:
        out.say((f"also in {other}", "dim"), indent=3)
    if len(others) > ALSO:
        out.say((f"also in {count(len(others) - ALSO, 'more place')}", "dim"), indent=3)
    out.say("")
