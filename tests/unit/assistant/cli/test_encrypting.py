"""`mneme encrypt`, `mneme decrypt`, and the passphrase that is typed."""

import getpass

import pytest

from assistant.cli import passphrase
from assistant.cli.output import Output
from assistant.cli.passphrase import TerminalPassphrase
from assistant.domain.errors import VaultError
from assistant.domain.secret import Secret
from tests.unit.assistant.cli.conftest import FakeDoors, Run


def test_encrypting_says_what_was_done_and_what_it_cannot_do(mneme: Run, doors: FakeDoors) -> None:
    done = mneme("encrypt")
    assert done.exit_code == 0, done.stderr
    assert doors.converted == [True]
    assert "7 rows copied and compared" in done.stdout
    assert "SSD" in done.stdout


def test_decrypting_asks_first_and_no_is_no(mneme: Run, doors: FakeDoors) -> None:
    assert mneme("decrypt", typed="n\n").exit_code == 1
    assert doors.converted == []
    assert mneme("decrypt", typed="y\n").exit_code == 0
    assert mneme("decrypt", "--yes", "--json").exit_code == 0
    assert doors.converted == [False, False]


class Keys:
    """What a person types where nothing is shown."""

    def __init__(self, *typed: str) -> None:
        self.typed = list(typed)

    def __call__(self, prompt: str) -> str:
        if not self.typed:
            raise EOFError
        return self.typed.pop(0)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrase, "is_terminal", lambda: True)


async def test_nobody_at_the_terminal_gives_nothing() -> None:
    source = TerminalPassphrase(Output())
    assert not source.possible
    assert await source.passphrase("new") is None


async def test_a_new_one_is_typed_twice_and_then_known(terminal: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getpass", Keys("пароль", "пароль"))
    source = TerminalPassphrase(Output())
    assert source.possible
    assert await source.passphrase("new") == Secret("пароль".encode())
    assert await source.passphrase("known") == Secret("пароль".encode())
    monkeypatch.setattr(getpass, "getpass", Keys("one", "other"))
    with pytest.raises(VaultError, match="differ"):
        await TerminalPassphrase(Output()).passphrase("new")


async def test_three_attempts(terminal: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getpass", Keys("a", "b", "c", "d"))
    source = TerminalPassphrase(Output())
    assert await source.passphrase("known") == Secret(b"a")
    assert await source.passphrase("again") == Secret(b"b")
    assert await source.passphrase("again") == Secret(b"c")
    assert await source.passphrase("again") is None


async def test_an_empty_one_is_none(terminal: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getpass", Keys(""))
    assert await TerminalPassphrase(Output()).passphrase("known") is None
