"""Nothing outside the granted roots is ever seen or touched, whatever a path looks like."""

import os
from pathlib import Path

import pytest

from assistant.adapters.acting.grounds import Grounds
from assistant.domain.change import Change, ChangeKind, Stamp
from assistant.domain.errors import ChangedMeanwhileError, MnemeError, PathRefusedError, StorageError
from tests.contract.trees import Desk, state

ANY = Stamp(kind="file", size=0, mode=0, mtime_ns=0)

OUTSIDE = [
    "relative.txt",
    "~/a.txt",
    "{root}/../outside/secret.txt",
    "{root}/./a.txt",
    "{root}/sub/../a.txt",
    "{root}//a.txt",
    "{root}/a.txt/",
    "{root}-evil/a.txt",
    "{root}evil",
    "{home}/outside/secret.txt",
    "{home}",
    "/",
    "//server/share/a.txt",
    "/etc/passwd",
    "C:\\Windows\\a.txt",
    "C:/Windows/a.txt",
    "\\\\server\\share\\a.txt",
    "\\\\?\\C:\\a.txt",
    "{root}/a.txt\0.png",
    "\0",
    "",
    "{root}/mneme",
    "{root}/mneme/records.db",
]


def changes(path: str, desk: Desk) -> list[Change]:
    """Return every kind of change at a path, and a move to it."""
    here = [Change(kind=kind, path=path, to=desk.path("to.txt"), before=ANY, blob="0" * 64) for kind in ChangeKind]
    return [*here, Change(kind=ChangeKind.MOVE, path=desk.path("a.txt"), to=path, before=ANY)]


@pytest.mark.parametrize("path", OUTSIDE)
async def test_a_path_outside_the_granted_roots_is_refused(desk: Desk, tmp_path: Path, path: str) -> None:
    desk.put("a.txt", b"", 0o644)
    desk.put("mneme/records.db", b"own")
    (tmp_path / "root-evil").mkdir()
    (tmp_path / "root-evil" / "a.txt").write_text("twin")
    place = path.format(root=desk.root, home=tmp_path)
    before = state(tmp_path)
    for change in changes(place, desk):
        assert list(await desk.workspace.check([change])) == [0], change
        with pytest.raises(PathRefusedError):
            await desk.workspace.apply(0, change)
        with pytest.raises(PathRefusedError):
            await desk.workspace.recover(0, change)
    for look in (desk.files.stamp(place), desk.files.listing(place), desk.files.read(place, 10)):
        with pytest.raises(PathRefusedError):
            await look
    assert await desk.files.digests([place]) == {}
    assert state(tmp_path) == before


@pytest.mark.parametrize("kind", [ChangeKind.MOVE, ChangeKind.TRASH, ChangeKind.RMDIR])
@pytest.mark.parametrize("name", ["", "sub", "sub/granted", "with own"])
async def test_a_granted_root_or_what_holds_one_stays(desk: Desk, tmp_path: Path, kind: ChangeKind, name: str) -> None:
    desk.folder("sub/granted")
    desk.folder("with own/mneme")
    desk.granted.append(desk.path("sub/granted"))
    path = desk.path(name).rstrip("/")
    desk.workspace._own = (desk.path("with own/mneme"),)  # pyright: ignore[reportPrivateUsage]
    before = state(tmp_path)
    change = Change(kind=kind, path=path, to=desk.path("to"), before=await desk.files.stamp(path))
    assert list(await desk.workspace.check([change])) == [0]
    with pytest.raises(PathRefusedError):
        await desk.workspace.apply(0, change)
    assert state(tmp_path) == before


HOSTILE = [
    "\u202egnp.exe",
    "a\u200bb.txt",
    "a\u200d.txt",
    "\ufeffa.txt",
    "a\u2066b",
    "a\nb.txt",
    "a\tb",
    "\x1b[31m.txt",
    "a\u2028b",
    "\u3164",
    "a\\b.txt",
    "file.txt:stream",
    "C:",
    "C:evil.exe",
    "con",
    "NUL.txt",
    "aux.tar.gz",
    "com1",
    "LPT9.log",
    "trailing.",
    "trailing ",
    "x" * 256,
    "ё" * 128,
    ".mneme-0123456789abcdef",
]


@pytest.mark.parametrize("name", HOSTILE)
async def test_nothing_is_given_a_name_that_deceives(desk: Desk, name: str) -> None:
    desk.put("a.txt", b"")
    blob = await desk.blobs.put(b"")
    stamp = await desk.files.stamp(desk.path("a.txt"))
    before = state(desk.root)
    for change in (
        Change(kind=ChangeKind.CREATE, path=desk.path(name), blob=blob),
        Change(kind=ChangeKind.MKDIR, path=desk.path(name)),
        Change(kind=ChangeKind.MOVE, path=desk.path("a.txt"), to=desk.path(name), before=stamp),
    ):
        assert list(await desk.workspace.check([change])) == [0]
        with pytest.raises(PathRefusedError):
            await desk.workspace.apply(0, change)
    assert state(desk.root) == before


@pytest.mark.parametrize("name", [name for name in HOSTILE if len(os.fsencode(name)) < 256 and not name.startswith(".mneme")])
async def test_what_has_such_a_name_can_be_given_a_clean_one_and_be_trashed(desk: Desk, name: str) -> None:
    desk.put(name, b"content")
    desk.folder("sub")
    before = state(desk.root)
    entry = next(entry for entry in await desk.files.listing(str(desk.root)) if entry.stamp.kind == "file")
    assert entry.path == desk.path(name)
    for change in (await desk.move(name, "clean.txt"), await desk.move(name, f"sub/{name}"), await desk.take(name)):
        times = await desk.workspace.times([change])
        assert await desk.workspace.check([change]) == {}
        applied = await desk.workspace.apply(0, change)
        assert not (desk.root / name).exists()
        await desk.workspace.revert(applied)
        await desk.workspace.settle(times)
        assert state(desk.root) == before


@pytest.mark.parametrize(
    "name", ["Отчёт 2024.md", "naïve — “quoted”.txt", "日本語.txt", "👩‍🚀.txt", "❤️.md", "-rf", ".hidden", "a  b"]
)
async def test_names_of_people_are_given(desk: Desk, name: str) -> None:
    change = await desk.create(name, b"")
    assert await desk.workspace.check([change]) == {}
    await desk.workspace.apply(0, change)
    assert (desk.root / name).exists()


async def test_a_link_in_the_way_is_not_followed(desk: Desk, tmp_path: Path) -> None:
    desk.put("a.txt", b"")
    (desk.root / "way").symlink_to(tmp_path / "outside")
    (desk.root / "back").symlink_to(desk.root)
    before = state(tmp_path)
    for name in ("way/secret.txt", "way/new.txt", "back/a.txt"):
        for change in changes(desk.path(name), desk):
            assert list(await desk.workspace.check([change])) == [0], change
            with pytest.raises(PathRefusedError):
                await desk.workspace.apply(0, change)
        for look in (desk.files.stamp(desk.path(name)), desk.files.read(desk.path(name), 10)):
            with pytest.raises(PathRefusedError):
                await look
    for name in ("way", "back"):
        with pytest.raises(PathRefusedError):
            await desk.files.listing(desk.path(name))
    assert not [entry for entry in await desk.files.listing(str(desk.root), deep=True) if "secret" in entry.path]
    assert state(tmp_path) == before


async def test_a_link_itself_is_moved_and_trashed_but_never_read_or_written(desk: Desk, tmp_path: Path) -> None:
    (desk.root / "link").symlink_to(tmp_path / "outside" / "secret.txt")
    before = state(tmp_path)
    stamp = await desk.files.stamp(desk.path("link"), digest=True)
    assert stamp is not None
    assert stamp.kind == "link"
    write = Change(kind=ChangeKind.WRITE, path=desk.path("link"), before=stamp, blob=await desk.blobs.put(b"x"), size=1)
    assert list(await desk.workspace.check([write])) == [0]
    with pytest.raises(ChangedMeanwhileError):
        await desk.workspace.apply(0, write)
    with pytest.raises(PathRefusedError):
        await desk.files.read(desk.path("link"), 100)
    assert await desk.files.digests([desk.path("link")]) == {}
    for change in (await desk.move("link", "other"), await desk.take("link")):
        times = await desk.workspace.times([change])
        applied = await desk.workspace.apply(0, change)
        assert (tmp_path / "outside" / "secret.txt").read_text() == "secret"
        assert not (desk.root / "link").is_symlink()
        await desk.workspace.revert(applied)
        await desk.workspace.settle(times)
    assert {name: what for name, what in state(tmp_path).items() if not name.startswith(("trash", "blobs", "."))} == {
        name: what for name, what in before.items() if not name.startswith(("trash", "blobs", "."))
    }


async def test_pipes_and_sockets_are_left_alone(desk: Desk) -> None:
    os.mkfifo(desk.root / "pipe")
    assert await desk.files.listing(str(desk.root)) == []
    for change in changes(desk.path("pipe"), desk)[:-1]:
        assert list(await desk.workspace.check([change])) == [0]
        with pytest.raises(MnemeError):
            await desk.workspace.apply(0, change)
    with pytest.raises(PathRefusedError):
        await desk.files.read(desk.path("pipe"), 10)
    with pytest.raises(PathRefusedError):
        await desk.files.stamp(desk.path("pipe"))


async def test_a_root_that_became_a_link_is_refused(desk: Desk, tmp_path: Path) -> None:
    desk.put("a.txt", b"")
    desk.root.rename(tmp_path / "moved away")
    desk.root.symlink_to(tmp_path / "outside")
    with pytest.raises(PathRefusedError):
        await desk.files.listing(str(desk.root))
    with pytest.raises(PathRefusedError):
        await desk.files.read(desk.path("secret.txt"), 10)
    with pytest.raises(PathRefusedError):
        await desk.workspace.apply(0, await desk.create("new.txt", b""))


async def test_roots_are_asked_each_time(desk: Desk) -> None:
    change = await desk.create("a.txt", b"")
    desk.granted.clear()
    with pytest.raises(PathRefusedError):
        await desk.workspace.apply(0, change)
    with pytest.raises(PathRefusedError):
        await desk.files.stamp(desk.path("a.txt"))


async def test_mnemes_own_folder_is_known_by_any_name(desk: Desk, tmp_path: Path) -> None:
    """A second name of the folder, for instance by other letters on a disk that does not tell them apart."""
    own = tmp_path / "root" / "mneme"
    desk.put("mneme/records.db", b"own")
    grounds = Grounds([str(desk.root)], [str(own)])
    own.rename(tmp_path / "root" / "MNEME")
    with pytest.raises(PathRefusedError), grounds.spot(desk.path("MNEME/records.db")):
        pass


async def test_bytes_that_are_no_text_are_neither_listed_nor_reached(desk: Desk) -> None:
    desk.put("\udcff.txt", b"")
    assert await desk.files.listing(str(desk.root)) == []
    with pytest.raises(PathRefusedError, match="no text"):
        await desk.files.read(desk.path("\udcff.txt"), 10)


async def test_what_is_missing_is_said(desk: Desk) -> None:
    assert await desk.files.stamp(desk.path("none")) is None
    assert await desk.files.stamp(desk.path("none/below")) is None
    for look in (desk.files.read(desk.path("none"), 10), desk.files.listing(desk.path("none"))):
        with pytest.raises(StorageError):
            await look
