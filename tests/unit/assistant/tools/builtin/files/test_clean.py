"""Cleaning up: empty folders from the bottom, old and large files into the trash."""

import os

from assistant.tools.names import name_of
from tests.fakes.seeing import NOW, Toolbox

DAY = 24 * 3600


async def test_empty_folders_and_those_of_empty_folders_go(box: Toolbox):
    for name in ("a/b/c", "a/d", "full/empty", ".hidden/empty", "node_modules/x", "e"):
        (box.root / name).mkdir(parents=True)
    box.put(**{"full/f.txt": "x"})
    outcome = await box.call("files.clean", folder=box.path(), what="empty folders")
    gone = [os.path.relpath(change.path, box.root) for change in outcome.changes]
    assert set(gone) == {"a/b/c", "a/b", "a/d", "a", "full/empty", "e"}
    assert gone.index("a/b/c") < gone.index("a/b") < gone.index("a")
    assert outcome.text == "Files for the trash: 0 (0.0 MiB). Empty folders: 6."
    after = await box.do("files.clean", folder=box.path(), what="empty folders")
    assert set(after) == {"full", "full/f.txt", ".hidden", ".hidden/empty", "node_modules", "node_modules/x"}
    assert (await box.call("files.clean", folder=box.path(), what="empty folders")).empty


async def test_old_files_go_by_the_settings_age(box: Toolbox):
    now = NOW.timestamp()
    box.write("old.zip", "x", now - 31 * DAY)
    box.write("new.zip", "x", now - 29 * DAY)
    outcome = await box.call("files.clean", "ru", folder=box.path(), what="old files")
    assert [name_of(change.path) for change in outcome.changes] == ["old.zip"]
    assert outcome.changes[0].why == "изменён 31 дн. назад, 0.0 МиБ"


async def test_by_size_alone_and_by_pattern(box: Toolbox):
    box.write("a.iso", "x" * 100, NOW.timestamp())
    box.write("b.iso", "x", NOW.timestamp())
    box.write("c.txt", "x" * 100, NOW.timestamp())
    outcome = await box.call("files.clean", folder=box.path(), what="old files", larger_bytes=50, glob="*.iso")
    assert [name_of(change.path) for change in outcome.changes] == ["a.iso"]


async def test_folders_that_get_empty_go_too(box: Toolbox):
    box.write("sub/old.zip", "x", 5)
    box.write("keep.txt", "x", NOW.timestamp())
    assert set(await box.do("files.clean", folder=box.path())) == {"keep.txt"}
