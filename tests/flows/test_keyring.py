"""The real Secret Service of a desktop (gnome-keyring on a bus of its own) keeps the key of an encrypted memory."""

import base64
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.cli import LIMIT_S, ROOT

SESSION = """
printf 'login password\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null
exec "$@"
"""
pytestmark = pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")), reason="needs dbus and gnome-keyring"
)


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose keyring file lies in it, and an encrypted memory that knows no passphrase."""
    for name, place in {"HOME": "h", "XDG_DATA_HOME": "h/share", "XDG_RUNTIME_DIR": "h/run", "XDG_CACHE_HOME": "h/cache"}.items():
        (tmp_path / place).mkdir(parents=True, exist_ok=True, mode=0o700)
        monkeypatch.setenv(name, str(tmp_path / place))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("MNEME_SECURITY__ENCRYPT_AT_REST", "true")
    monkeypatch.setenv("MNEME_HOME", str(tmp_path / "home"))
    return tmp_path


def mneme(*args: str, desktop: bool) -> "subprocess.CompletedProcess[str]":
    """Run a command in a session of its own, with the keyring unlocked or without any."""
    command = [sys.executable, "-m", "assistant.cli.main", *args]
    if desktop:
        command = ["dbus-run-session", "--", "sh", "-c", SESSION, "sh", *command]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, check=False, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S
    )


@pytest.mark.timeout(180)
def test_the_keyring_opens_what_it_sealed_and_nothing_else_does(room: Path) -> None:
    note = room / "note.txt"
    note.write_text("The gander sleeps under the quince tree.\n", "utf-8")
    added = mneme("add", str(note), desktop=True)
    assert added.returncode == 0, added.stderr
    assert not (room / "home" / "data" / "vault.json").exists()
    found = mneme("recall", "where does the gander sleep", desktop=True)
    assert "quince" in found.stdout, found.stderr
    for file in room.rglob("*"):
        if file.is_file() and file != note:
            assert b"quince" not in file.read_bytes(), file
    refused = mneme("recall", "gander", desktop=False)
    assert refused.returncode == 1
    assert "no keyring" in refused.stderr
    assert "plain text" in refused.stderr


@pytest.mark.timeout(180)
def test_the_key_lies_in_the_keyring_alone(room: Path) -> None:
    assert mneme("status", desktop=True).returncode in (0, 3)
    probe = (
        "import json, pathlib, os, sys\nfrom keyring.backends.SecretService import Keyring\n"
        "seal = json.loads(pathlib.Path(os.environ['MNEME_HOME'], 'data/memory/seal.json').read_text())\n"
        "print(Keyring().get_password('mneme', seal['key']))"
    )
    command = ["dbus-run-session", "--", "sh", "-c", SESSION, "sh", sys.executable, "-c", probe]
    told = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=True).stdout.split()[-1]
    key = base64.b64decode(told)
    assert len(key) == 32
    for file in room.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert key not in content and told.encode() not in content and key.hex().encode() not in content, file
