"""What every SecretVault promises."""

from pathlib import Path

import pytest

from assistant.adapters.system import passphrase_vault
from assistant.adapters.system.keyring_vault import KeyringVault
from assistant.adapters.system.passphrase_vault import PassphraseVault
from assistant.domain.secret import Secret
from assistant.ports.system import SecretVault
from tests.fakes.vault import FakeVault, MemoryKeyring, Told


@pytest.fixture(params=["fake", "keyring", "passphrase"])
def vault(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SecretVault:
    monkeypatch.setattr(passphrase_vault, "COST", {"memory_kib": 8, "passes": 1, "lanes": 1})
    match request.param:
        case "keyring":
            return KeyringVault(MemoryKeyring, check=lambda _: None)
        case "passphrase":
            return PassphraseVault(tmp_path / "vault.json", Told(*["open sesame"] * 9))
        case _:
            return FakeVault()


VALUES = {"zeros": bytes(32), "high bytes": bytes(range(224, 256)), "text": b"an api key \xd0\x9f"}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
async def test_a_secret_comes_back_as_it_was(vault: SecretVault, value: bytes) -> None:
    assert await vault.get("one") is None
    await vault.put("one", Secret(value))
    found = await vault.get("one")
    assert found is not None and found.reveal() == value
    assert await vault.get("two") is None


async def test_the_last_of_one_name_stands_and_others_stay(vault: SecretVault) -> None:
    await vault.put("one", Secret(b"first"))
    await vault.put("two", Secret(b"other"))
    await vault.put("one", Secret(b"second"))
    assert await vault.get("one") == Secret(b"second")
    assert await vault.get("two") == Secret(b"other")


async def test_deleting_ignores_what_is_not_there(vault: SecretVault) -> None:
    await vault.delete("one")
    await vault.put("one", Secret(b"first"))
    await vault.delete("one")
    await vault.delete("one")
    assert await vault.get("one") is None


async def test_it_says_what_kind_it_is(vault: SecretVault) -> None:
    assert vault.kind
