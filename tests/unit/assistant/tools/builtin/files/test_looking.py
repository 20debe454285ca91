"""Listing, comparing and opening change nothing."""

from pathlib import Path
from typing import Any

import pytest

from assistant.domain.errors import ArgumentError, NotFoundError
from tests.fakes.seeing import NOW, Toolbox

DAY = 24 * 3600


async def test_files_with_size_time_and_kind(box: Toolbox):
    box.write("a.pdf", "12345", NOW.timestamp() - DAY)
    box.write("b.txt", "1", NOW.timestamp() - 20 * DAY)
    outcome = await box.call("files.list", "ru", folder=box.path())
    assert outcome.table is not None
    assert outcome.table.columns == ("путь", "байт", "изменён", "вид")
    assert outcome.table.rows[0] == (box.path("a.pdf"), "5", "2024-06-14 12:00", "документ")
    assert outcome.text == "Файлов: 2, 0.0 МиБ."
    newer = await box.call("files.list", folder=box.path(), newer_days=7, smaller_bytes=10)
    assert newer.table is not None
    assert len(newer.table.rows) == 1
    assert (await box.call("files.list", folder=box.path(), larger_bytes=5)).empty


async def test_folders_stand_before_files_unless_something_narrows(box: Toolbox):
    box.put(**{"z.txt": "1", "sub/a.txt": "2", ".hidden/b": "3"})
    outcome = await box.call("files.list", folder=box.path())
    assert outcome.table is not None
    assert [(row[0], row[1], row[3]) for row in outcome.table.rows] == [
        (box.path("sub"), "", "folder"),
        (box.path("z.txt"), "1", "document"),
    ]
    assert outcome.text == "Files: 1, 0.0 MiB. Folders: 1."
    ways: list[dict[str, Any]] = [{"glob": "*"}, {"deep": True}, {"older_days": 0}]
    for narrowed in ways:
        assert "Folders" not in (await box.call("files.list", folder=box.path(), **narrowed)).text


async def test_long_lists_are_cut_and_say_so(box: Toolbox):
    for n in range(2003):
        box.write(f"{n}", "x")
    outcome = await box.call("files.list", folder=box.path())
    assert "Not shown: 3." in outcome.text


async def test_two_texts_line_by_line(box: Toolbox):
    left, right = box.write("l.txt", "one\ntwo\nthree\n"), box.write("r.txt", "one\n2\nthree\nfour\n")
    outcome = await box.call("files.compare", left=left, right=right)
    assert outcome.text.startswith("Lines only left: 1, only right: 2.")
    assert "    -two\n    +2\n" in outcome.text
    same = await box.call("files.compare", left=left, right=box.write("s.txt", "one\ntwo\nthree\n"))
    assert same.empty
    many = box.write("m.txt", "".join(f"{n}\n" for n in range(1000)))
    assert "Not shown" in (await box.call("files.compare", left=left, right=many)).text


async def test_what_is_no_text_is_compared_by_its_bytes(box: Toolbox):
    left, right = box.write("l.bin", b"\0a"), box.write("r.bin", b"\0b")
    outcome = await box.call("files.compare", "ru", left=left, right=right)
    assert outcome.text.endswith("Байт: 2 / 2.")


async def test_two_folders_file_by_file(box: Toolbox):
    box.put(**{"l/same": "x", "l/differs": "1", "l/left": "1", "l/kind": "x", "l/sub/deep": "x"})
    box.put(**{"r/same": "x", "r/differs": "2", "r/right": "1", "r/kind/x": "x", "r/sub/deep": "xx"})
    outcome = await box.call("files.compare", left=box.path("l"), right=box.path("r"))
    assert outcome.table is not None
    assert outcome.table.rows == (
        ("differs", "differs"),
        ("kind", "differs"),
        ("kind/x", "only right"),
        ("left", "only left"),
        ("right", "only right"),
        ("sub/deep", "differs"),
    )
    assert outcome.text == "The same: 2, different: 6."
    with pytest.raises(ArgumentError, match="two files or two folders"):
        await box.call("files.compare", left=box.path("l"), right=box.path("r/same"))
    with pytest.raises(NotFoundError):
        await box.call("files.compare", left=box.path("l"), right=box.path("z"))


async def test_opening_is_wanted_and_not_done(box: Toolbox):
    path = box.write("a.pdf", "x")
    outcome = await box.call("files.open", path=path)
    assert (outcome.opens, outcome.reveal, outcome.text) == ((path,), False, f"Opened: {path}")
    shown = await box.call("files.open", "ru", path=path, reveal=True)
    assert (shown.reveal, shown.text) == (True, f"Показано: {path}")
    Path(box.path("link")).symlink_to(path)
    with pytest.raises(NotFoundError):
        await box.call("files.open", path=box.path("gone"))
