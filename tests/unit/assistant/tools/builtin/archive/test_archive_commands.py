"""What is made of archives: hostile names stay outside, nothing is overwritten, rights and times come along."""

from collections.abc import Sequence
from typing import Any

import pytest

from assistant.domain.change import ChangeKind
from assistant.domain.errors import ArchiveError
from assistant.ports.acting import ArchiveMember
from assistant.tools.builtin.archive.commands import placed
from tests.fakes.seeing import Toolbox


class Held:
    """Archives that hold what they are told to, and remember what was packed into them."""

    def __init__(self, box: Toolbox) -> None:
        self._box = box
        self.members: list[ArchiveMember] = []
        self.packed: list[tuple[str, str]] = []

    async def add(self, name: str, kind: Any = "file", content: bytes = b"x", mode: int = 0o644, mtime: float = 0.0) -> None:
        blob = await self._box.blobs.put(content) if kind == "file" else ""
        self.members.append(ArchiveMember(name, kind, len(content) if blob else 0, mode, mtime, blob))

    async def read(self, path: str, tell: object = None) -> list[ArchiveMember]:
        return self.members

    async def make(self, kind: str, entries: Sequence[tuple[str, str]], tell: object = None) -> tuple[str, int]:
        self.packed = [*entries]
        return await self._box.blobs.put(b"packed"), 6


@pytest.fixture
def held(box: Toolbox) -> Held:
    box.write("it.zip", "")
    return Held(box)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("a/b.txt", "a/b.txt"),
        ("./a/./b", "a/b"),
        ("folder/", "folder"),
        ("win\\dows.txt", "win/dows.txt"),
        ("../x", None),
        ("a/../../x", None),
        ("a\\..\\x", None),
        ("/etc/passwd", None),
        ("\\\\server\\share", None),
        ("C:\\x", None),
        ("c:x", None),
        ("a//b", None),
        ("", None),
        (".", None),
        ("a\0b", None),
        ("a\u202eb", None),
        ("nul", None),
        ("a. ", None),
    ],
)
def test_a_name_leads_below_the_target_or_nowhere(name: str, place: str | None) -> None:
    assert placed(name) == place


async def test_unpacking_makes_a_folder_and_leaves_out_what_leads_elsewhere(box: Toolbox, held: Held) -> None:
    await held.add("docs", "folder")
    await held.add("docs/run.sh", mode=0o4777, mtime=1_700_000_000.5)
    await held.add("docs/secret", mode=0o000)
    for name in ("../../evil", "/etc/evil", "C:\\evil"):
        await held.add(name)
    await held.add("docs/link", "other")
    found = await box.call("archive.unpack", more={"archives": held}, path=box.path("it.zip"))
    made = {change.path: change for change in found.changes}
    script = made[box.path("it/docs/run.sh")]
    assert (script.kind, script.mode, script.mtime_ns) == (ChangeKind.CREATE, 0o755, 1_700_000_000_500_000_000)
    assert made[box.path("it/docs/secret")].mode == 0o644
    assert made[box.path("it/docs/secret")].mtime_ns is None
    assert set(made) == {box.path(name) for name in ("it", "it/docs", "it/docs/run.sh", "it/docs/secret")}
    assert "4 entries are left out" in found.text
    assert [(taint.origin, taint.source) for taint in found.taints] == [("file", box.path("it.zip"))]


async def test_nothing_is_overwritten(box: Toolbox, held: Held) -> None:
    box.write("it/mine.txt", "mine")
    await held.add("mine.txt")
    beside = await box.call("archive.unpack", more={"archives": held}, path=box.path("it.zip"))
    assert box.path("it (2)/mine.txt") in {change.path for change in beside.changes}
    into = await box.call("archive.unpack", more={"archives": held}, path=box.path("it.zip"), target=box.path("it"))
    assert [conflict.path for conflict in into.conflicts] == [box.path("it/mine.txt")]
    assert into.changes == ()


async def test_two_members_of_one_name_are_a_conflict(box: Toolbox, held: Held) -> None:
    await held.add("a.txt", content=b"1")
    await held.add("A.TXT", content=b"2")
    found = await box.call("archive.unpack", more={"archives": held}, path=box.path("it.zip"))
    assert [conflict.path for conflict in found.conflicts] == [box.path("it/A.TXT")]


async def test_an_empty_archive_is_nothing_to_do(box: Toolbox, held: Held) -> None:
    found = await box.call("archive.unpack", more={"archives": held}, path=box.path("it.zip"))
    assert (found.empty, found.changes, found.taints) == (True, (), ())


@pytest.mark.parametrize(
    ("language", "columns", "text"),
    [("en", ("name", "bytes"), "2 entries in it.zip."), ("ru", ("имя", "байты"), "В it.zip объектов: 2.")],
)
async def test_listing_shows_names_as_they_are_written(
    box: Toolbox, held: Held, language: str, columns: tuple[str, str], text: str
) -> None:
    await held.add("../evil", content=b"abc")
    await held.add("d", "folder")
    found = await box.call("archive.list", language, more={"archives": held}, path=box.path("it.zip"))
    assert found.table is not None
    assert (found.text, found.table.columns) == (text, columns)
    assert found.table.rows == (("../evil", "3"), ("d", "folder"))
    assert found.changes == ()


async def test_packing_leaves_links_out_and_does_not_pack_itself(box: Toolbox, held: Held) -> None:
    box.write("d/a.txt", "x")
    (box.root / "d/link").symlink_to("/etc/passwd")
    found = await box.call("archive.pack", more={"archives": held}, paths=[box.path("d")], target=box.path("d/all.zip"))
    assert [inside for _, inside in held.packed] == ["d", "d/a.txt"]
    assert "1 links are left out" in found.text
    (change,) = found.changes
    assert (change.kind, change.path, change.size) == (ChangeKind.CREATE, box.path("d/all.zip"), 6)


async def test_packing_onto_what_is_there_is_a_conflict(box: Toolbox, held: Held) -> None:
    found = await box.call("archive.pack", more={"archives": held}, paths=[box.path("it.zip")], target=box.path("it.zip"))
    assert [conflict.path for conflict in found.conflicts] == [box.path("it.zip")]


@pytest.mark.parametrize(
    ("paths", "target", "why"), [(["it.zip"], "all.rar", "all.rar is no name"), (["gone"], "all.zip", "gone is not there")]
)
async def test_what_cannot_be_packed_is_told(box: Toolbox, held: Held, paths: list[str], target: str, why: str) -> None:
    with pytest.raises(ArchiveError, match=why):
        named = [box.path(path) for path in paths]
        await box.call("archive.pack", more={"archives": held}, paths=named, target=box.path(target))
