"""`mneme passphrase` and `mneme secret`: what is typed or piped in, never what is an argument."""

from assistant.domain.secret import Secret
from tests.unit.assistant.cli.conftest import FakeDoors, Run


def test_a_secret_is_piped_in_and_never_shown(mneme: Run, doors: FakeDoors) -> None:
    done = mneme("secret", "set", "qdrant", typed="k3y-of-the-server\n")
    assert done.exit_code == 0, done.stderr
    assert doors.kept == [("qdrant", Secret(b"k3y-of-the-server"))]
    assert "k3y" not in done.stdout + done.stderr
    assert "keyring" in done.stdout


def test_a_secret_as_an_argument_is_wrong_usage(mneme: Run, doors: FakeDoors) -> None:
    assert mneme("secret", "set", "qdrant", "k3y").exit_code == 2
    assert mneme("secret", "set", "other", typed="k3y\n").exit_code == 2
    assert doors.kept == []


def test_no_secret_changes_nothing(mneme: Run, doors: FakeDoors) -> None:
    assert mneme("secret", "set", "qdrant", typed="\n").exit_code == 1
    assert doors.kept == []


def test_a_secret_is_removed(mneme: Run, doors: FakeDoors) -> None:
    assert mneme("secret", "remove", "qdrant", "--json").exit_code == 0
    assert doors.kept == [("qdrant", None)]


def test_the_passphrase_is_changed(mneme: Run, doors: FakeDoors) -> None:
    assert "Changed" in mneme("passphrase").stdout
    assert doors.changed == 1
