"""`mneme encrypt` and `mneme decrypt`: what Mneme keeps on disk, unreadable without a key, or plain text again."""

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from assistant.api.contract import Assistant
from assistant.api.views import VerifyReport
from assistant.cli.output import count
from assistant.cli.session import FAILED, Session, command
from assistant.cli.terminal import is_terminal

if TYPE_CHECKING:
    from assistant.app.environment import Environment

STALLED_S = 60.0
"""How long the indexes may stay as they are before waiting for them is given up."""
POLL_S = 0.5
VAULTS = {"keyring": "the keyring of your system", "passphrase": "a file that your passphrase opens"}


@click.command(short_help="Encrypt what Mneme keeps on disk.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@command
def encrypt(session: Session, yes: bool) -> int:
    """Encrypt the memory: records, text, vectors and everything else that tells what you remember.

    The key is kept in your system's keyring, or behind a passphrase where there is none. The copy is compared row by row
    before it counts; killed in between, one whole memory is left. Your own files are not touched.
    """
    return _convert(session, True, yes)


@click.command(short_help="Keep the memory as plain text again.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@command
def decrypt(session: Session, yes: bool) -> int:
    """Undo `mneme encrypt`: the memory becomes plain text on disk, and its key is removed."""
    return _convert(session, False, yes)


def _convert(session: Session, encrypted: bool, yes: bool) -> int:
    session.interrupted = "Stopped. The memory is whole; run the same command again."
    question = "Encrypt everything Mneme keeps?" if encrypted else "Keep everything as plain text, which anybody can read?"
    if not yes and is_terminal() and not session.agreed(question):
        session.out.note("Nothing was changed.")
        return FAILED
    done = asyncio.run(session.doors.convert(session.environment, encrypted))
    out = session.out
    facts = {
        "encrypted": done.encrypted,
        "changed": done.changed,
        "rows": done.rows,
        "vault": done.vault,
        "setting": done.setting,
    }
    if not done.setting:
        value = str(encrypted).lower()
        out.note(f"Set security.encrypt_at_rest = {value} in your settings, or MNEME_SECURITY__ENCRYPT_AT_REST={value}.")
    if not done.changed:
        if out.as_json:
            out.json(facts)
        else:
            out.say("The memory is encrypted already." if encrypted else "The memory is plain text already.")
        return 0
    session.environment = _as_now(session, encrypted)
    verified = session.run(_refilled)
    if out.as_json:
        out.json(facts | {"verify": verified.model_dump(mode="json")})
    elif encrypted:
        out.say(("Encrypted", "green"), f": {count(done.rows, 'row')} copied and compared; the key is in {VAULTS[done.vault]}.")
        out.say("The plain files were overwritten and removed. An SSD, a snapshot or a backup may still hold what they were:")
        out.say("only an encrypted disk helps against that, and against what the system swaps out of memory.")
    else:
        out.say(("Plain text again", "green"), f": {count(done.rows, 'row')} copied and compared; the key was removed.")
    if not verified.ok:
        out.note("mneme: the indexes are still being filled from the records; `mneme verify` tells when they are.")
    return 0


def _as_now(session: Session, encrypted: bool) -> "Environment":
    settings = session.environment.settings
    security = settings.security.model_copy(update={"encrypt_at_rest": encrypted})
    return replace(session.environment, settings=settings.model_copy(update={"security": security}))


async def _refilled(assistant: Assistant) -> VerifyReport:
    """Wait until the text index and the vectors are made anew from the records."""
    moved, seen = time.monotonic(), -1
    while not (report := await assistant.verify()).ok:
        found = sum(one.found for one in report.comparisons)
        if found != seen or (await assistant.progress()).active:
            moved, seen = time.monotonic(), found
        if time.monotonic() - moved > STALLED_S:
            break
        await asyncio.sleep(POLL_S)
    return report
