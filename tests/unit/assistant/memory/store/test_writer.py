"""Cutting the power at any step: after a restart the memory is as if nothing had happened."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.memory import Fuse, Power, Room

Act = Callable[[Room], Awaitable[None]]
NOTES = "/n"


def filled() -> Room:
    room = Room()
    room.files.write("/n/a.txt", "otter\n\nheron\n\nbadger")
    room.files.write("/n/b.txt", "falcon")
    room.files.write("/n/sub/c.py", "def f(): pass\n\ndef g(): pass")
    return room


async def first(room: Room) -> None:
    await room.add(NOTES)


async def change(room: Room) -> None:
    room.files.write("/n/a.txt", "heron\n\notter\n\nmagpie")
    room.files.touch("/n/b.txt")
    room.files.write("/n/d.txt", "newt")
    await room.add(NOTES)


async def exclude(room: Room) -> None:
    room.files.skips["/n/sub"] = ("ignored", "a rule")
    room.files.skips["/n/b.txt"] = ("too large", "larger than 1 MiB")
    await room.add(NOTES)


async def forget(room: Room) -> None:
    if await room.sources.find("/n/a.txt"):
        await room.memory.forget("/n/a.txt")


SCENES: dict[str, tuple[list[Act], Act]] = {
    "first": ([], first),
    "change": ([first], change),
    "exclude": ([first], exclude),
    "forget": ([first], forget),
}


async def broken_at(scene: str, at: int, after: bool) -> tuple[Room, Fuse]:
    """Run a scene with the power cut at store call number `at`, then recover and let the person do it again."""
    before, act = SCENES[scene]
    room = filled()
    for step in before:
        await step(room)
    fuse = Fuse(at, after)
    room.restart(fuse)
    room.journal.now = room.clock.now()
    try:
        await act(room)
    except Power:
        await room.recover()
        assert (await room.memory.verify()).disagreements == ()
        await act(room)
    return room, fuse


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("after", [False, True])
async def test_a_crash_at_any_step_ends_equal_to_an_undisturbed_run(scene: str, after: bool) -> None:
    calm, fuse = await broken_at(scene, -1, after)
    for at in range(len(fuse.calls)):
        room, tried = await broken_at(scene, at, after)
        assert settled(room) == settled(calm), f"{scene}: power cut at call {at}, {tried.calls[at]}"
        assert (await room.memory.verify()).ok


def settled(room: Room) -> dict[str, object]:
    """What is remembered; times of files differ where the test wrote one again."""
    held = room.held()
    sources = cast("dict[str, dict[str, object]]", held["sources"])
    held["sources"] = {
        key: {name: value for name, value in values.items() if name != "modified"} for key, values in sources.items()
    }
    return held


TEXTS = st.lists(st.sampled_from(["otter", "heron", "badger", "цапля", "falcon"]), min_size=1, max_size=3).map("\n\n".join)
FOLDERS = st.dictionaries(st.sampled_from(["/n/a.txt", "/n/b.txt", "/n/c.py"]), TEXTS, min_size=1)


@settings(max_examples=40, deadline=None)
@given(FOLDERS, FOLDERS, st.integers(0, 60), st.booleans(), st.booleans())
def test_any_change_of_a_folder_survives_a_crash(
    old: dict[str, str], new: dict[str, str], at: int, after: bool, again: bool
) -> None:
    async def run(fuse: Fuse) -> dict[str, object]:
        room = Room(languages=["en"])
        for path, text in old.items():
            room.files.write(path, text)
        await room.add(NOTES)
        for path, text in new.items():
            room.files.write(path, text)
        room.restart(fuse)
        try:
            await room.add(NOTES)
        except Power:
            if again:
                room.restart(Fuse(at // 2))
                with contextlib.suppress(Power):
                    await room.work(await room.memory.replay())
            await room.recover()
            await room.add(NOTES)
        fuse.at = -1
        assert (await room.memory.verify()).disagreements == ()
        return room.held()

    assert asyncio.run(run(Fuse(at, after))) == asyncio.run(run(Fuse()))
