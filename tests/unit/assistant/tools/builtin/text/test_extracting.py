"""Lines and rows of tables that match, collected into CSV."""

import sys

import pytest

from assistant.domain.errors import ArgumentError
from tests.fakes.seeing import Toolbox

CLIENTS = 'Name,City,Sum\nAnna,Berlin,-5\nBoris,Moscow,7\n"Carl, Jr",Berlin,=1+1\n'
NOTES = "# Notes\n\n| City | Mood |\n|---|---|\n| Berlin | grey \\| wet |\n| Rome | fine |\n\nBerlin is far.\n"


@pytest.fixture
def full(box: Toolbox) -> Toolbox:
    box.put(**{"clients.csv": CLIENTS, "notes.md": NOTES, "log.txt": "one\r\n  Berlin 2024-05-17 \r\n", "bin": b"\0Berlin"})
    return box


async def test_rows_keep_their_columns_and_places(full: Toolbox):
    outcome = await full.call("text.extract", paths=[full.path("clients.csv")], matching="berlin")
    assert outcome.table is not None
    assert outcome.table.columns == ("Name", "City", "Sum", "place")
    assert outcome.table.rows == (
        ("Anna", "Berlin", "-5", full.path("clients.csv:2")),
        ("Carl, Jr", "Berlin", "=1+1", full.path("clients.csv:4")),
    )


async def test_everything_goes_under_common_columns(full: Toolbox):
    outcome = await full.call("text.extract", "ru", folder=full.path(), matching="Berlin")
    assert outcome.table is not None
    assert outcome.table.columns == ("строка", "Name", "City", "Sum", "Mood", "место")
    assert [row[:-1] for row in outcome.table.rows] == [
        ("", "Anna", "Berlin", "-5", ""),
        ("", "Carl, Jr", "Berlin", "=1+1", ""),
        ("Berlin 2024-05-17", "", "", "", ""),
        ("", "", "Berlin", "", "grey | wet"),
        ("Berlin is far.", "", "", "", ""),
    ]
    assert outcome.text == "Подходящих строк: 5. Не тронуто: не текст: 1."


async def test_the_file_is_harmless_to_spreadsheets_and_not_read_again(full: Toolbox):
    after = await full.do(
        "text.extract", folder=full.path(), matching="Berlin", columns=["name", "sum"], target=full.path("o.csv")
    )
    content = after["o.csv"]
    assert isinstance(content, bytes)
    assert content.decode("utf-8-sig").splitlines()[:3] == [
        "Name,Sum,place",
        f"Anna,-5,{full.path('clients.csv:2')}",
        f'"Carl, Jr",\'=1+1,{full.path("clients.csv:4")}',
    ]
    again = await full.call(
        "text.extract", folder=full.path(), matching="Berlin", columns=["name", "sum"], target=full.path("o.csv")
    )
    assert again.changes[0].size == len(content)
    assert {taint.origin for taint in again.taints} == {"file"}


async def test_expressions_and_case(full: Toolbox):
    outcome = await full.call("text.extract", folder=full.path(), matching=r"\d{4}-\d\d-\d\d", regex=True)
    assert len(outcome.table.rows if outcome.table else ()) == 1
    assert (await full.call("text.extract", folder=full.path(), matching="berlin", case=True)).empty
    full.write("long.txt", "x" * 6000 + "1")
    outcome = await full.call("text.extract", folder=full.path(), matching="x+1", regex=True)
    assert "lines too long for the expression: 1" in outcome.text


async def test_what_cannot_be(full: Toolbox):
    with pytest.raises(ArgumentError, match=r"as \.csv"):
        await full.call("text.extract", folder=full.path(), matching="x", target=full.path("o.md"))
    with pytest.raises(ArgumentError, match="No table has the columns Age"):
        await full.call("text.extract", folder=full.path(), matching="Berlin", columns=["Age"])
    full.write("bad.csv", "a,b\n" + '"' + "x" * 200_000 + '"\nBerlin')
    outcome = await full.call("text.extract", paths=[full.path("bad.csv")], matching="berlin")
    assert outcome.table is not None
    assert outcome.table.rows == (("Berlin", full.path("bad.csv:3")),)


async def test_there_is_an_end_to_what_is_collected(full: Toolbox, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys.modules["assistant.tools.builtin.text.extract"], "_MOST_ROWS", 0)
    outcome = await full.call("text.extract", folder=full.path(), matching="berlin")
    assert len(outcome.table.rows if outcome.table else ()) == 2
