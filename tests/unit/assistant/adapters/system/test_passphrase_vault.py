"""A vault that a passphrase opens: nothing readable in it, nothing changed by a wrong one, and the passphrase can change."""

import json
import sys
from pathlib import Path

import pytest

from assistant.adapters.system import passphrase_vault
from assistant.adapters.system.passphrase_vault import PassphraseVault
from assistant.domain.errors import DamagedError, VaultError
from assistant.domain.secret import Secret
from tests.fakes.vault import Told

SECRET = Secret(b"the key of the memory, 32 bytes.")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrase_vault, "COST", {"memory_kib": 8, "passes": 1, "lanes": 1})


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    place = tmp_path / "deep" / "vault.json"
    await PassphraseVault(place, Told("open sesame")).put("memory", SECRET)
    return place


async def test_nothing_of_it_can_be_read(file: Path) -> None:
    content = file.read_bytes()
    for value in (*SECRET.forms(), "open sesame", "memory"):
        assert value.encode() not in content.replace(b'"memory_kib"', b"")
    if sys.platform != "win32":
        assert file.stat().st_mode & 0o077 == 0


async def test_a_wrong_passphrase_changes_nothing(file: Path) -> None:
    before = file.read_bytes()
    vault = PassphraseVault(file, Told("open seasame", "again wrong"))
    for call in (vault.get("memory"), vault.put("memory", Secret(b"x")), vault.delete("memory"), vault.change()):
        with pytest.raises(VaultError):
            await call
    assert file.read_bytes() == before
    asked = Told("wrong", "open sesame")
    assert await PassphraseVault(file, asked).get("memory") == SECRET
    assert asked.asked == ["known", "again"]


async def test_it_is_asked_once(file: Path) -> None:
    asked = Told("open sesame")
    vault = PassphraseVault(file, asked)
    assert await vault.get("memory") == SECRET
    await vault.put("other", Secret(b"y"))
    assert asked.asked == ["known"]


async def test_the_passphrase_can_be_changed(file: Path) -> None:
    before = json.loads(file.read_bytes())
    await PassphraseVault(file, Told("open sesame", "close sesame")).change()
    assert json.loads(file.read_bytes())["kdf"]["salt"] != before["kdf"]["salt"]
    with pytest.raises(VaultError, match="wrong"):
        await PassphraseVault(file, Told("open sesame")).get("memory")
    assert await PassphraseVault(file, Told("close sesame")).get("memory") == SECRET


async def test_without_a_passphrase_nothing_is_made(tmp_path: Path) -> None:
    vault = PassphraseVault(tmp_path / "vault.json", Told())
    with pytest.raises(VaultError, match="needed"):
        await vault.put("memory", SECRET)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name,value", [("memory_kib", 1 << 40), ("passes", 10**9), ("lanes", 0), ("salt", "00"), ("name", "none")]
)
async def test_a_file_that_asks_for_too_much_is_refused_untried(file: Path, name: str, value: object) -> None:
    tree = json.loads(file.read_bytes())
    tree["kdf"][name] = value
    file.write_text(json.dumps(tree))
    with pytest.raises(DamagedError):
        await PassphraseVault(file, Told("open sesame")).get("memory")


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff\xfe", b'{"layout": 1, "kdf": {"name": "argon2id"}}'])
async def test_damage_is_named_and_kept(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(DamagedError, match="backup"):
        await PassphraseVault(file, Told("open sesame")).get("memory")
    assert file.read_bytes() == content


async def test_changed_entries_are_refused(file: Path) -> None:
    tree = json.loads(file.read_bytes())
    tree["entries"] = tree["entries"][:-2] + ("00" if tree["entries"][-2:] != "00" else "11")
    file.write_text(json.dumps(tree))
    with pytest.raises(DamagedError):
        await PassphraseVault(file, Told("open sesame")).get("memory")
