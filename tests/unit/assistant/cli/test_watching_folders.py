"""`watch` and `unwatch`."""

import json
from pathlib import Path

import pytest

from tests.fakes.assistant import FakeAssistant
from tests.unit.assistant.cli.conftest import Run


def test_a_folder_is_watched_by_the_open_window(mneme: Run, fake: FakeAssistant, tmp_path: Path) -> None:
    result = mneme("watch", str(tmp_path))
    assert result.exit_code == 0
    assert fake.called("watching.watch") == [(str(tmp_path.resolve()),)]
    assert "The Mneme that is open follows it." in result.stdout


@pytest.mark.parametrize("how", ["--no-stay", "--json"])
def test_a_script_need_not_stay(mneme: Run, fake: FakeAssistant, tmp_path: Path, how: str) -> None:
    fake.watching.elsewhere = False
    assert mneme("watch", str(tmp_path), how).exit_code == 0
    assert fake.called("watching.attend") == []


def test_what_is_watched_is_listed(mneme: Run, fake: FakeAssistant) -> None:
    assert "Nothing is followed yet" in mneme("watch").stdout
    fake.watching.put("/a")
    fake.watching.put("/b", watched=False)
    fake.watching.put("/c", online=False)
    lines = mneme("watch").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["watched", "not", "offline"]
    assert "noticed at once" in lines[0]
    told = json.loads(mneme("watch", "--json").stdout)
    assert [(root["path"], root["watched"], root["online"]) for root in told] == [
        ("/a", True, True),
        ("/b", False, True),
        ("/c", True, False),
    ]
    status = mneme("status").stdout
    assert "2 of 3" in status
    assert "offline /c" in status
    assert [root["online"] for root in json.loads(mneme("status", "--json").stdout)["roots"]] == [True, True, False]


def test_a_folder_that_is_gone_can_be_unwatched(mneme: Run, fake: FakeAssistant, tmp_path: Path) -> None:
    gone = tmp_path.resolve() / "gone"
    result = mneme("unwatch", str(gone))
    assert result.exit_code == 0
    assert "what is remembered stays" in result.stdout
    assert fake.called("watching.unwatch") == [(str(gone),)]
    missing = mneme("watch", str(gone))
    assert missing.exit_code == 1
    assert "gone" in missing.stderr
