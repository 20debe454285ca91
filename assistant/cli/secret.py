"""`mneme passphrase` and `mneme secret`: what opens the vault, and what a person keeps in it."""

import asyncio
import getpass
import sys
from typing import TYPE_CHECKING

import click

from assistant.cli.session import Session, command
from assistant.cli.terminal import is_terminal
from assistant.domain.errors import VaultError
from assistant.domain.secret import Secret

if TYPE_CHECKING:
    from assistant.app.keys import Kept

VAULTS = {"keyring": "the keyring of your system", "passphrase": "a file that your passphrase opens"}
LONGEST = 4096
NAME = click.Choice(["qdrant"])


@click.command("passphrase", short_help="Change the passphrase of the encrypted memory.")
@command
def passphrase(session: Session) -> int:
    """Change the passphrase that opens the encrypted memory; the memory itself is not written anew.

    Asks on the terminal. In a script MNEME_PASSPHRASE is the old one and MNEME_NEW_PASSPHRASE the new one. A wrong old one
    changes nothing. Copies of the file vault.json made before are still opened by the old one.
    """
    session.interrupted = "Stopped. The passphrase is the old one or the new one, never none."
    asyncio.run(session.doors.change_passphrase(session.environment))
    if session.out.as_json:
        session.out.json({"changed": True})
    else:
        session.out.say(("Changed", "green"), ": from now on the new passphrase opens the memory.")
    return 0


@click.group("secret", short_help="Keep the key of a server in the vault.")
def secret() -> None:
    """Put a secret that Mneme needs into the vault (the keyring, or behind your passphrase), or remove it.

    qdrant: the API key of the Qdrant server that the settings name.
    """


@secret.command("set", short_help="Put a secret into the vault.")
@click.argument("name", type=NAME)
@command
def keep(session: Session, name: "Kept") -> int:
    """Put a secret into the vault. It is typed without being shown, or read from the first line of standard input."""
    return _done(session, name, _given())


@secret.command("remove", short_help="Remove a secret from the vault.")
@click.argument("name", type=NAME)
@command
def remove(session: Session, name: "Kept") -> int:
    """Remove a secret from the vault; one that is not there is no failure."""
    return _done(session, name, None)


def _done(session: Session, name: "Kept", value: Secret | None) -> int:
    vault = asyncio.run(session.doors.keep_secret(session.environment, name, value))
    if session.out.as_json:
        session.out.json({"name": name, "kept": value is not None, "vault": vault})
    else:
        session.out.say(("Kept" if value is not None else "Removed", "green"), f": {name} in {VAULTS[vault]}.")
    return 0


def _given() -> Secret:
    """Return what is typed or piped in; never an argument, which every process on this computer can read."""
    try:
        text = getpass.getpass("Secret: ") if is_terminal() else sys.stdin.readline(LONGEST)
    except EOFError:
        text = ""
    if not text.strip():
        raise VaultError("No secret was given.", kept="Nothing was changed.", remedy="Type it, or pipe it in as one line.")
    return Secret(text.strip().encode("utf-8", "surrogateescape"))
