"""Only keyrings that the system protects are taken, and one that misbehaves is named, never worked around."""

import threading
from typing import Any

import pytest
from keyring.backends import chainer, fail, null
from keyring.errors import KeyringLocked

from assistant.adapters.system.keyring_vault import KeyringVault, refuse_unreal
from assistant.domain.errors import VaultError
from assistant.domain.secret import Secret
from tests.fakes.vault import MemoryKeyring


class PlaintextKeyring(MemoryKeyring):
    """Named like the file backend of keyrings.alt."""


PlaintextKeyring.__module__ = "keyrings.alt.file"


@pytest.mark.parametrize("backend", [null.Keyring, fail.Keyring, chainer.ChainerBackend, PlaintextKeyring, MemoryKeyring])
async def test_backends_that_protect_nothing_are_refused(backend: type[Any]) -> None:
    made = backend()
    vault = KeyringVault(lambda: made)
    for call in (vault.probe(), vault.put("name", Secret(b"value")), vault.get("name"), vault.delete("name")):
        with pytest.raises(VaultError, match="does not protect"):
            await call
    assert getattr(made, "held", {}) == {}


async def test_a_variable_cannot_choose_another_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
    try:
        await KeyringVault().probe()
    except VaultError as error:
        assert "plain text" in error.kept


def test_real_backends_are_known_by_module_and_name() -> None:
    from keyring.backends import SecretService

    refuse_unreal(SecretService.Keyring.__new__(SecretService.Keyring))


class Locked(MemoryKeyring):
    def get_password(self, service: str, name: str) -> str | None:
        raise KeyringLocked("dismissed: hunter2")


class Forgetful(MemoryKeyring):
    def set_password(self, service: str, name: str, value: str) -> None:
        pass


async def test_a_locked_keyring_is_an_error_without_its_words() -> None:
    vault = KeyringVault(Locked, check=lambda _: None)
    with pytest.raises(VaultError, match="refuses") as caught:
        await vault.get("name")
    assert "hunter2" not in str(caught.value)


async def test_a_keyring_that_keeps_nothing_is_noticed() -> None:
    vault = KeyringVault(Forgetful, check=lambda _: None)
    with pytest.raises(VaultError, match="did not keep"):
        await vault.put("name", Secret(b"value"))


async def test_a_keyring_that_never_answers_is_given_up() -> None:
    release = threading.Event()

    class Silent(MemoryKeyring):
        def get_password(self, service: str, name: str) -> str | None:
            release.wait(30)
            return None

    try:
        with pytest.raises(VaultError, match="does not answer"):
            await KeyringVault(Silent, check=lambda _: None, seconds=0.05).get("name")
    finally:
        release.set()


async def test_what_mneme_did_not_write_is_left_alone() -> None:
    backend = MemoryKeyring()
    backend.held["mneme", "name"] = "not base64!"
    with pytest.raises(VaultError, match="not written by Mneme"):
        await KeyringVault(lambda: backend, check=lambda _: None).get("name")
    assert backend.held == {("mneme", "name"): "not base64!"}
