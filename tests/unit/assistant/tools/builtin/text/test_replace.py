"""Replacing across files: exactly what was meant, in the encoding and with the line ends that were there."""

from typing import Any

import pytest

from assistant.domain.errors import ArgumentError, StorageError
from assistant.domain.tool import Arguments, Outcome
from tests.fakes.seeing import DiskFiles, Toolbox, sight


async def test_across_files_with_counts(box: Toolbox):
    box.put(**{"a.md": "colour Colour colours\n", "sub/b.md": "colour", "c.txt": "colour", "d.md": "none"})
    outcome = await box.call("text.replace", "ru", folder=box.path(), glob="*.md", deep=True, find="colour", replace="color")
    assert outcome.table is not None
    assert outcome.table.rows == ((box.path("a.md"), "2"), (box.path("sub/b.md"), "1"))
    assert outcome.text == "Замен: 3, файлов: 2."
    after = await box.do("text.replace", folder=box.path(), glob="*.md", deep=True, find="colour", replace="color")
    assert (after["a.md"], after["c.txt"]) == (b"color Colour colors\n", b"colour")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"find": "Иван", "whole_word": True}, "Пётр, иван, Иванов"),
        ({"find": "иван", "case": False}, "Пётр, Пётр, Пётров"),
        ({"find": "иван", "case": False, "whole_word": True}, "Пётр, Пётр, Иванов"),
        ({"find": r"(\w)ван\b", "regex": True}, "Пётр, Пётр, Иванов"),
        ({"find": r"(\w)ван", "regex": True, "replace": r"<\1>"}, "<И>, <и>, <И>ов"),
    ],
)
async def test_ways_to_look(box: Toolbox, more: dict[str, Any], expected: str):
    path = box.write("a.txt", "Иван, иван, Иванов")
    after = await box.do("text.replace", paths=[path], **{"replace": "Пётр", **more})
    assert after["a.txt"] == expected.encode()


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r", "cp866"])
async def test_encodings_and_line_ends_stay(box: Toolbox, codec: str):
    text = "Заказчик платит исполнителю.\r\nКлиент платит в срок.\nконец\r"
    path = box.write("a.txt", text.encode(codec))
    after = await box.do("text.replace", paths=[path], find="исполнителю.\nКлиент", replace="всё.\nОн")
    assert after["a.txt"] == text.replace("исполнителю.\r\nКлиент", "всё.\r\nОн").encode(codec)


async def test_letters_the_encoding_lacks_stop_the_plan(box: Toolbox):
    path = box.write("a.txt", "Клиент платит в срок, клиент доволен".encode("cp1251"))
    outcome = await box.call("text.replace", paths=[path], find="срок", replace="月")
    assert outcome.changes == ()
    assert "cp1251" in outcome.conflicts[0].reason
    assert not outcome.empty


async def test_what_is_no_text_or_too_long_is_left(box: Toolbox):
    box.put(**{"a.bin": b"x\0", "b.txt": "x" * 6000, "c.txt": "xy\nxy"})
    outcome = await box.call("text.replace", folder=box.path(), find="x+", replace="z", regex=True)
    assert [change.path for change in outcome.changes] == [box.path("c.txt")]
    assert "no text, too large, or in an unknown encoding: 1" in outcome.text
    assert "lines too long for the expression: 1" in outcome.text


async def test_a_named_folder_means_all_files_in_it(box: Toolbox):
    box.put(**{"d/a.txt": "x", "d/sub/b.txt": "x", "d/.hidden": "x", "c.txt": "x"})
    after = await box.do("text.replace", paths=[box.path("d")], find="x", replace="y")
    assert [name for name, content in after.items() if content == b"y"] == ["d/a.txt", "d/sub/b.txt"]


async def test_ages_and_sizes_choose_named_files_too(box: Toolbox):
    paths = [box.write("a.txt", "x"), box.write("b.txt", "x" * 100)]
    outcome = await box.call("text.replace", paths=paths, find="x", replace="y", larger_bytes=10)
    assert [change.path for change in outcome.changes] == paths[1:]


async def test_files_nobody_may_read_are_left(box: Toolbox):
    class Shy(DiskFiles):
        async def read(self, path: str, most: int) -> bytes:
            raise StorageError("no")

    arguments: Arguments = {"paths": [box.write("a.txt", "x")], "find": "x", "replace": "y"}
    outcome = await box.invoker.call("text.replace", arguments, sight(Shy(box.root), box.blobs))
    assert outcome.empty


@pytest.mark.parametrize(
    "more",
    [
        {"find": "(a+)+", "regex": True},
        {"find": "(", "regex": True},
        {"find": "a", "regex": True, "replace": r"\2"},
        {"find": ""},
    ],
)
async def test_what_cannot_be_looked_for(box: Toolbox, more: dict[str, Any]):
    arguments: dict[str, Any] = {"replace": "b", **more}
    with pytest.raises(ArgumentError):
        await box.call("text.replace", folder=box.path(), **arguments)


async def test_a_plain_replacement_is_no_template_and_its_origin_is_told(box: Toolbox):
    path = box.write("a.txt", "a")
    found = {"s1": Outcome(text=r"\1 \g<0>")}
    outcome = await box.call("text.replace", more={"found": found}, paths=[path], find="a", replace=r"\1 \g<0>")
    assert box.blobs.kept[outcome.changes[0].blob] == rb"\1 \g<0>"
    assert outcome.taints[0].source == "s1"
    assert (await box.call("text.replace", paths=[path], find="z", replace="b")).empty
