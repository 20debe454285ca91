"""New text files, and text added to those that are there."""

import pytest

from assistant.domain.errors import ArgumentError
from assistant.domain.tool import Outcome, Table, Taint
from assistant.tools.builtin.text.writing import below_heading, continued
from tests.fakes.seeing import Toolbox

TABLE = {"columns": ["a"], "rows": [["=1"]]}


async def test_a_new_file_with_the_folders_on_the_way(box: Toolbox):
    after = await box.do("text.create", "ru", path=box.path("notes/new.md"), content="привет")
    assert after["notes/new.md"] == "привет\n".encode()


async def test_a_file_that_is_there_is_never_replaced(box: Toolbox):
    path = box.write("a.md", "old")
    outcome = await box.call("text.create", path=path, content="new")
    assert (outcome.changes, outcome.conflicts[0].reason) == ((), "Something stands there already.")


@pytest.mark.parametrize(("name", "content"), [("a.md", b"| a |\n| --- |\n| =1 |\n"), ("a.csv", b"\xef\xbb\xbfa\r\n'=1\r\n")])
async def test_tables_of_earlier_steps(box: Toolbox, name: str, content: bytes):
    assert (await box.do("text.create", path=box.path(name), content=TABLE))[name] == content


async def test_what_came_from_earlier_steps_is_told(box: Toolbox):
    inner = Taint(argument="x", origin="web", source="site")
    found = {
        "s1": Outcome(text="some found text", taints=(inner,)),
        "s2": Outcome(table=Table(columns=("a",), rows=(("=1",),))),
        "s3": Outcome(text="never used"),
    }
    outcome = await box.call("text.create", more={"found": found}, path=box.path("a.md"), content="> some found text")
    assert [(taint.origin, taint.source) for taint in outcome.taints] == [("tool", "s1"), ("web", "site")]
    outcome = await box.call("text.create", more={"found": found}, path=box.path("a.md"), content=TABLE)
    assert [(taint.argument, taint.source) for taint in outcome.taints] == [("content", "s2")]
    assert (await box.call("text.create", path=box.path("a.md"), content="own words")).taints == ()


async def test_adding_makes_the_file_if_need_be(box: Toolbox):
    assert (await box.do("text.append", path=box.path("a.md"), content="x", heading="Today"))["a.md"] == b"## Today\n\nx\n"
    assert (await box.do("text.append", path=box.path("b.md"), content="x"))["b.md"] == b"x\n"


async def test_adding_keeps_encoding_and_line_ends(box: Toolbox):
    old = "Первая строка заметки\r\nвторая строка заметки".encode("cp1251")
    path = box.write("a.txt", old)
    after = await box.do("text.append", "ru", path=path, content="третья\nчетвёртая")
    assert after["a.txt"] == old + "\r\nтретья\r\nчетвёртая\r\n".encode("cp1251")
    outcome = await box.call("text.append", path=path, content="日本")
    assert "cannot be written in the file's encoding (cp1251)" in outcome.conflicts[0].reason
    with pytest.raises(ArgumentError, match="it is no text"):
        await box.call("text.append", path=box.write("b.bin", b"\0"), content="x")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A\n\none\n\n# B\n\ntwo\n", "# A\n\none\nNEW\n\n# B\n\ntwo\n"),
        ("# A\n## sub\none\n# B\n", "# A\n## sub\none\nNEW\n# B\n"),
        ("# A", "# A\nNEW\n"),
        ("```\n# A\n```\n# a #\nx", "```\n# A\n```\n# a #\nx\nNEW\n"),
        ("# B\nx", "# B\nx\n\n## A\n\nNEW\n"),
        ("", "## A\n\nNEW\n"),
        ("# A\n\n\n", "# A\nNEW\n\n\n"),
    ],
)
def test_below_a_heading(text: str, expected: str):
    assert below_heading(text, "A", "NEW\n", "\n") == expected


def test_continuing():
    assert continued("a", "b\r\n", "\r\n") == "a\r\nb\r\n"
    assert continued("", "b", "\n") == "b"
