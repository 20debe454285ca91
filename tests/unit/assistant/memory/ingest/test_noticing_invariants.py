"""Whatever happens to files, and in whatever order it is noticed: memory ends as if it had only seen the outcome."""

import asyncio
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.memory import Room

ROOTS = ("/r", "/s")
NAMES = ("a.txt", "A.txt", "sub/b.txt", "sub/c.py", "sub/deep/d.txt", "e.md")
PATHS = tuple(f"{root}/{name}" for root in ROOTS for name in NAMES)
FOLDERS = ("/r/sub", "/s/sub", "/r/other", "/s/sub/deep")
TEXTS = ("the otter swims", "the heron waits\n\nthe badger digs", "the badger digs", "выдра плывёт", "x = 1\n\ny = 2")
ANCHORS = {f"{root}/anchor.txt": f"the anchor of {root} holds" for root in ROOTS}
"""A root that is empty all of a sudden counts as unplugged: one file always stays."""

path, folder, root = st.sampled_from(PATHS), st.sampled_from(FOLDERS), st.sampled_from(ROOTS)
Step = tuple[str, ...]
step: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("write"), path, st.sampled_from(TEXTS)),
    st.tuples(st.just("delete"), path),
    st.tuples(st.just("move"), path, path),
    st.tuples(st.just("copy"), path, path),
    st.tuples(st.just("swap"), path, path),
    st.tuples(st.just("move folder"), folder, folder),
    st.tuples(st.just("touch"), path),
    st.tuples(st.just("unplug"), root),
    st.tuples(st.just("replug"), root),
    st.tuples(st.just("settle")),
    st.tuples(st.just("scan")),
    st.tuples(st.just("restart")),
)


class World:
    """A file system whose changes are written down until they are noticed."""

    def __init__(self) -> None:
        self.room = Room()
        self.changed: set[str] = set()

    def put(self, place: str, text: str) -> None:
        self.room.files.write(place, text)
        self.changed.add(place)

    def take(self, place: str) -> tuple[str, float]:
        self.changed.add(place)
        return self.room.files.texts.pop(place), self.room.files.times.pop(place)

    def land(self, place: str, what: tuple[str, float]) -> None:
        self.room.files.texts[place], self.room.files.times[place] = what
        self.changed.add(place)

    def move(self, old: str, new: str) -> None:
        if old in self.room.files.texts and old != new:
            self.land(new, self.take(old))

    def move_folder(self, old: str, new: str) -> None:
        inside = [place for place in self.room.files.texts if place.startswith(old + "/")]
        if old == new or new.startswith(old + "/") or any(place.startswith(new + "/") for place in self.room.files.texts):
            return
        for place in inside:
            self.move(place, new + place[len(old) :])
        self.changed -= {place for place in self.changed if place.startswith((old + "/", new + "/"))}
        self.changed |= {old, new}  # a notice names the folder alone

    async def do(self, name: str, *names: str) -> None:
        files = self.room.files
        match name:
            case "write":
                self.put(*names)
            case "delete" if names[0] in files.texts:
                self.take(names[0])
            case "move":
                self.move(*names)
            case "copy" if names[0] in files.texts:
                self.put(names[1], files.texts[names[0]])
            case "swap" if all(one in files.texts for one in names) and names[0] != names[1]:
                first, second = self.take(names[0]), self.take(names[1])
                self.land(names[0], second)
                self.land(names[1], first)
            case "move folder":
                self.move_folder(*names)
            case "touch" if names[0] in files.texts:
                self.put(names[0], files.texts[names[0]])
            case "unplug":
                files.unplugged.add(names[0])
                self.changed.add(names[0])
            case "replug" if names[0] in files.unplugged:
                files.unplugged.remove(names[0])
                self.changed.add(names[0])
            case "settle":
                await self.settle()
            case "scan":
                self.changed |= set(ROOTS)
                await self.settle()
            case "restart":
                await self.room.recover()
            case _:
                pass

    async def settle(self) -> None:
        """Notice everything at once, as after a moment of quiet."""
        changes = {root: [one for one in self.changed if one == root or one.startswith(root + "/")] for root in ROOTS}
        self.changed.clear()
        await self.room.notice_all({root: paths for root, paths in changes.items() if paths})


async def _live(steps: Sequence[Step]) -> None:
    world = World()
    room = world.room
    for place, text in ANCHORS.items():
        room.files.write(place, text)
    await room.add(*ROOTS)
    for name, *names in steps:
        await world.do(name, *names)
        if name in ("settle", "scan"):
            assert (await room.memory.verify()).ok
    room.files.unplugged.clear()
    world.changed |= {root for name, *names in steps if name == "unplug" for root in names}
    await world.settle()
    fresh = Room()
    fresh.files = fresh.walker.files = fresh.reader.files = room.files
    await fresh.add(*ROOTS)
    mine, other = room.held(), fresh.held()
    for part in ("sources", "chunks", "rows", "vectors", "open"):
        assert mine[part] == other[part], part
    assert set(mine["cached"]) <= set(other["cached"]), "vectors of text that is gone"  # type: ignore[call-overload]
    assert (await room.memory.verify()).ok


@given(st.lists(step, max_size=25))
@settings(max_examples=100, deadline=None)
def test_memory_ends_as_a_fresh_indexing_of_the_same_files(steps: list[Step]) -> None:
    asyncio.run(_live(steps))
