"""The API key of the Qdrant server, from the vault. Called by whatever opens stores, when a server is one of them."""

from assistant.app.environment import Environment
from assistant.app.sealing import vault_of
from assistant.domain.errors import VaultError
from assistant.domain.secret import Secret

SERVER_KEY = "qdrant"
"""Its name in the vault."""


async def server_key(env: Environment) -> Secret | None:
    """Return the key; None where there is none or no vault: many servers at home ask for none, the others say so."""
    try:
        vault = await vault_of(env, env.settings.security.vault)
        key = await vault.get(SERVER_KEY)
    except VaultError:
        return None
    if key is not None:
        env.redactor.know(key)
    return key
