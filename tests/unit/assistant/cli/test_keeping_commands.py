"""`rebuild`, `backup`, `restore` and `collect`."""

import json
from pathlib import Path

import pytest

from assistant.domain.errors import DamagedError
from tests.fakes.assistant import FakeAssistant
from tests.unit.assistant.cli.conftest import FakeDoors, Run


@pytest.mark.parametrize(
    ("options", "text", "vectors"), [((), True, True), (("--sparse",), True, False), (("--dense",), False, True)]
)
def test_rebuild_writes_what_is_named_or_both(
    mneme: Run, fake: FakeAssistant, options: tuple[str, ...], text: bool, vectors: bool
) -> None:
    assert mneme("rebuild", *options).exit_code == 0
    assert fake.called("upkeep.rebuild") == [(text, vectors)]
    assert json.loads(mneme("rebuild", *options, "--json").stdout).keys() == {"passages"}


def test_backup_goes_to_a_file_of_ones_own_or_beside_the_automatic_ones(mneme: Run, fake: FakeAssistant, tmp_path: Path) -> None:
    assert mneme("backup").exit_code == 0
    assert mneme("backup", str(tmp_path / "mine.db"), "--json").exit_code == 0
    assert fake.called("upkeep.backup") == [("",), (str(tmp_path / "mine.db"),)]
    assert "records-1.db" in mneme("backup", "--list").stdout
    assert [one["chunks"] for one in json.loads(mneme("backup", "--list", "--json").stdout)] == [2]


def test_restore_puts_a_file_or_the_newest_back(mneme: Run, fake: FakeAssistant, tmp_path: Path) -> None:
    assert "Put back " in mneme("restore").stdout
    assert json.loads(mneme("restore", str(tmp_path / "mine.db"), "--json").stdout)["sources"] == 1
    assert fake.called("upkeep.restore") == [("",), (str(tmp_path / "mine.db"),)]


def test_restore_works_where_the_records_cannot_be_opened(mneme: Run, fake: FakeAssistant, doors: FakeDoors) -> None:
    doors.refusals = [DamagedError("The record database is damaged.")]
    assert "Put back " in mneme("restore").stdout
    assert doors.put == [""]
    assert not fake.called("upkeep.restore")


def test_a_backup_that_is_damaged_itself_is_refused(mneme: Run, fake: FakeAssistant, doors: FakeDoors) -> None:
    fake.failures["upkeep.restore"] = DamagedError("The backup is damaged.")
    result = mneme("restore")
    assert result.exit_code == 1
    assert "The backup is damaged." in result.stderr
    assert doors.put == []


def test_collect_tells_what_was_given_back_and_what_is_used(mneme: Run, fake: FakeAssistant) -> None:
    told = mneme("collect").stdout
    assert "given back" in told or "dropped" in told
    assert json.loads(mneme("collect", "--json").stdout).keys() == {"freed", "vectors", "used", "budget"}
    assert len(fake.called("upkeep.collect")) == 2
