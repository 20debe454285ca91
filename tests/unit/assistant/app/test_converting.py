"""From plain text to encrypted and back: nothing is lost, and whoever is killed on the way leaves one whole memory."""

import os
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2 as untyped

from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_journal import SqliteVectorCache
from assistant.adapters.store.sqlite_records import SqliteChunks
from assistant.adapters.system import passphrase_vault
from assistant.app import conversion, converting, sealing
from assistant.app.converting import Converted, converted, with_choice
from assistant.app.environment import Environment, environment
from assistant.app.sealing import unlocked
from assistant.config import load
from assistant.domain.errors import InUseError, MnemeError, StorageError, VaultError
from tests.contract.samples import chunk, source, unit

dbapi2: Any = untyped
CANARY = b"the canary in the mine"


class KilledError(BaseException):
    """Stands for SIGKILL: nothing may catch it."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrase_vault, "COST", {"memory_kib": 8, "passes": 1, "lanes": 1})
    for room in (sealing, converting):
        monkeypatch.setattr(room, "forbid_dumps", lambda: None)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")


def env(home: Path, **more: str) -> Environment:
    return environment({"MNEME_HOME": str(home), "MNEME_PASSPHRASE": "open sesame", **more})


async def convert(home: Path, encrypt: bool, **more: str) -> Converted:
    return await converted(env(home, **more), encrypt, variables={"MNEME_HOME": str(home), **more})


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    """A plain memory with records, a copy from a migration, and files of plain indexes."""
    memory = tmp_path / "data" / "memory"
    database = Database(memory / "records.db")
    await SqliteChunks(database).replace(source("s1"), [chunk(n, text=f"{CANARY.decode()} {n}") for n in range(700)])
    await SqliteVectorCache(database).put("m", {f"digest {n}": unit(n + 1, 2, 3) for n in range(700)})
    await database.close()
    for name in ("text/0.term", "vectors/m/page.dat", "records.db.before-2", "aside/old"):
        (memory / name).parent.mkdir(parents=True, exist_ok=True)
        (memory / name).write_bytes(CANARY)
    return tmp_path


async def held(home: Path, encrypted: bool) -> tuple[list[str], int]:
    """Open what is there in the given form; return the texts and the number of cached vectors."""
    key = await unlocked(env(home, MNEME_SECURITY__ENCRYPT_AT_REST=str(encrypted).lower()))
    assert (key is not None) == encrypted
    database = Database(home / "data" / "memory" / "records.db", key=key.derive("records.db") if key else None)
    try:
        assert await database.check() == []
        chunks = await SqliteChunks(database).of_sources(["s1"])
        return [one.text for one in chunks], await SqliteVectorCache(database).count([f"digest {n}" for n in range(700)])
    finally:
        await database.close()


def files(home: Path) -> list[str]:
    return sorted(str(path.relative_to(home / "data")) for path in (home / "data").rglob("*") if path.is_file())


def anywhere(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file() and CANARY in path.read_bytes()]


EXPECTED = ([f"{CANARY.decode()} {n}" for n in range(700)], 700)


async def test_there_and_back_nothing_is_lost(home: Path) -> None:
    assert anywhere(home)
    done = await convert(home, True)
    assert (done.encrypted, done.changed, done.vault, done.setting) == (True, True, "passphrase", True)
    assert done.rows > 1400
    assert anywhere(home) == []
    assert files(home) == ["memory/lock", "memory/records.db", "memory/seal.json", "vault.json"]
    assert (await convert(home, True)).changed is False
    assert await held(home, True) == EXPECTED
    back = await convert(home, False)
    assert (back.encrypted, back.changed, back.setting) == (False, True, True)
    assert files(home) == ["memory/lock", "memory/records.db", "vault.json"]
    assert await held(home, False) == EXPECTED


async def test_the_verdict_is_written_down(home: Path) -> None:
    await convert(home, True)
    await convert(home, False)
    connection = dbapi2.connect(str(home / "data" / "memory" / "records.db"))
    try:
        rows = connection.execute("SELECT tool, origin, decision FROM audit ORDER BY seq").fetchall()
    finally:
        connection.close()
    assert rows == [("memory.encrypt", "person", "allow"), ("memory.decrypt", "person", "allow")]


BOTH = ["begin", "convert", "count", "_erase", "_erase 2", "replace", "replace 2", "rmtree"]
STEPS = [(step, way) for step in BOTH for way in (True, False)] + [("make_key", True), ("replace 3", True)]


@pytest.mark.parametrize("step,encrypt", STEPS)
async def test_killed_at_any_step_one_whole_memory_is_left(
    home: Path, monkeypatch: pytest.MonkeyPatch, step: str, encrypt: bool
) -> None:
    if not encrypt:
        await convert(home, True)
    with monkeypatch.context() as patched:
        kill_at(patched, step)
        with pytest.raises(KilledError):
            await convert(home, encrypt)
    found: list[bool] = []
    for form in (True, False):
        try:
            assert await held(home, form) == EXPECTED
        except MnemeError as error:
            assert error.code == "config"
        else:
            found.append(form)
    assert len(found) == 1
    assert not (home / "data" / "memory" / conversion.WORK).exists()
    if found == [True]:
        assert anywhere(home) == []
    assert (await convert(home, encrypt)).changed == (found != [encrypt])
    assert await held(home, encrypt) == EXPECTED


def kill_at(patched: pytest.MonkeyPatch, step: str) -> None:
    """Die at the n-th call of a step, and at everything after it: a killed process cleans nothing up."""
    name, _, number = step.partition(" ")
    left = [int(number or 1)]
    dead: list[bool] = []
    places: dict[str, list[tuple[Any, str]]] = {
        "begin": [(conversion, "begin")],
        "make_key": [(converting, "make_key")],
        "convert": [(converting, "convert")],
        "count": [(conversion, "count")],
        "_erase": [(conversion, "_erase")],
        "replace": [(Path, "replace")],
        "rmtree": [(conversion.shutil, "rmtree")],
    }
    settle = conversion.settle

    def settled(memory: Path) -> None:
        if not dead:
            settle(memory)

    patched.setattr(conversion, "settle", settled)
    for room, attribute in places[name]:
        original = getattr(room, attribute)

        def dying(*args: Any, original: Any = original, **kwargs: Any) -> Any:
            if name == "replace" and conversion.WORK not in str(args[0]):
                return original(*args, **kwargs)
            left[0] -= 1
            if left[0] <= 0:
                if name == "convert":
                    original(*args, **kwargs)
                dead.append(True)
                raise KilledError
            return original(*args, **kwargs)

        patched.setattr(room, attribute, dying)


async def test_a_copy_that_differs_does_not_count(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.adapters.store import sqlite_convert

    tables = sqlite_convert._tables

    def lossy(connection: Any) -> list[str]:
        connection.rows("DELETE FROM target.vectors WHERE digest = 'digest 3'")
        return tables(connection)

    monkeypatch.setattr(sqlite_convert, "_tables", lossy)
    before = files(home)
    with pytest.raises(StorageError, match="differs"):
        await convert(home, True)
    assert [name for name in files(home) if name not in ("memory/lock", "vault.json")] == before
    assert await held(home, False) == EXPECTED


async def test_a_full_disk_leaves_the_memory_as_it_was(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise StorageError("The disk is full: the record database could not be written.")

    monkeypatch.setattr(converting, "convert", full)
    with pytest.raises(StorageError, match="full"):
        await convert(home, True)
    assert not (home / "data" / "memory" / conversion.WORK).exists()
    assert await held(home, False) == EXPECTED


async def test_without_a_key_nothing_is_touched(home: Path) -> None:
    before = files(home)
    with pytest.raises(VaultError):
        await converted(environment({"MNEME_HOME": str(home)}), True, variables={})
    assert [name for name in files(home) if name != "memory/lock"] == before
    await convert(home, True)
    with pytest.raises(VaultError, match="wrong"):
        await converted(environment({"MNEME_HOME": str(home), "MNEME_PASSPHRASE": "no"}), False, variables={})
    assert await held(home, True) == EXPECTED


async def test_a_memory_in_use_is_left_alone(home: Path) -> None:
    with converting.holding(env(home)), pytest.raises(InUseError):
        await convert(home, True)


async def test_a_setting_of_the_environment_is_named_and_left(home: Path) -> None:
    done = await convert(home, True, MNEME_SECURITY__ENCRYPT_AT_REST="false")
    assert (done.changed, done.setting) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# mine\n[embedding]\nthreads = 2 # few\n",
        "[security]\n",
        "[security] # safe\nvault = 'keyring'\n\n[index]\ncommit_chunks = 7\n",
        "[security]\nencrypt_at_rest = false # not yet\n[interface]\ntheme = 'dark'\n",
        "[interface]\ntheme = 'dark'\n[security]\nvault = 'keyring'\nencrypt_at_rest = true",
    ],
)
def test_the_setting_is_written_and_everything_else_stays(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config.toml"
    before = load(Path("/none"), file, {})
    if text:
        file.write_text(text, "utf-8")
        before = load(Path("/none"), file, {})
    for choice in (True, False, True):
        text = with_choice(text, choice)
        file.write_text(text, "utf-8")
        after = load(Path("/none"), file, {})
        assert after.security.encrypt_at_rest is choice
        assert after.model_copy(update={"security": before.security}) == before
        assert after.security.vault == before.security.vault
    assert text.count("#") == before_marks(text)


def before_marks(text: str) -> int:
    return sum(mark in text for mark in ("# mine", "# few", "# safe"))


def test_overwriting_leaves_nothing_of_the_old_bytes(tmp_path: Path) -> None:
    file = tmp_path / "plain"
    file.write_bytes(CANARY * 200_000)
    again = os.open(file, os.O_RDONLY)  # keeps the bytes reachable after the name is gone
    try:
        conversion._erase(file)
        assert not file.exists()
        assert CANARY not in os.read(again, len(CANARY) * 200_001)
    finally:
        os.close(again)


async def test_copies_in_the_form_it_is_no_longer_kept_in_go_at_once(home: Path) -> None:
    backups = env(home).places.backups
    backups.mkdir(parents=True)
    (backups / "records-20261122-100000-000000.db").write_bytes(CANARY)
    (backups / "records-20261122-110000-000000.db.part").write_bytes(CANARY)
    aside = home / "data" / "memory" / "text.damaged-20261122"
    aside.mkdir()
    (aside / "torn").write_bytes(CANARY)
    await convert(home, True)
    assert anywhere(home) == []
    assert list(backups.iterdir()) == []
