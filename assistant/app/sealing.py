"""Whether a memory is encrypted, and the key that opens it. Called by `bootstrap` before any store is opened.

Nothing here ever falls back: a memory that should be encrypted and cannot be is not opened.
"""

import asyncio
from pathlib import Path

from assistant.adapters.store.edge_folder import sync_folder
from assistant.adapters.store.failures import guarded
from assistant.adapters.system.hardening import forbid_dumps
from assistant.adapters.system.keyring_vault import KeyringVault
from assistant.adapters.system.passphrase_vault import PassphraseVault
from assistant.app.conversion import settle
from assistant.app.environment import Environment
from assistant.app.orphans import on_trial, sweep
from assistant.app.profile import DENSE_PLACES, RECORDS, SEALED, SPARSE_PLACES
from assistant.domain.errors import ConfigError, VaultError
from assistant.ports.system import SecretVault
from assistant.vault import MemoryKey, Seal, new_seal, opened_seal, read_seal, write_seal

VAULT_FILE = "vault.json"
STORE = "seal of the memory"
REMEDY = "Put the file seal.json of the memory back from your backup."


async def unlocked(env: Environment) -> MemoryKey | None:
    """Return the key of the memory, made now for a new one, or None where the settings ask for plain text.

    A conversion that was cut off is finished or taken back first. Raises ConfigError when the memory is not kept as the
    settings say, and VaultError when its key cannot be had or its seal is gone.
    """
    folder, wanted = env.places.memory, env.settings.security.encrypt_at_rest
    await asyncio.to_thread(settle, folder)
    with guarded(STORE, REMEDY):
        seal = read_seal(folder)
    if seal is None and (folder / SEALED).is_dir():
        raise VaultError(
            "The seal of this encrypted memory (seal.json) is missing: nothing else tells which key opens it.",
            kept="Nothing was changed; the memory stays encrypted.",
            remedy=REMEDY,
        )
    if not wanted:
        if seal is not None:
            raise ConfigError(
                "This memory is encrypted, and the settings ask for plain text (security.encrypt_at_rest = false).",
                kept="Nothing was changed.",
                remedy="Set security.encrypt_at_rest to true, or run `mneme decrypt` to keep it as plain text.",
            )
        return None
    if seal is None and holds_plain(folder):
        raise ConfigError(
            "This memory is kept as plain text, and the settings ask for encryption (security.encrypt_at_rest = true).",
            kept="Nothing was changed.",
            remedy="Run `mneme encrypt` to convert it, or set security.encrypt_at_rest to false.",
        )
    forbid_dumps()
    return await recovered_key(env, seal) if seal is not None else await make_key(env, folder)


def holds_plain(folder: Path) -> bool:
    """Tell whether stores lie in a memory's folder; asked where there is no seal, so that they are plain text."""
    places = [RECORDS, *DENSE_PLACES.values(), *SPARSE_PLACES.values()]
    return any((folder / place).exists() for place in places) or any(folder.glob(f"{RECORDS}[-.]*"))


async def recovered_key(env: Environment, seal: Seal) -> MemoryKey:
    """Return the key that belongs to a seal; raises VaultError."""
    vault = await vault_of(env, seal.vault)
    key = opened_seal(seal, await vault.get(seal.key))
    env.redactor.know(key.root)
    await sweep(env, vault)
    return key


async def make_key(env: Environment, folder: Path) -> MemoryKey:
    """Make a key, keep it in the vault that the settings choose, and seal `folder` with it; raises VaultError."""
    vault = await vault_of(env, env.settings.security.vault)
    key = MemoryKey.fresh()
    env.redactor.know(key.root)
    seal = new_seal(key, vault.kind)
    on_trial(env, seal.key)
    await vault.put(seal.key, key.root)  # first: a key without a seal is forgotten easily, a seal without a key opens nothing
    _keep_seal(folder, seal)
    if folder == env.places.memory:  # the key of a conversion stays on trial until that counts
        await sweep(env, vault)
    return key


def _keep_seal(folder: Path, seal: Seal) -> None:
    with guarded(STORE, REMEDY):
        folder.mkdir(parents=True, exist_ok=True)
        write_seal(folder, seal)
        sync_folder(folder)


async def vault_of(env: Environment, kind: str) -> SecretVault:
    """Return the vault of this kind, ready to be asked; "auto" is the keyring, else a passphrase. Raises VaultError."""
    written = PassphraseVault(env.places.data / VAULT_FILE, env.passphrases)
    if kind == "passphrase":
        return written
    keyring = KeyringVault()
    try:
        await keyring.probe()
    except VaultError:
        if kind == "auto" and env.passphrases.possible:
            return written
        raise
    return keyring
