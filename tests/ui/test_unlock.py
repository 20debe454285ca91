"""The window asks for the passphrase of an encrypted memory, and says why where it gets none."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from assistant.adapters.system import passphrase_vault
from assistant.app import sealing
from assistant.app.environment import environment
from ui import main
from ui.shell import FailedStart, MainWindow, Unlock


@pytest.fixture
def sealed(monkeypatch, tmp_path):
    """A new encrypted memory on a computer without a keyring."""
    monkeypatch.setattr(passphrase_vault, "COST", {"memory_kib": 8, "passes": 1, "lanes": 1})
    monkeypatch.setattr(sealing, "forbid_dumps", lambda: None)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
    env = {
        "MNEME_HOME": str(tmp_path / "home"),
        "MNEME_INTERFACE__LANGUAGE": "en",
        "MNEME_EMBEDDING__MODEL": "",
        "MNEME_SECURITY__ENCRYPT_AT_REST": "true",
    }
    monkeypatch.setattr(main.bootstrap, "environment", lambda: environment(env))
    return tmp_path / "home"


def shown(kind):
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]


async def test_chosen_once_then_asked_for(app, sealed, until):
    for new in (True, False):
        async with asyncio.TaskGroup() as group:
            task = group.create_task(main.run(app))
            await until(lambda: shown(Unlock))
            unlock = shown(Unlock)[0]
            assert unlock.repeat.isVisible() is new
            if new:
                QTest.keyClicks(unlock.field, "open sesame")
                assert not unlock.open_button.isEnabled(), "it has to be typed twice"
                QTest.keyClicks(unlock.repeat, "open sesame")
            else:
                QTest.keyClicks(unlock.field, "wrong")
                QTest.keyClick(unlock.field, Qt.Key.Key_Return)
                await until(lambda: shown(Unlock) and shown(Unlock)[0].told.text().startswith("That was not it"))
                assert unlock.field.text() == ""
                QTest.keyClicks(unlock.field, "open sesame")
            QTest.keyClick(unlock.field, Qt.Key.Key_Return)
            await until(lambda: [one for one in shown(MainWindow) if one.chat.box.ready])
            assert not shown(Unlock)
            shown(MainWindow)[0].close()
        assert task.result() == 0
    assert (sealed / "data" / "vault.json").exists()


async def test_without_one_it_says_so_and_opens_nothing(app, sealed, until):
    async with asyncio.TaskGroup() as group:
        task = group.create_task(main.run(app))
        await until(lambda: shown(Unlock))
        shown(Unlock)[0].close()
        await until(lambda: shown(FailedStart))
        told = " ".join(label.text() for label in shown(FailedStart)[0].findChildren(QLabel))
        assert "passphrase is needed" in told
        shown(FailedStart)[0].close()
    assert task.result() == 1
    assert not (sealed / "data" / "memory" / "records.db").exists()
