"""Asks for the passphrase of an encrypted memory on the terminal. Given to the composition root by `session`."""

import getpass
from typing import Literal

from assistant.cli.output import Output
from assistant.cli.terminal import is_terminal
from assistant.domain.errors import VaultError
from assistant.domain.secret import Secret

ATTEMPTS = 3


class TerminalPassphrase:
    """A PassphraseSource; where nobody sits at a terminal it has nothing to give. What is typed is not shown."""

    def __init__(self, out: Output) -> None:
        self._out = out
        self._wrong = 0
        self._held: Secret | None = None

    @property
    def possible(self) -> bool:
        """Tell whether somebody sits at a terminal."""
        return is_terminal()

    async def passphrase(self, asked: Literal["known", "again", "new"]) -> Secret | None:
        """Ask on the terminal, once in a process; that blocks the loop, which has nothing else to do yet."""
        if not is_terminal():
            return None
        if asked == "new":
            self._held = self._chosen()
        elif asked == "again" or self._held is None:
            self._held = self._asked(asked == "again")
        return self._held

    def _asked(self, again: bool) -> Secret | None:
        if again:
            self._wrong += 1
            if self._wrong >= ATTEMPTS:
                return None
            self._out.note("That was not it.")
        return _typed("Passphrase of the encrypted memory: ")

    def _chosen(self) -> Secret | None:
        if self._held is None:
            self._out.note("This computer has no keyring for the key of the encrypted memory, so a passphrase will protect it.")
        self._out.note("Without it nobody can open the memory again: not you, and not Mneme.")
        first = _typed("New passphrase: ")
        if first and _typed("The same again: ") != first:
            raise VaultError("The two passphrases differ.", kept="Nothing was changed.", remedy="Try again.")
        return first


def _typed(prompt: str) -> Secret | None:
    try:
        return Secret(getpass.getpass(prompt).encode("utf-8", "surrogateescape")) or None
    except EOFError:
        return None
