"""A memory is encrypted or plain as a whole, as the settings say; whatever stands in the way is an error, never a way around."""

import os
from pathlib import Path

import pytest

from assistant.adapters.system import passphrase_vault
from assistant.app import sealing
from assistant.app.environment import Environment, environment
from assistant.app.sealing import unlocked
from assistant.domain.errors import ConfigError, DamagedError, VaultError
from assistant.vault import SEAL
from tests.fakes.vault import MemoryKeyring


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spend no time on the passphrase, and let the test process be looked into."""
    monkeypatch.setattr(passphrase_vault, "COST", {"memory_kib": 8, "passes": 1, "lanes": 1})
    monkeypatch.setattr(sealing, "forbid_dumps", lambda: None)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")


def env(home: Path, encrypt: bool = True, **more: str) -> Environment:
    return environment({"MNEME_HOME": str(home), "MNEME_SECURITY__ENCRYPT_AT_REST": str(encrypt).lower(), **more})


def everything(home: Path) -> list[str]:
    return sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())


async def test_a_plain_memory_needs_no_key(tmp_path: Path) -> None:
    assert await unlocked(env(tmp_path, encrypt=False)) is None
    assert everything(tmp_path) == []


async def test_without_keyring_and_passphrase_nothing_starts_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(VaultError) as caught:
        await unlocked(env(tmp_path))
    assert "MNEME_PASSPHRASE" in caught.value.remedy
    assert everything(tmp_path) == []


async def test_a_passphrase_opens_what_it_made(tmp_path: Path) -> None:
    first = await unlocked(env(tmp_path, MNEME_PASSPHRASE="open sesame"))
    again = await unlocked(env(tmp_path, MNEME_PASSPHRASE="open sesame"))
    assert first is not None and again is not None and first.root == again.root
    assert everything(tmp_path) == ["data/memory/seal.json", "data/vault.json"]
    with pytest.raises(VaultError, match="wrong"):
        await unlocked(env(tmp_path, MNEME_PASSPHRASE="open seasame"))
    with pytest.raises(VaultError, match="none was given"):
        await unlocked(env(tmp_path))


@pytest.mark.parametrize("encrypt", [True, False])
async def test_a_lost_seal_is_told_as_such_whatever_the_settings_ask(tmp_path: Path, encrypt: bool) -> None:
    await unlocked(env(tmp_path, MNEME_PASSPHRASE="open sesame"))
    memory = tmp_path / "data" / "memory"
    (memory / "sealed").mkdir()
    (memory / "records.db").write_bytes(b"sealed")
    (memory / SEAL).unlink()
    before = everything(tmp_path)
    with pytest.raises(VaultError, match="seal") as caught:
        await unlocked(env(tmp_path, encrypt, MNEME_PASSPHRASE="open sesame"))
    assert SEAL in caught.value.remedy
    assert everything(tmp_path) == before


async def test_a_keyring_goes_before_a_passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = MemoryKeyring()
    vault = sealing.KeyringVault(lambda: backend, check=lambda _: None)
    monkeypatch.setattr(sealing, "KeyringVault", lambda: vault)
    first = await unlocked(env(tmp_path, MNEME_PASSPHRASE="open sesame"))
    again = await unlocked(env(tmp_path))
    assert first is not None and again is not None and first.root == again.root
    assert everything(tmp_path) == ["data/memory/seal.json"]
    backend.held.clear()
    with pytest.raises(VaultError, match="not in the keyring"):
        await unlocked(env(tmp_path, MNEME_PASSPHRASE="open sesame"))


async def test_only_the_keyring_when_the_settings_say_so(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="no keyring"):
        await unlocked(env(tmp_path, MNEME_PASSPHRASE="open sesame", MNEME_SECURITY__VAULT="keyring"))
    assert everything(tmp_path) == []


@pytest.mark.parametrize("left", ["records.db", "records.db-wal", "records.db.before-2", "text/meta.json", "vectors/m/live.json"])
async def test_plain_text_under_the_setting_is_refused_and_names_the_way(tmp_path: Path, left: str) -> None:
    place = tmp_path / "data" / "memory" / left
    place.parent.mkdir(parents=True)
    place.write_bytes(b"plain")
    with pytest.raises(ConfigError) as caught:
        await unlocked(env(tmp_path, MNEME_PASSPHRASE="open sesame"))
    assert "mneme encrypt" in caught.value.remedy
    assert everything(tmp_path) == [f"data/memory/{left}"]


async def test_a_sealed_memory_without_the_setting_is_refused(tmp_path: Path) -> None:
    await unlocked(env(tmp_path, MNEME_PASSPHRASE="open sesame"))
    with pytest.raises(ConfigError) as caught:
        await unlocked(env(tmp_path, encrypt=False, MNEME_PASSPHRASE="open sesame"))
    assert "mneme decrypt" in caught.value.remedy
    (tmp_path / "data" / "memory" / SEAL).write_bytes(b"")
    for encrypt in (True, False):
        with pytest.raises(DamagedError):
            await unlocked(env(tmp_path, encrypt=encrypt, MNEME_PASSPHRASE="open sesame"))


def test_the_passphrase_leaves_the_environment_and_is_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNEME_PASSPHRASE", "open sesame")
    found = environment()
    assert "MNEME_PASSPHRASE" not in os.environ
    assert "sesame" not in repr(found)
    assert found.redactor.clean("it is open sesame") == "it is [secret]"
