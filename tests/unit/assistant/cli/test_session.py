"""How a command ends: exit codes, messages, patience with a memory in use, the log."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from assistant.api.views import Undertaking
from assistant.app.environment import Environment
from assistant.cli import session, window
from assistant.cli.main import main
from assistant.domain.errors import InUseError, PolicyDeniedError, StorageError
from tests.fakes.assistant import FakeAssistant
from tests.unit.assistant.cli.conftest import FakeDoors, Run


def test_a_failure_says_what_happened_what_was_kept_and_what_to_do(mneme: Run, fake: FakeAssistant) -> None:
    fake.failures["status"] = StorageError("The disk is full.", kept="Everything is kept.", remedy="Free some space.")
    result = mneme("status", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "mneme: The disk is full.\n       Everything is kept.\n       Free some space.\n"


def test_denied_by_policy_is_4(mneme: Run, fake: FakeAssistant) -> None:
    fake.failures["ask"] = PolicyDeniedError("memory.recall is not allowed.")
    assert mneme("ask", "why").exit_code == 4


def test_a_wrong_setting_is_named(mneme: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNEME_RECALL__CANDIDATES", "many")
    result = mneme("status")
    assert result.exit_code == 1
    assert "recall.candidates" in result.stderr


def test_the_unexpected_is_logged_and_shown_only_on_request(mneme: Run, fake: FakeAssistant, own_home: Path) -> None:
    fake.failures["verify"] = RuntimeError("wires crossed")
    result = mneme("verify")
    assert result.exit_code == 1
    assert "wires crossed" in result.stderr
    assert "Traceback" not in result.stderr
    assert "Traceback" in (own_home / "mneme" / "logs" / "mneme.log").read_text("utf-8")
    assert "Traceback" in mneme("verify", "--verbose").stderr


def test_a_memory_whose_holder_is_just_closing_is_waited_for(mneme: Run, doors: FakeDoors) -> None:
    doors.refusals = [InUseError("in use"), InUseError("in use")]
    assert mneme("status").exit_code == 0
    assert doors.opened == 3


def test_a_memory_that_stays_in_use_is_said_to_be(mneme: Run, doors: FakeDoors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "PATIENCE_S", 0.0)
    doors.refusals = [InUseError("This memory is in use by another Mneme.") for _ in range(9)]
    result = mneme("status")
    assert result.exit_code == 1
    assert "in use by another Mneme" in result.stderr


def test_a_reader_that_went_away_is_no_failure_worth_words(mneme: Run, fake: FakeAssistant) -> None:
    fake.failures["status"] = BrokenPipeError()
    result = mneme("status")
    assert (result.exit_code, result.output) == (141, "")


def test_main_returns_exit_codes(doors: FakeDoors, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--json"], doors) == 0
    assert main(["--help"], doors) == 0
    assert main(["nonsense"], doors) == 2
    assert main(["recall", "nothing"], doors) == 3


def test_help_does_not_wait_for_the_engines() -> None:
    code = "import sys; from assistant.cli.main import main; main(['--help']); print('assistant.adapters' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.endswith("False\n")


@pytest.mark.parametrize(
    ("platform", "environment", "there"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"QT_QPA_PLATFORM": "offscreen"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_where_a_window_can_open(platform: str, environment: dict[str, str], there: bool) -> None:
    assert window.has_display(platform, environment) is there


def with_a_display(*_: object) -> bool:
    return True


def without_a_display(*_: object) -> bool:
    return False


def test_without_a_display_the_window_says_what_to_do(mneme: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "has_display", without_a_display)
    result = mneme()
    assert result.exit_code == 1
    assert "mneme demo" in result.stderr


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a child process is started")
def test_the_window_replaces_the_command_and_is_never_taken_from_the_working_folder(
    mneme: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []

    def replaced(_program: str, arguments: list[str], _env: Mapping[str, str]) -> None:
        started.append(arguments)

    def called(*_args: object, **_more: object) -> int:
        return 0

    monkeypatch.setattr(window, "has_display", with_a_display)
    monkeypatch.setattr(os, "execve", replaced)
    monkeypatch.setattr(subprocess, "call", called)
    assert mneme().exit_code == 0
    assert started == [[sys.executable, "-P", "-m", "ui.main"]]


class TestClosing:
    """What a command does when others work through it: its own result first, then a word, then it waits."""

    @pytest.fixture
    def going(self, doors: FakeDoors, monkeypatch: pytest.MonkeyPatch) -> list[Undertaking]:
        """What goes on when the memory closes."""
        found: list[Undertaking] = []

        class Now:
            going = found

        @asynccontextmanager
        async def connect(environment: Environment) -> AsyncGenerator[FakeAssistant]:
            yield doors.assistant
            for _ in range(9 if found else 0):  # told again and again
                environment.leaving(Now())  # type: ignore[arg-type]
                await asyncio.sleep(0)
            print("<closed>")

        monkeypatch.setattr(doors, "connect", connect)
        return found

    def test_the_result_comes_before_the_waiting(self, mneme: Run, going: list[Undertaking]) -> None:
        going.append(Undertaking(kind="run", what="move *.txt\nto b", run_id="run_1", done=12, total=3000))
        result = mneme("status")
        before, _, after = result.stdout.partition("<closed>\n")
        assert (before != "", after) == (True, "")
        assert result.stderr.count("“move *.txt to b” is carried out (12 of 3,000 changes)") == 1
        assert "Ctrl+C cuts it off" in result.stderr

    def test_with_nobody_to_wait_for_it_is_closed_before_anything_is_told(self, mneme: Run, going: list[Undertaking]) -> None:
        """Whoever pages through the result holds nobody up."""
        assert mneme("status").stdout.startswith("<closed>\n")

    def test_json_stays_json(self, mneme: Run, going: list[Undertaking]) -> None:
        going += [Undertaking(kind="undo", what="sort"), Undertaking(kind="call", what="forget")]
        result = mneme("status", "--json")
        assert json.loads(result.stdout.removesuffix("<closed>\n"))
        assert "“sort” is taken back." in result.stderr
        assert "forget, which another Mneme asked for." in result.stderr

    def test_a_failure_is_told_first_and_keeps_its_code(self, mneme: Run, going: list[Undertaking], fake: FakeAssistant) -> None:
        fake.failures["ask"] = PolicyDeniedError("memory.recall is not allowed.")
        going.append(Undertaking(kind="redo", what="sort"))
        result = mneme("ask", "why")
        assert result.exit_code == 4
        assert result.stderr.index("is not allowed") < result.stderr.index("“sort” is done again")
