"""From paths to queued sources: roots, projects, single files, estimates, and files that went."""

from pathlib import Path

import pytest

from assistant.memory.ingest.discovery import source_id
from assistant.ports.content import FoundFile
from tests.fakes.files import FakeWalker
from tests.fakes.memory import Room


@pytest.fixture
def room() -> Room:
    made = Room()
    made.files.write("/r/a.txt", "otter")
    made.files.write("/r/sub/b.txt", "heron")
    return made


async def roots(room: Room) -> list[str]:
    return [root.path for root in await room.sources.roots()]


async def test_a_single_file_under_a_granted_root_belongs_to_it(room: Room) -> None:
    await room.add("/r")
    room.files.write("/r/sub/new.txt", "newt")
    queued = await room.memory.enqueue(["/r/sub/new.txt"])
    assert [(source.path, source.root) for source in queued.sources] == [("/r/sub/new.txt", "/r")]
    assert queued.gone == []
    assert await roots(room) == ["/r"]
    assert (await room.states())["/r/a.txt"] == "ready"


async def test_a_single_file_alone_is_its_own_root_in_the_project_of_its_folder(room: Room) -> None:
    queued = await room.memory.enqueue(["/r/sub/b.txt"])
    assert [(source.root, source.project) for source in queued.sources] == [("/r/sub/b.txt", "sub")]
    await room.memory.enqueue(["/r"])
    assert await roots(room) == ["/r", "/r/sub/b.txt"]


async def test_a_folder_and_what_lies_in_it_named_together_are_taken_once(room: Room) -> None:
    queued = await room.memory.enqueue(["/r", "/r/sub", "/r/a.txt", "/r"])
    assert (len(queued.sources), queued.unchanged) == (2, 0)
    assert await roots(room) == ["/r"]


async def test_one_missing_path_does_not_hold_up_the_others_once_it_is_remembered(room: Room) -> None:
    room.files.write("/usb/x.txt", "newt")
    await room.add("/usb")
    room.files.unplugged.add("/usb")
    queued = await room.memory.enqueue(["/usb", "/r"])
    assert len(queued.sources) == 2
    assert (await room.states())["/usb/x.txt"] == "offline"
    assert (await room.memory.enqueue(["/usb"])).gone == []


async def test_a_folder_that_cannot_be_opened_takes_its_files_offline(room: Room) -> None:
    await room.add("/r")
    room.files.skips["/r/sub"] = ("unreadable", "the folder cannot be opened: Permission denied")
    queued = await room.memory.enqueue(["/r"])
    assert [(source.path, source.reason) for source in queued.gone] == [
        ("/r/sub/b.txt", "the folder cannot be opened: Permission denied")
    ]
    assert len(room.records.chunks) == 2


async def test_excluded_files_have_their_reason_and_leave_when_they_are_gone(room: Room) -> None:
    room.files.write("/r/film.mkv", "x")
    room.files.skips["/r/film.mkv"] = ("unsupported", "films are not remembered yet")
    await room.add("/r")
    film = await room.memory.source("/r/film.mkv")
    assert (film.state.value, film.reason) == ("excluded", "films are not remembered yet")
    await room.add("/r")
    assert await room.memory.source("/r/film.mkv") == film
    room.files.remove("/r/film.mkv")
    await room.add("/r")
    assert "/r/film.mkv" not in await room.states()


async def test_a_link_is_followed_to_the_folder_that_is_remembered(room: Room, tmp_path: Path) -> None:
    real = tmp_path.resolve() / "real"
    real.mkdir()
    (tmp_path / "link").symlink_to(real)
    room.files.write(str(real / "x.txt"), "newt")

    class Following(FakeWalker):
        async def walk(self, path: str) -> list[FoundFile]:
            return await super().walk(str(Path(path).resolve()))

    room.walker.__class__ = Following
    await room.add(str(tmp_path / "link"))
    queued = await room.memory.enqueue([str(tmp_path / "link")])
    assert (queued.unchanged, queued.sources, await roots(room)) == (1, [], [str(real)])


async def test_an_estimate_counts_what_would_be_read_and_says_what_would_not(room: Room) -> None:
    await room.add("/r/a.txt")
    room.files.write("/r/c.txt", "x" * 6500)
    room.files.skips["/r/sub"] = ("ignored", "ignored folder: sub")
    before = room.held()
    found = await room.memory.estimate(["/r", "/r/c.txt"], 10.0)
    assert (found.files, found.bytes, found.unchanged, found.skipped) == (1, 6500, 1, 1)
    assert [(one.path, one.reason) for one in found.skipped_examples] == [("/r/sub", "ignored folder: sub")]
    assert found.seconds_ready > found.seconds_searchable > 0
    assert found.disk_bytes > 0
    assert room.held() == before
    assert (await room.memory.estimate(["/r/a.txt"], 10.0)).seconds_ready == 0.0


def test_ids_of_sources_tell_paths_apart() -> None:
    assert source_id("/a/b") == source_id("/a/b") != source_id("/a/B")
    assert source_id("/a/\ud800")


async def test_a_drive_that_is_a_root_of_its_own_loses_nothing_when_the_folder_around_it_is_added(room: Room) -> None:
    room.files.write("/r/usb/c.txt", "falcon")
    await room.add("/r/usb")
    await room.add("/r")
    room.files.unplugged.add("/r/usb")
    await room.add("/r")
    assert await room.states() == {"/r/a.txt": "ready", "/r/sub/b.txt": "ready", "/r/usb/c.txt": "offline"}
    room.files.unplugged.clear()
    room.files.write("/r/usb/d.txt", "newt")
    await room.add("/r")
    held = {source.path: (source.root, source.state.value) for source in await room.sources.find()}
    assert held["/r/usb/c.txt"] == held["/r/usb/d.txt"] == ("/r/usb", "ready")
    assert held["/r/a.txt"] == ("/r", "ready")
