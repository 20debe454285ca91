"""Moving, copying and trashing: what is named goes where it is said, with all in it, and nothing is overwritten."""

import os
from pathlib import Path

import pytest

from assistant.config import Acting
from assistant.domain.errors import ArgumentError, NotFoundError, PathRefusedError
from assistant.tools.names import name_of
from tests.fakes.seeing import NOW, DiskFiles, Toolbox, sight

DAY = 24 * 3600


@pytest.fixture
def full(box: Toolbox) -> Toolbox:
    box.put(**{"a.txt": "a", "b.pdf": "b", "sub/c.txt": "c", "sub/deep/d.txt": "d", "out/a.txt": "old"})
    return box


async def test_named_entries_move_and_taken_names_get_numbers(full: Toolbox):
    after = await full.do("files.move", paths=[full.path("a.txt"), full.path("sub")], target=full.path("out"))
    assert after == {
        "b.pdf": b"b",
        "out": "/",
        "out/a.txt": b"old",
        "out/a (2).txt": b"a",
        "out/sub": "/",
        "out/sub/c.txt": b"c",
        "out/sub/deep": "/",
        "out/sub/deep/d.txt": b"d",
    }


async def test_what_lies_in_a_named_folder_goes_with_it(full: Toolbox):
    outcome = await full.call("files.move", paths=[full.path("sub/c.txt"), full.path("sub")], target=full.path("new/place"))
    assert [(change.kind.value, change.items) for change in outcome.changes] == [("mkdir", 1), ("mkdir", 1), ("move", 4)]
    assert outcome.expects == {"moved": 4}


async def test_files_of_a_folder_by_pattern(full: Toolbox):
    after = await full.do("files.move", folder=full.path(), glob="*.TXT", target=full.path("texts"), deep=True)
    assert {"texts/a.txt", "texts/a (2).txt", "texts/c.txt", "texts/d.txt"} <= set(after)


async def test_one_file_may_get_a_name_with_its_place(full: Toolbox):
    after = await full.do("files.move", paths=[full.path("a.txt")], target=full.path("new/b.txt"))
    assert after["new/b.txt"] == b"a"
    assert "out/b.pdf" in await full.do("files.move", paths=[full.path("b.pdf")], target=full.path("out"))


async def test_a_folder_does_not_move_into_itself(full: Toolbox):
    outcome = await full.call("files.move", paths=[full.path("sub")], target=full.path("sub/deep"))
    assert outcome.conflicts[0].reason == "A folder cannot be moved into itself."
    assert (await full.call("files.move", paths=[full.path("a.txt")], target=full.path())).empty
    stays = await full.call("files.move", paths=[full.path("b.pdf"), full.path("sub")], target=full.path("a.txt"))
    assert "something stands there" in stays.conflicts[0].reason


async def test_links_are_left_alone_and_named_ones_too(full: Toolbox):
    Path(full.path("link.txt")).symlink_to(full.path("a.txt"))
    Path(full.path("sub/link.txt")).symlink_to(full.path("a.txt"))
    outcome = await full.call("files.trash", paths=[full.path("link.txt")])
    assert (outcome.empty, outcome.text) == (True, "Entries for the trash: 0. Left alone: links: 1.")
    outcome = await full.call("files.copy", "ru", paths=[full.path("sub")], target=full.path("copy"))
    assert "ссылки: 1" in outcome.text


async def test_copies_keep_time_and_mode(full: Toolbox):
    source = full.root / "a.txt"
    source.chmod(0o600)
    os.utime(source, ns=(5, 7_000_000_000))
    outcome = await full.call("files.copy", paths=[str(source)], target=full.path("out"))
    change = outcome.changes[0]
    assert (change.path, change.mode, change.mtime_ns) == (full.path("out/a (2).txt"), 0o600, 7_000_000_000)


async def test_a_folder_is_copied_with_all_in_it_beside_and_into_itself(full: Toolbox):
    after = await full.do("files.copy", paths=[full.path("sub")], target=full.path())
    assert after["sub (2)/deep/d.txt"] == b"d"
    after = await full.do("files.copy", paths=[full.path("sub")], target=full.path("sub"))
    assert after["sub/sub/deep/d.txt"] == b"d"
    assert "sub/sub/sub" not in after


async def test_what_cannot_be_copied_is_counted(full: Toolbox):
    full.write("odd\u200bname", "x")
    full.write("large", b"x" * 2_000_000)
    small = {"settings": Acting(undo_file_mb=1)}
    outcome = await full.call("files.copy", more=small, folder=full.path(), target=full.path("out"))
    assert "odd names: 1" in outcome.text
    assert "too large to copy: 1" in outcome.text

    class Shy(DiskFiles):
        async def read(self, path: str, most: int) -> bytes:
            raise PathRefusedError("no")

    looking = sight(Shy(full.root), full.blobs)
    outcome = await full.invoker.call("files.copy", {"paths": [full.path("a.txt")], "target": full.path("out")}, looking)
    assert "unreadable: 1" in outcome.text


async def test_trash_counts_what_goes(full: Toolbox):
    outcome = await full.call("files.trash", paths=[full.path("sub"), full.path("b.pdf")])
    assert [(change.items, change.size) for change in outcome.changes] == [(1, 1), (4, 2)]
    assert set(await full.do("files.trash", paths=[full.path("sub"), full.path("b.pdf")])) == {"a.txt", "out", "out/a.txt"}


async def test_trash_by_age_and_size(full: Toolbox):
    now = NOW.timestamp()
    full.write("old.txt", "x", now - 40 * DAY)
    full.write("new.txt", "x", now - DAY)
    full.write("large.txt", "x" * 1000, now - 40 * DAY)
    for name in ("a.txt", "b.pdf"):
        os.utime(full.path(name), (now, now))
    old = await full.call("files.trash", folder=full.path(), older_days=30)
    assert [name_of(change.path) for change in old.changes] == ["large.txt", "old.txt"]
    large = await full.call("files.trash", folder=full.path(), older_days=30, larger_bytes=100)
    assert [name_of(change.path) for change in large.changes] == ["large.txt"]


async def test_hidden_files_and_programs_folders_are_left_alone(full: Toolbox):
    full.put(**{".secret": "x", "node_modules/m/i.js": "x", ".git/config": "x", "venv/lib.py": "x"})
    outcome = await full.call("files.trash", folder=full.path(), deep=True)
    assert all("node_modules" not in change.path and "/." not in change.path for change in outcome.changes)
    assert "hidden or of programs: 4" in outcome.text
    hidden = await full.call("files.trash", folder=full.path(), glob=".s*")
    assert [change.path for change in hidden.changes] == [full.path(".secret")]


async def test_what_is_not_there_is_not_found(full: Toolbox):
    with pytest.raises(NotFoundError, match="nothing at"):
        await full.call("files.trash", paths=[full.path("nothing")])
    with pytest.raises(ArgumentError):
        await full.call("files.trash", paths=["nothing"])
    with pytest.raises(PathRefusedError):
        await full.call("files.trash", paths=["/etc/passwd"])


async def test_copying_over_what_stands_in_the_way_stops_the_plan(full: Toolbox):
    outcome = await full.call("files.copy", paths=[full.path("b.pdf"), full.path("sub")], target=full.path("a.txt"))
    assert "something stands there" in outcome.conflicts[0].reason
    full.put(**{"twins/A.txt": "A", "twins/a.txt": "a"})
    outcome = await full.call("files.copy", paths=[full.path("twins")], target=full.path("out"))
    assert "something stands there" in outcome.conflicts[0].reason
