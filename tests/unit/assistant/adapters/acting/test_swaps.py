"""What is swapped between the look and the deed leads to no harm: nothing outside changes, nothing is lost."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.adapters.acting import moving, trash, writing
from assistant.adapters.acting.drafts import Draft
from assistant.adapters.acting.grounds import Spot
from assistant.domain.change import Change, ChangeKind
from assistant.domain.errors import ChangedMeanwhileError, MnemeError, OccupiedError, PathRefusedError
from tests.contract.trees import Desk, state


async def all_kinds(desk: Desk) -> dict[str, Change]:
    """Return a change of each kind two folders down, which can all happen."""
    desk.put("one/two/a.txt", b"old")
    desk.folder("one/two/empty")
    desk.folder("one/three")
    return {
        "create": await desk.create("one/two/new.txt", b"new"),
        "write": await desk.write("one/two/a.txt", b"other"),
        "move from": await desk.move("one/two/a.txt", "b.txt"),
        "move to": Change(
            kind=ChangeKind.MOVE,
            path=desk.put("c.txt", b"c"),
            to=desk.path("one/two/c.txt"),
            before=await desk.stamp(desk.path("c.txt")),
        ),
        "trash": await desk.take("one/two/a.txt"),
        "mkdir": desk.make("one/two/sub"),
        "rmdir": await desk.take("one/two/empty", ChangeKind.RMDIR),
    }


KINDS = ["create", "write", "move from", "move to", "trash", "mkdir", "rmdir"]


@pytest.mark.parametrize("swapped", ["one", "one/two"])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_folder_swapped_for_a_link_after_the_check(desk: Desk, tmp_path: Path, kind: str, swapped: str) -> None:
    change = (await all_kinds(desk))[kind]
    outside = tmp_path / "outside"
    for name in ("two/empty", "empty"):
        (outside / name).mkdir(parents=True)
    for name in ("a.txt", "two/a.txt"):
        (outside / name).write_bytes(b"old")
    assert await desk.workspace.check([change]) == {}
    (desk.root / swapped).rename(tmp_path / "aside")
    (desk.root / swapped).symlink_to(outside)
    before = state(tmp_path)
    with pytest.raises(PathRefusedError):
        await desk.workspace.apply(0, change)
    assert list(await desk.workspace.check([change])) == [0]
    assert state(tmp_path) == before


@pytest.mark.parametrize("kind", KINDS)
async def test_a_folder_swapped_for_a_link_before_undo(desk: Desk, tmp_path: Path, kind: str) -> None:
    applied = await desk.workspace.apply(0, (await all_kinds(desk))[kind])
    (desk.root / "one" / "two").rename(tmp_path / "aside")
    (desk.root / "one" / "two").symlink_to(tmp_path / "outside")
    before = state(tmp_path)
    with pytest.raises(PathRefusedError):
        await desk.workspace.revert(applied)
    assert state(tmp_path) == before


@pytest.mark.parametrize("kind", KINDS)
async def test_a_folder_swapped_while_it_is_open_is_still_the_one_that_was_checked(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """The swap comes after all checks; the deed then happens in the folder that was opened, never behind the link."""
    change = (await all_kinds(desk))[kind]
    look, done = Spot.look, [False]

    def swap_then_look(spot: Spot) -> object:
        found = look(spot)
        if not done[0] and "/one/two/" in spot.path:
            done[0] = True
            (desk.root / "one" / "two").rename(tmp_path / "aside")
            (desk.root / "one" / "two").symlink_to(tmp_path / "outside")
        return found

    monkeypatch.setattr(Spot, "look", swap_then_look)
    before = state(tmp_path / "outside")
    with suppress(MnemeError):
        await desk.workspace.apply(0, change)
    assert done[0] or kind in ("mkdir", "rmdir")
    assert state(tmp_path / "outside") == before


def just_before(monkeypatch: pytest.MonkeyPatch, module: object, name: str, deed: Callable[[], object]) -> None:
    """Let something happen right before the first call of a function, after everything was looked at."""
    real = getattr(module, name)
    waiting = [deed]

    def first(*args: object, **kwargs: object) -> object:
        if waiting:
            waiting.pop()()
        return real(*args, **kwargs)

    monkeypatch.setattr(module, name, first)


@pytest.mark.parametrize("module", [moving, trash])
async def test_a_file_swapped_right_before_it_is_taken_comes_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, module: object
) -> None:
    desk.put("a.txt", b"old")
    change = await (desk.move("a.txt", "b.txt") if module is moving else desk.take("a.txt"))

    def swap() -> None:
        Path(desk.put("other", b"precious", mtime_ns=5)).rename(desk.root / "a.txt")

    just_before(monkeypatch, module, "rename_free", swap)
    with pytest.raises(ChangedMeanwhileError):
        await desk.workspace.apply(0, change)
    assert [path.name for path in desk.root.iterdir()] == ["a.txt"]
    assert (desk.root / "a.txt").read_bytes() == b"precious"
    assert not [path for path in desk.trash.rglob("*") if path.is_file()]


async def test_a_file_saved_right_before_it_is_replaced_is_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put("a.txt", b"old")
    change = await desk.write("a.txt", b"other")
    just_before(monkeypatch, writing, "swap", lambda: desk.put("a.txt", b"saved by a person", mtime_ns=7))
    with pytest.raises(ChangedMeanwhileError):
        await desk.workspace.apply(0, change)
    assert [(path.name, path.read_bytes()) for path in desk.root.iterdir()] == [("a.txt", b"saved by a person")]


async def test_a_file_that_is_written_on_while_it_is_kept_is_left_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put("a.txt", b"old")
    change = await desk.write("a.txt", b"other")
    just_before(monkeypatch, desk.blobs, "store", lambda: (desk.root / "a.txt").write_bytes(b"new"))
    with pytest.raises(ChangedMeanwhileError):
        await desk.workspace.apply(0, change)
    assert [(path.name, path.read_bytes()) for path in desk.root.iterdir()] == [("a.txt", b"new")]


async def test_a_created_file_that_was_saved_right_before_undo_is_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    applied = await desk.workspace.apply(0, await desk.create("a.txt", b"made"))
    just_before(monkeypatch, writing, "rename_free", lambda: desk.put("a.txt", b"mine", mtime_ns=7))
    with pytest.raises(ChangedMeanwhileError):
        await desk.workspace.revert(applied)
    assert [(path.name, path.read_bytes()) for path in desk.root.iterdir()] == [("a.txt", b"mine")]


@pytest.mark.parametrize("kind", ["create", "move", "restore"])
async def test_a_place_taken_at_the_last_moment_is_not_overwritten(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    desk.put("a.txt", b"old")
    change = await (desk.create("b.txt", b"new") if kind == "create" else desk.move("a.txt", "b.txt"))
    if kind == "restore":
        applied = await desk.workspace.apply(0, await desk.take("a.txt"))
        just_before(monkeypatch, trash, "rename_free", lambda: desk.put("a.txt", b"mine"))
        with pytest.raises(OccupiedError):
            await desk.workspace.revert(applied)
        assert (desk.root / "a.txt").read_bytes() == b"mine"
        (desk.root / "a.txt").unlink()
        await desk.workspace.revert(applied)
        assert (desk.root / "a.txt").read_bytes() == b"old"
        return
    module, name = (Draft, "place") if kind == "create" else (moving, "rename_free")
    just_before(monkeypatch, module, name, lambda: desk.put("b.txt", b"mine"))
    with pytest.raises(OccupiedError):
        await desk.workspace.apply(0, change)
    assert {path.name: path.read_bytes() for path in desk.root.iterdir()} == {"a.txt": b"old", "b.txt": b"mine"}
