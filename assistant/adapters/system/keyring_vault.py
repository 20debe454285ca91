"""Secrets in the operating system's own keyring. Built by `app`, used as SecretVault.

The backend is named here, never looked up: a setting or variable of the `keyring` package that points at a file in plain
text, at nothing, or at a chain with such a link in it has no effect on Mneme.
"""

import asyncio
import base64
import binascii
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from assistant.domain.errors import MnemeError, VaultError
from assistant.domain.secret import Secret

T = TypeVar("T")

SERVICE = "mneme"
ANSWER_SECONDS = 120.0
"""How long a keyring may take: it may be asking a person to unlock it."""
REAL = frozenset(
    {
        ("keyring.backends.SecretService", "Keyring"),
        ("keyring.backends.libsecret", "Keyring"),
        ("keyring.backends.kwallet", "DBusKeyring"),
        ("keyring.backends.macOS", "Keyring"),
        ("keyring.backends.Windows", "WinVaultKeyring"),
    }
)
"""Backends whose secrets the system protects; whatever is not named here is refused."""


def system_backend() -> Any:
    """Return this system's keyring; raises VaultError when there is none that works."""
    reasons: list[str] = []
    for kind in _kinds():
        try:
            if kind.priority > 0:
                return kind()
        except Exception as error:  # each backend has errors of its own for "not here"
            reasons.append(str(error))
    raise VaultError(
        f"There is no keyring on this computer that Mneme can use ({'; '.join(filter(None, reasons)) or 'none is installed'}).",
        kept="Nothing was written in plain text.",
        remedy="Log in to a desktop with a keyring, or use a passphrase: MNEME_PASSPHRASE, or the terminal of `mneme`.",
    )


def _kinds() -> list[Any]:
    if sys.platform == "darwin":
        from keyring.backends import macOS

        return [macOS.Keyring]
    if sys.platform == "win32":
        from keyring.backends import Windows

        return [Windows.WinVaultKeyring]
    from keyring.backends import SecretService, kwallet

    return [SecretService.Keyring, kwallet.DBusKeyring]


def refuse_unreal(backend: Any) -> None:
    """Raise VaultError for a backend that the system does not protect."""
    kind = type(backend)
    if (kind.__module__, kind.__name__) not in REAL:
        raise VaultError(
            f"The keyring {kind.__module__}.{kind.__name__} does not protect what it keeps.",
            kept="Nothing was given to it.",
            remedy="Use the keyring of your desktop, or a passphrase.",
        )


class KeyringVault:
    """A SecretVault over one keyring backend; `check` tells whether the backend may be used at all."""

    kind = "keyring"

    def __init__(
        self,
        backend: Callable[[], Any] = system_backend,
        check: Callable[[Any], None] = refuse_unreal,
        seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._find = backend
        self._check = check
        self._seconds = seconds
        self._backend: Any = None

    async def probe(self) -> None:
        """Find the keyring; raises VaultError when there is none that may be used."""
        await self._ask(self._ready)

    async def get(self, name: str) -> Secret | None:
        """Return a secret, None when there is none of this name."""
        found = await self._ask(lambda: self._ready().get_password(SERVICE, name))
        if found is None:
            return None
        try:
            return Secret(base64.b64decode(found, validate=True))
        except (binascii.Error, ValueError):
            raise VaultError(
                f"The entry {name} of the keyring was not written by Mneme.",
                kept="It was left as it is.",
                remedy="Put back the entry that Mneme made.",
            ) from None

    async def put(self, name: str, secret: Secret) -> None:
        """Keep a secret and read it back: some keyrings drop what they cannot keep without a word."""
        value = base64.b64encode(secret.reveal()).decode()
        await self._ask(lambda: self._ready().set_password(SERVICE, name, value))
        if await self.get(name) != secret:
            raise VaultError("The keyring did not keep the key.", kept="Nothing was changed.", remedy="Use a passphrase.")

    async def delete(self, name: str) -> None:
        """Remove a secret; an unknown name is ignored."""

        def work() -> None:
            backend = self._ready()
            if backend.get_password(SERVICE, name) is not None:
                backend.delete_password(SERVICE, name)

        await self._ask(work)

    def _ready(self) -> Any:
        if self._backend is None:
            backend = self._find()
            self._check(backend)
            self._backend = backend
        return self._backend

    async def _ask(self, work: Callable[[], T]) -> T:
        """Run a call of the keyring on a thread of its own that nobody has to wait for when it never answers."""
        answer: Future[T] = Future()

        def run() -> None:
            answer.set_running_or_notify_cancel()
            try:
                answer.set_result(work())
            except BaseException as error:
                answer.set_exception(error)

        threading.Thread(target=run, name="keyring", daemon=True).start()
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.wrap_future(answer)
        except TimeoutError as error:
            raise VaultError(
                "The keyring does not answer.",
                kept="Nothing was changed.",
                remedy="Unlock it, or log in to the desktop again, and try once more.",
            ) from error
        except MnemeError:
            raise
        except Exception as error:
            raise VaultError(
                f"The keyring refuses ({type(error).__name__}).",
                kept="Nothing was changed and nothing was written in plain text.",
                remedy="Unlock the keyring of your desktop and try again.",
            ) from error
