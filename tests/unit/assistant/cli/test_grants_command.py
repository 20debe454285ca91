"""`grants` and `tools`: what may be done without asking, and what can be done at all."""

import json
from datetime import timedelta

import pytest

from assistant.api.views import Grant, ToolManifest
from assistant.domain.errors import NotFoundError
from tests.fakes.assistant import FakeAssistant
from tests.fakes.health import NOON
from tests.unit.assistant.cli.conftest import Run

GUIDE = {
    "title": {"en": "Sort files", "ru": "Разложить файлы"},
    "summary": {"en": "Sorts.", "ru": "Раскладывает."},
    "examples": {"en": ("sort this", "sort that", "sort all"), "ru": ("разложи это",)},
}
COMMAND = {"name": "sort", "arguments": {}, "effects": ("move",), "permissions": ("fs.write",), "guide": GUIDE}
MANIFEST = ToolManifest.model_validate({"name": "files", "version": "1", "commands": (COMMAND,)})


@pytest.fixture
def permitted(fake: FakeAssistant) -> FakeAssistant:
    always = Grant(
        id="grant_1", tool="files.sort", scope="/d/\u202ea\n", kind="always", at=NOON, expires=NOON + timedelta(days=30)
    )
    fake.permissions.standing = [always, Grant(id="grant_2", tool="memory.ask", scope="", kind="plan", at=NOON)]
    return fake


def test_what_holds_is_listed_with_its_end(mneme: Run, permitted: FakeAssistant) -> None:
    result = mneme("grants")
    first, second = result.stdout.splitlines()
    until = f"{(NOON + timedelta(days=30)).astimezone():%Y-%m-%d}"
    assert (result.exit_code, first) == (0, f"grant_1  files.sort in /d/⟨U+202E⟩a␊ until {until}")
    assert "until" not in second
    assert [grant["id"] for grant in json.loads(mneme("grants", "--json").stdout)] == ["grant_1", "grant_2"]


def test_without_any_mneme_asks_before_everything(mneme: Run, fake: FakeAssistant) -> None:
    result = mneme("grants")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "asks before everything" in result.stderr


def test_a_revoked_one_is_gone_from_the_list(mneme: Run, permitted: FakeAssistant) -> None:
    result = mneme("grants", "--revoke", "grant_1")
    assert (result.exit_code, "grant_1" in result.stdout, "grant_2" in result.stdout) == (0, False, True)
    assert mneme("grants", "--revoke", "grant_2").exit_code == 0
    assert permitted.called("permissions.revoke") == [("grant_1",), ("grant_2",)]


def test_revoking_what_there_is_not_fails(mneme: Run, permitted: FakeAssistant) -> None:
    permitted.failures["permissions.revoke"] = NotFoundError("There is no standing permission x.")
    result = mneme("grants", "--revoke", "x")
    assert (result.exit_code, result.stdout) == (1, "")
    assert permitted.called("permissions.grants") == []


@pytest.mark.parametrize(
    ("language", "title", "example"), [("en", "Sort files", "sort that"), ("ru", "Разложить файлы", "разложи это")]
)
def test_tools_show_two_examples_in_the_language(
    mneme: Run, fake: FakeAssistant, language: str, title: str, example: str
) -> None:
    fake.permissions.manifests = [MANIFEST]
    result = mneme("tools", "--language", language)
    assert result.exit_code == 0
    assert f"files.sort  {title}" in result.stdout
    assert f"mneme do “{example}”" in result.stdout
    assert "sort all" not in result.stdout


def test_tools_as_json_are_manifests(mneme: Run, fake: FakeAssistant) -> None:
    fake.permissions.manifests = [MANIFEST]
    assert ToolManifest.model_validate(json.loads(mneme("tools", "--json").stdout)[0]) == MANIFEST
    assert mneme("tools", "--language", "fr").exit_code == 2
