"""What a person does to the vault: a new passphrase, the key of a server; and that no key is left behind."""

from pathlib import Path

import pytest

from assistant.adapters.system import passphrase_vault
from assistant.adapters.system.passphrase_vault import PassphraseVault
from assistant.app import converting, sealing
from assistant.app.converting import converted
from assistant.app.environment import Environment, environment
from assistant.app.keys import change_passphrase, keep_secret
from assistant.app.orphans import FILE
from assistant.app.sealing import VAULT_FILE, unlocked
from assistant.app.server_key import server_key
from assistant.domain.errors import InUseError, VaultError
from assistant.domain.secret import Secret
from assistant.vault import read_seal
from tests.fakes.vault import MemoryKeyring, Told

OLD, NEW = "open sesame", "close sesame"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spend no time on the passphrase, and let the test process be looked into."""
    monkeypatch.setattr(passphrase_vault, "COST", {"memory_kib": 8, "passes": 1, "lanes": 1})
    for module in (sealing, converting):
        monkeypatch.setattr(module, "forbid_dumps", lambda: None)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")


def env(home: Path, encrypt: bool = True, **more: str) -> Environment:
    return environment({"MNEME_HOME": str(home), "MNEME_SECURITY__ENCRYPT_AT_REST": str(encrypt).lower(), **more})


async def test_a_new_passphrase_opens_what_the_old_one_did(tmp_path: Path) -> None:
    before = await unlocked(env(tmp_path, MNEME_PASSPHRASE=OLD))
    await change_passphrase(env(tmp_path, MNEME_PASSPHRASE=OLD, MNEME_NEW_PASSPHRASE=NEW))
    after = await unlocked(env(tmp_path, MNEME_PASSPHRASE=NEW))
    assert before is not None and after is not None and before.root == after.root
    with pytest.raises(VaultError, match="wrong"):
        await unlocked(env(tmp_path, MNEME_PASSPHRASE=OLD))


async def test_a_typed_one_is_asked_for_twice(tmp_path: Path) -> None:
    await unlocked(env(tmp_path, MNEME_PASSPHRASE=OLD))
    told = Told(OLD, OLD, NEW)  # once to open the memory, once to change
    found = env(tmp_path)
    source = found.passphrases.or_from(told)
    await change_passphrase(Environment(found.settings, found.places, found.resources, source, found.redactor))
    assert told.asked == ["known", "known", "new"]
    assert await unlocked(env(tmp_path, MNEME_PASSPHRASE=NEW)) is not None


@pytest.mark.parametrize(
    "given", [{"MNEME_PASSPHRASE": "wrong", "MNEME_NEW_PASSPHRASE": NEW}, {"MNEME_PASSPHRASE": OLD}, {}], ids=str
)
async def test_a_wrong_or_missing_one_changes_nothing(tmp_path: Path, given: dict[str, str]) -> None:
    await unlocked(env(tmp_path, MNEME_PASSPHRASE=OLD))
    vault = (tmp_path / "data" / VAULT_FILE).read_bytes()
    with pytest.raises(VaultError):
        await change_passphrase(env(tmp_path, **given))
    assert (tmp_path / "data" / VAULT_FILE).read_bytes() == vault


async def test_there_is_none_to_change(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="no passphrase"):
        await change_passphrase(env(tmp_path, encrypt=False, MNEME_PASSPHRASE=OLD, MNEME_NEW_PASSPHRASE=NEW))


async def test_the_environment_no_longer_holds_either(tmp_path: Path) -> None:
    given = {"MNEME_HOME": str(tmp_path), "MNEME_PASSPHRASE": OLD, "MNEME_NEW_PASSPHRASE": NEW}
    found = environment(given)
    assert given == {"MNEME_HOME": str(tmp_path)}
    assert found.redactor.clean(f"{OLD} {NEW}") == "[secret] [secret]"


@pytest.mark.parametrize("encrypt", [False, True])
async def test_the_key_of_a_server_is_kept_and_removed(tmp_path: Path, encrypt: bool) -> None:
    def fresh() -> Environment:
        return env(tmp_path, encrypt, MNEME_PASSPHRASE=OLD)

    assert await keep_secret(fresh(), "qdrant", Secret(b"k3y-of-the-server")) == "passphrase"
    assert await server_key(fresh()) == Secret(b"k3y-of-the-server")
    assert b"k3y-of-the-server" not in b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    await keep_secret(fresh(), "qdrant", None)
    assert await server_key(fresh()) is None


async def test_without_a_vault_a_key_is_written_nowhere(tmp_path: Path) -> None:
    with pytest.raises(VaultError):
        await keep_secret(env(tmp_path, encrypt=False), "qdrant", Secret(b"k3y-of-the-server"))
    assert b"k3y-of-the-server" not in b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


async def test_one_who_has_the_memory_open_is_in_the_way(tmp_path: Path) -> None:
    with converting.holding(env(tmp_path)), pytest.raises(InUseError):
        await keep_secret(env(tmp_path, MNEME_PASSPHRASE=OLD), "qdrant", Secret(b"k3y-of-the-server"))


class KilledError(BaseException):
    """Nothing after it runs, as after a kill."""


@pytest.mark.parametrize("moment", ["write_seal", "convert"])
async def test_the_key_of_a_conversion_that_was_killed_leaves_the_vault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    backend = MemoryKeyring()
    vault = sealing.KeyringVault(lambda: backend, check=lambda _: None)
    monkeypatch.setattr(sealing, "KeyringVault", lambda: vault)

    def killed(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as harm:
        harm.setattr(sealing if moment == "write_seal" else converting, moment, killed)
        with pytest.raises(KilledError):
            await converted(env(tmp_path, encrypt=False), True)
    assert len(backend.held) == 1, "the key of a memory that never came to be"
    await converted(env(tmp_path, encrypt=False), True)
    seal = read_seal(tmp_path / "data" / "memory")
    assert seal is not None
    assert [name for _, name in backend.held] == [seal.key]
    assert not (tmp_path / "data" / FILE).exists()
    await converted(env(tmp_path), False)
    assert backend.held == {}


async def test_the_vault_of_a_typed_passphrase_is_swept_too(tmp_path: Path) -> None:
    found = env(tmp_path, encrypt=False, MNEME_PASSPHRASE=OLD)
    await converted(found, True)
    await converted(env(tmp_path, MNEME_PASSPHRASE=OLD), False)
    assert await PassphraseVault(tmp_path / "data" / VAULT_FILE, Told(OLD)).get("memory") is None
