"""The requests of the first day, in both languages: which command they become, and with which arguments."""

import pytest

from tests.unit.assistant.orchestrator.understanding.desk_of_anna import DOWNLOADS, WORK, outcome, understood


@pytest.mark.parametrize(
    ("request_text", "tool", "arguments"),
    [
        ("разложи скриншоты по месяцам", "files.sort", {"by": "month", "folder": WORK}),
        ("sort the screenshots by month", "files.sort", {"by": "month", "folder": WORK}),
        ("delete old.log", "files.trash", {"paths": [f"{WORK}/old.log"]}),
        ("clean up files older than 30 days in Downloads", "files.clean", {"folder": DOWNLOADS, "older_days": 30}),
        ("что изменилось в ~/work с 2020-01-01", "git.changes", {"repository": WORK, "since": "2020-01-01"}),
    ],
)
async def test_a_request_becomes_a_command(request_text: str, tool: str, arguments: dict[str, object]) -> None:
    found = await understood(request_text)
    assert outcome(found) == tool
    assert arguments.items() <= found.intents[0].arguments.items()
