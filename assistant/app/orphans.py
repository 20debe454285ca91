"""Keys in the vault that no memory needs: left when a conversion was killed between the vault and the disk. Used by `app`.

A vault cannot be asked for everything in it, so the names of keys on trial are written down before the keys are.
"""

import contextlib
import json
from pathlib import Path
from typing import cast

from assistant.adapters.store.failures import guarded
from assistant.app.environment import Environment
from assistant.domain.errors import VaultError
from assistant.ports.system import SecretVault
from assistant.vault import read_seal

FILE = "vault.pending"
STORE = "list of keys on trial"
REMEDY = "Give Mneme the right to write in its data folder."


def on_trial(env: Environment, name: str) -> None:
    """Write down that this key may be left over; raises StorageError."""
    with guarded(STORE, REMEDY):
        env.places.data.mkdir(parents=True, exist_ok=True)
        _write(_file(env), [*_names(_file(env)), name])


async def sweep(env: Environment, vault: SecretVault) -> int:
    """Remove the keys on trial that the memory does not need; return how many. A refusing vault is asked again next time.

    Called when no conversion is under way.
    """
    names = _names(_file(env))
    if not names:
        return 0
    seal = read_seal(env.places.memory)
    removed = 0
    with contextlib.suppress(VaultError):
        for name in dict.fromkeys(names):
            if seal is None or seal.key != name:
                await vault.delete(name)
                removed += 1
        with guarded(STORE, REMEDY):
            _file(env).unlink(missing_ok=True)
    return removed


def _file(env: Environment) -> Path:
    return env.places.data / FILE


def _names(file: Path) -> list[str]:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return []
    return [name for name in cast(list[object], found) if isinstance(name, str)] if isinstance(found, list) else []


def _write(file: Path, names: list[str]) -> None:
    partial = file.with_name(file.name + ".part")
    partial.write_text(json.dumps(names), "utf-8")
    partial.replace(file)
