"""Secrets in a file that a passphrase opens, for computers without a keyring. Built by `app`, used as SecretVault.

A key derived from the passphrase (Argon2id) wraps a random one, which seals the entries (AES-256-GCM): the passphrase can
be changed without touching what the entries protect.
"""

import asyncio
import base64
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from assistant.domain.errors import DamagedError, StorageError, VaultError
from assistant.domain.secret import Secret
from assistant.ports.system import PassphraseSource

T = TypeVar("T")

LAYOUT = 1
KEY_BYTES, NONCE_BYTES, SALT_BYTES = 32, 12, 16
COST = {"memory_kib": 65536, "passes": 3, "lanes": 4}
"""RFC 9106, second recommended choice: a quarter of a second here, and dear on graphics cards."""
MOST_MEMORY_KIB, MOST_PASSES, MOST_LANES = 1 << 20, 20, 16
WRAP, ENTRIES = b"mneme vault key", b"mneme vault entries"

Tree = dict[str, Any]


class PassphraseVault:
    """A SecretVault in `file`; `source` is asked for the passphrase when it is first needed."""

    kind = "passphrase"

    def __init__(self, file: Path, source: PassphraseSource) -> None:
        self._file = file
        self._source = source
        self._key: bytes | None = None
        self._guard = asyncio.Lock()

    @property
    def exists(self) -> bool:
        """Tell whether there is such a vault already."""
        return self._file.exists()

    async def get(self, name: str) -> Secret | None:
        """Return a secret, None when there is none of this name; a vault that does not exist holds none."""
        async with self._guard:
            if not self.exists:
                return None
            value = self._entries(*await self._open()).get(name)
            return None if value is None else Secret(base64.b64decode(value))

    async def put(self, name: str, secret: Secret) -> None:
        """Keep a secret; the first one asks for a new passphrase."""
        async with self._guard:
            tree, key = await self._open() if self.exists else await self._create()
            value = base64.b64encode(secret.reveal()).decode()
            self._write(tree, key, self._entries(tree, key) | {name: value})

    async def delete(self, name: str) -> None:
        """Remove a secret; an unknown name is ignored."""
        async with self._guard:
            if self.exists:
                tree, key = await self._open()
                self._write(tree, key, {held: value for held, value in self._entries(tree, key).items() if held != name})

    async def change(self) -> None:
        """Take a new passphrase in place of the old one; every secret stays what it is. Raises VaultError."""
        async with self._guard:
            self._key = None
            tree, key = await self._open()
            fresh = _given(await self._source.passphrase("new"))
            self._write(await asyncio.to_thread(_wrapped, key, fresh), key, self._entries(tree, key))

    async def _open(self) -> tuple[Tree, bytes]:
        tree = self._read()
        if self._key is None:
            asked = _given(await self._source.passphrase("known"))
            while (key := await asyncio.to_thread(_unwrapped, tree, asked)) is None:
                again = await self._source.passphrase("again")
                if not again:
                    raise VaultError(
                        "The passphrase is wrong.",
                        kept="Nothing was changed.",
                        remedy="Try again; there is no way into this memory without it.",
                    )
                asked = again
            self._key = key
        return tree, self._key

    async def _create(self) -> tuple[Tree, bytes]:
        passphrase = _given(await self._source.passphrase("new"))
        self._key = key = secrets.token_bytes(KEY_BYTES)
        tree = await asyncio.to_thread(_wrapped, key, passphrase)
        return tree | {"entries": _sealed(key, b"{}", ENTRIES)}, key

    def _read(self) -> Tree:
        return _understood(self._file, lambda: _checked(cast(Tree, json.loads(self._file.read_bytes()))))

    def _entries(self, tree: Tree, key: bytes) -> dict[str, str]:
        held = _understood(self._file, lambda: _unsealed(key, str(tree["entries"]), ENTRIES))
        if held is None:
            raise _damaged(self._file)
        return cast(dict[str, str], json.loads(held))

    def _write(self, tree: Tree, key: bytes, entries: dict[str, str]) -> None:
        content = json.dumps({**tree, "entries": _sealed(key, json.dumps(entries).encode(), ENTRIES)})
        partial = self._file.with_name(self._file.name + ".part")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            partial.unlink(missing_ok=True)
            partial.touch(mode=0o600)
            with partial.open("w", encoding="utf-8") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self._file)
        except OSError as error:
            raise StorageError(
                f"The vault {self._file} cannot be written ({error.strerror}).",
                kept="Nothing was changed.",
                remedy="Free some space, or give yourself the right to write there.",
            ) from error


def _given(passphrase: Secret | None) -> Secret:
    if not passphrase:
        raise VaultError(
            "A passphrase is needed to open the encrypted memory, and none was given.",
            kept="Nothing was changed.",
            remedy="Type it where Mneme asks for it, or set MNEME_PASSPHRASE where there is no terminal.",
        )
    return passphrase


def _damaged(file: Path) -> DamagedError:
    return DamagedError(
        f"The vault {file} is damaged: it is not what Mneme wrote.",
        kept="It was left as it is.",
        remedy="Put it back from your backup: the memory cannot be opened without it.",
    )


def _understood(file: Path, work: Callable[[], T]) -> T:
    try:
        return work()
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(file) from error
    except OSError as error:
        raise StorageError(
            f"The vault {file} cannot be read ({error.strerror}).",
            kept="Nothing was changed.",
            remedy="Give yourself the right to read it.",
        ) from error


def _checked(tree: Tree) -> Tree:
    """Refuse what would cost more memory or time than Mneme ever asks for, before it is tried."""
    kdf = tree["kdf"]
    fits = 8 <= kdf["memory_kib"] <= MOST_MEMORY_KIB and 1 <= kdf["passes"] <= MOST_PASSES and 1 <= kdf["lanes"] <= MOST_LANES
    if tree["layout"] != LAYOUT or kdf["name"] != "argon2id" or not fits or len(bytes.fromhex(kdf["salt"])) < SALT_BYTES:
        raise ValueError("unknown layout")
    return tree


def _derived(kdf: Tree, passphrase: Secret) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    salt = bytes.fromhex(kdf["salt"])
    asked = Argon2id(salt=salt, length=KEY_BYTES, iterations=kdf["passes"], lanes=kdf["lanes"], memory_cost=kdf["memory_kib"])
    return asked.derive(passphrase.reveal())


def _wrapped(key: bytes, passphrase: Secret) -> Tree:
    kdf: Tree = {"name": "argon2id", "salt": secrets.token_hex(SALT_BYTES), **COST}
    return {"layout": LAYOUT, "kdf": kdf, "key": _sealed(_derived(kdf, passphrase), key, WRAP)}


def _unwrapped(tree: Tree, passphrase: Secret) -> bytes | None:
    return _unsealed(_derived(tree["kdf"], passphrase), str(tree["key"]), WRAP)


def _sealed(key: bytes, plain: bytes, about: bytes) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(NONCE_BYTES)
    return (nonce + AESGCM(key).encrypt(nonce, plain, about)).hex()


def _unsealed(key: bytes, text: str, about: bytes) -> bytes | None:
    """Return what was sealed, None for another key or a changed text."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    raw = bytes.fromhex(text)
    try:
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], about)
    except InvalidTag:
        return None
