"""`mneme grants` and `mneme tools`: what may be done without asking, and what can be done at all."""

import click

from assistant.cli.output import Output, name
from assistant.cli.session import NOTHING_FOUND, Session, command


@click.command(short_help="List or revoke standing permissions.")
@click.option("--revoke", default="", metavar="ID", help="Take this permission back.")
@command
def grants(session: Session, revoke: str) -> int:
    """List what may be done without asking; such permissions come from “always” and end by themselves."""
    if revoke:
        session.run(lambda assistant: assistant.permissions.revoke(revoke))
    held = session.run(lambda assistant: assistant.permissions.grants(), again=True)
    if session.out.as_json:
        session.out.json([grant.model_dump(mode="json") for grant in held])
        return 0
    for grant in held:
        until = f" until {grant.expires.astimezone():%Y-%m-%d}" if grant.expires else ""
        session.out.say((f"{grant.id}  ", "dim"), (grant.tool, "bold"), f" in {name(grant.scope)}{until}")
    if not held:
        session.out.note("Mneme asks before everything that changes something.")
    return 0 if held or revoke else NOTHING_FOUND


@click.command(short_help="List what Mneme can do.")
@click.option("--language", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Language of the guides.")
@command
def tools(session: Session, language: str) -> int:
    """List the tools with their commands and example requests."""
    manifests = session.run(lambda assistant: assistant.permissions.tools(), again=True)
    if session.out.as_json:
        session.out.json([manifest.model_dump(mode="json") for manifest in manifests])
        return 0
    for manifest in manifests:
        for spec in manifest.commands:
            session.out.say((f"{manifest.name}.{spec.name}", "bold"), f"  {spec.guide.title.get(language, '')}")
            _examples(session.out, spec.guide.examples.get(language, ()))
    return 0


def _examples(out: Output, examples: tuple[str, ...]) -> None:
    for example in examples[:2]:
        out.say((f"mneme do “{example}”", "dim"), indent=4)
