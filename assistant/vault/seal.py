"""The seal of an encrypted memory: a small file that says which key opens it and where that is kept. Used by `app`.

It holds no secret. A memory with a seal is encrypted as a whole, one without is plain text as a whole.
"""

import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from assistant.domain.errors import DamagedError, VaultError
from assistant.domain.secret import Secret
from assistant.vault.keys import KEY_BYTES, MemoryKey

SEAL = "seal.json"
LAYOUT = 1
CHECK = "seal check"


@dataclass(frozen=True, slots=True)
class Seal:
    """`key` names the key in the vault, `vault` is the kind of vault, `check` proves a key without giving it away."""

    key: str
    vault: str
    check: str
    layout: int = LAYOUT


def new_seal(key: MemoryKey, vault: str) -> Seal:
    """Return the seal for a new key that will be kept in this kind of vault under the name the seal gives."""
    name = f"memory-{secrets.token_hex(8)}"
    return Seal(key=name, vault=vault, check=_check(key, name))


def opened_seal(seal: Seal, secret: Secret | None) -> MemoryKey:
    """Return the key when it is the one of this seal; raises VaultError."""
    if secret is None:
        raise VaultError(
            f"The key of this memory is not in the {seal.vault} of this user.",
            kept="Nothing was changed; the memory stays encrypted.",
            remedy="Put the entry back from where it was made, or move the memory away and add your folders again.",
        )
    key = MemoryKey(secret)
    if len(secret.reveal()) != KEY_BYTES or not hmac.compare_digest(_check(key, seal.key), seal.check):
        raise VaultError(
            f"The key in the {seal.vault} does not belong to this memory.",
            kept="Nothing was changed; the memory stays encrypted.",
            remedy="Put back the memory and the key that belong together.",
        )
    return key


def read_seal(folder: Path) -> Seal | None:
    """Return the seal of a memory, None when it has none; raises DamagedError and VaultError (a newer one)."""
    try:
        text = (folder / SEAL).read_bytes()
    except FileNotFoundError:
        return None
    try:
        found = cast(dict[str, Any], json.loads(text))
        seal = Seal(str(found["key"]), str(found["vault"]), str(found["check"]), int(found["layout"]))
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedError(
            f"The seal {folder / SEAL} of this encrypted memory cannot be read.",
            kept="Nothing was changed.",
            remedy="Put it back from your backup: without it the memory cannot be opened.",
        ) from error
    if seal.layout != LAYOUT:
        raise VaultError("This memory was encrypted by a newer Mneme.", kept="Nothing was changed.", remedy="Use that one.")
    return seal


def write_seal(folder: Path, seal: Seal) -> None:
    """Write the seal in one step that survives a power cut; raises OSError."""
    partial = folder / f"{SEAL}.part"
    partial.touch(mode=0o600)
    with partial.open("w", encoding="utf-8") as file:
        json.dump(asdict(seal), file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(folder / SEAL)


def _check(key: MemoryKey, name: str) -> str:
    return hmac.new(key.derive(CHECK).reveal(), name.encode(), "sha256").hexdigest()[:32]
