"""`mneme encrypt` and `mneme decrypt`: gives a memory the other form and writes the setting down. Called by the command line."""

import asyncio
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.adapters.store.sqlite_convert import convert
from assistant.adapters.system.hardening import forbid_dumps
from assistant.app import conversion
from assistant.app.environment import ROOT, Environment
from assistant.app.holding import holding
from assistant.app.orphans import on_trial, sweep
from assistant.app.permitted import permitted
from assistant.app.profile import RECORDS
from assistant.app.sealing import make_key, recovered_key, vault_of
from assistant.config import load
from assistant.domain.errors import ConfigError, StorageError
from assistant.domain.secret import Secret
from assistant.vault import MemoryKey, Seal, read_seal

_FIELD = re.compile(r"^[ \t]*encrypt_at_rest[ \t]*=.*$", re.M)
_SECTION = re.compile(r"^[ \t]*\[security\][ \t]*(#.*)?$", re.M)


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of a memory: `changed` is False when it was in this form already, `setting` when the settings agree now."""

    encrypted: bool
    changed: bool
    rows: int
    vault: str
    setting: bool


async def converted(env: Environment, encrypt: bool, variables: Mapping[str, str] = os.environ) -> Converted:
    """Bring the memory into the form asked for. Raises InUseError, VaultError, StorageError, PolicyDeniedError, ConfigError."""
    memory = env.places.memory
    with holding(env):
        await asyncio.to_thread(conversion.settle, memory)
        seal = read_seal(memory)
        if (seal is not None) == encrypt:
            return Converted(encrypt, False, 0, seal.vault if seal else "", _agreed(env, encrypt, variables))
        forbid_dumps()
        old = None if seal is None else await recovered_key(env, seal)
        await permitted(env, "memory.encrypt" if encrypt else "memory.decrypt", old)
        if seal is not None:
            on_trial(env, seal.key)
        work = conversion.begin(memory)
        try:
            new = await make_key(env, work) if encrypt else None
            rows = await asyncio.to_thread(convert, memory / RECORDS, _records(old), work / RECORDS, _records(new))
            kind = _kind(read_seal(work))
            await asyncio.to_thread(conversion.count, memory)
        except StorageError:
            await asyncio.to_thread(conversion.settle, memory)
            await sweep(env, await vault_of(env, seal.vault if seal else env.settings.security.vault))
            raise
        finally:
            await asyncio.to_thread(conversion.settle, memory)
        await asyncio.to_thread(conversion.erase_copies, env.places.backups, env.places.undo)
        await sweep(env, await vault_of(env, seal.vault if seal else kind))
        return Converted(encrypt, True, rows, kind, _agreed(env, encrypt, variables))


def _records(key: MemoryKey | None) -> Secret | None:
    return key.derive(RECORDS) if key else None


def _kind(seal: Seal | None) -> str:
    return seal.vault if seal else ""


def _agreed(env: Environment, encrypt: bool, variables: Mapping[str, str]) -> bool:
    """Write the choice into the settings file unless the settings have it already; return whether they do now."""
    file = env.places.config / "config.toml"
    defaults = ROOT / "configs" / "default.toml"
    if load(defaults, file, variables).security.encrypt_at_rest == encrypt:
        return True
    try:
        text = file.read_text("utf-8-sig") if file.exists() else ""
        file.parent.mkdir(parents=True, exist_ok=True)
        changed = with_choice(text, encrypt)
        tomllib.loads(changed)
        partial = file.with_name(file.name + ".part")
        partial.write_text(changed, "utf-8")
        partial.replace(file)
    except (OSError, ValueError):
        return False
    try:
        return load(defaults, file, variables).security.encrypt_at_rest == encrypt
    except ConfigError:
        return False


def with_choice(text: str, encrypt: bool) -> str:
    """Return a settings file with security.encrypt_at_rest set and everything else, comments included, as it was."""
    line = f"encrypt_at_rest = {str(encrypt).lower()}"
    section = _SECTION.search(text)
    if section is None:
        return f"{text.rstrip()}\n\n[security]\n{line}\n".lstrip()
    following = re.compile(r"^[ \t]*\[", re.M).search(text, section.end())
    end = following.start() if following else len(text)
    inside = text[section.end() : end]
    inside = _FIELD.sub(line, inside) if _FIELD.search(inside) else f"\n{line}{inside}"
    return text[: section.end()] + inside + text[end:]
