"""What a person does to the vault: another passphrase, the key of the Qdrant server. Called by the command line."""

from typing import Literal

from assistant.adapters.system.passphrase_vault import PassphraseVault
from assistant.app.environment import Environment
from assistant.app.holding import holding
from assistant.app.permitted import permitted
from assistant.app.sealing import VAULT_FILE, unlocked, vault_of
from assistant.app.server_key import SERVER_KEY
from assistant.domain.errors import VaultError
from assistant.domain.secret import Secret

Kept = Literal["qdrant"]
"""Secrets that a person may put into the vault."""

NAMES: dict[Kept, str] = {"qdrant": SERVER_KEY}


async def change_passphrase(env: Environment) -> None:
    """Let another passphrase open the vault; all that it protects stays as it is.

    Raises VaultError (no vault, a wrong passphrase: nothing is changed), InUseError, PolicyDeniedError and StorageError.
    """
    file = env.places.data / VAULT_FILE
    with holding(env):
        if not file.exists():
            raise VaultError(
                "There is no passphrase to change: no vault on this computer is opened by one.",
                kept="Nothing was changed.",
                remedy="The keyring of your system has a password of its own.",
            )
        await permitted(env, "vault.passphrase", await unlocked(env))
        await PassphraseVault(file, env.passphrases.to_change()).change()


async def keep_secret(env: Environment, name: Kept, secret: Secret | None) -> str:
    """Put a secret into the vault, or remove it (None); return the kind of vault.

    Raises VaultError, InUseError, PolicyDeniedError and StorageError.
    """
    if secret is not None:
        env.redactor.know(secret)
    with holding(env):
        await permitted(env, "vault.keep" if secret is not None else "vault.remove", await unlocked(env))
        vault = await vault_of(env, env.settings.security.vault)
        if secret is None:
            await vault.delete(NAMES[name])
        else:
            await vault.put(NAMES[name], secret)
        return vault.kind
