"""A process that dies, or a disk that fails, at any call of the system leaves the state before or after, nothing half done."""

import asyncio
import errno
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant.adapters.acting import drafts, moving, renaming, trash, writing
from assistant.domain.change import Applied, Change, ChangeKind
from assistant.domain.errors import MnemeError
from tests.contract.trees import Desk, State, state

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the process that dies is forked")

CALLS = ("open", "link", "rename", "replace", "unlink", "mkdir", "rmdir", "utime", "fchmod", "chown", "symlink", "fsync", "write")
SHARED = Path("/dev/shm")


class Inline(Executor):
    """Runs everything at once on the calling thread, so that the process can be forked."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


@contextmanager
def before_call(number: int, deed: Callable[[], object]) -> Iterator[list[int]]:
    """Let something happen before the n-th call of the system that changes something; yields how many there were."""
    counted = [0]

    def watched(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            counted[0] += 1
            if counted[0] == number:
                deed()
            return real(*args, **kwargs)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, watched(getattr(os, name)))
        for able in ("supports_fd", "supports_follow_symlinks"):
            patch.setattr(os, able, {*getattr(os, able), os.utime})
        for module in (drafts, moving, trash, writing):
            if hasattr(module, "swap"):
                patch.setattr(module, "swap", watched(renaming.swap))
            patch.setattr(module, "rename_free", watched(renaming.rename_free))
        yield counted


def differences(one: tuple[State, State], other: tuple[State, State]) -> list[tuple[str, object, object]]:
    """Return what is not the same, by name."""
    pairs = zip(one, other, strict=True)
    return [(name, a.get(name), b.get(name)) for a, b in pairs for name in sorted({*a, *b}) if a.get(name) != b.get(name)]


class Bench:
    """A desk over two disks, with one change that can happen."""

    def __init__(self, place: Path, other: Path) -> None:
        self.desk = Desk(place, Inline())
        self.other = other
        self.desk.granted.append(str(other))

    def state(self) -> tuple[State, State]:
        return state(self.desk.root), state(self.other)

    async def change(self, kind: str) -> Change:
        desk = self.desk
        desk.put("sub/a.txt", b"old", 0o640)
        match kind:
            case "create":
                return await desk.create("sub/new.txt", b"new", 0o600)
            case "write":
                return await desk.write("sub/a.txt", b"other")
            case "move":
                return await desk.move("sub/a.txt", "b.txt")
            case "move over":
                before = await desk.stamp(desk.path("sub/a.txt"))
                return Change(kind=ChangeKind.MOVE, path=desk.path("sub/a.txt"), to=str(self.other / "b.txt"), before=before)
            case "move folder":
                return await desk.move("sub", "other")
            case "trash":
                return await desk.take("sub/a.txt")
            case "mkdir":
                return desk.make("sub/made", 0o700)
            case _:
                desk.folder("sub/empty")
                return await desk.take("sub/empty", ChangeKind.RMDIR)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    other = Path(tempfile.mkdtemp(dir=SHARED if SHARED.is_dir() else None)).resolve()
    yield Bench(tmp_path, other)
    shutil.rmtree(other)


KINDS = ["create", "write", "move", "move over", "move folder", "trash", "mkdir", "rmdir"]
MOST_CALLS = 200


@pytest.fixture(params=["linux", "plain"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Files without a name and renaming with flags as Linux has them, and a system that has neither."""
    if request.param == "plain":
        monkeypatch.setattr(drafts, "NAMELESS", 0)
        monkeypatch.setattr(renaming, "_flagged", lambda: None)
    return request.param


def killed(number: int, deed: Callable[[], object]) -> bool:
    """Run something in a child that kills itself before its n-th call; False when it was done before."""
    child = os.fork()
    if child == 0:
        try:
            with before_call(number, lambda: os.kill(os.getpid(), signal.SIGKILL)):
                deed()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("system")
def test_killed_at_any_call_while_it_happens(bench: Bench, kind: str) -> None:
    workspace = bench.desk.workspace
    change = asyncio.run(bench.change(kind))
    before, times = bench.state(), asyncio.run(workspace.times([change]))
    ends: set[str] = set()
    for number in range(1, MOST_CALLS):
        dead = killed(number, lambda: asyncio.run(workspace.apply(0, change)))
        found = asyncio.run(workspace.recover(0, change))
        ends.add("after" if found else "before")
        if found is not None:
            asyncio.run(workspace.revert(found))
        asyncio.run(workspace.settle(times))
        assert differences(bench.state(), before) == [], number
        if not dead:
            break
    assert ends == {"before", "after"}
    assert number > 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("system")
def test_killed_at_any_call_while_it_is_taken_back(bench: Bench, kind: str) -> None:
    workspace = bench.desk.workspace
    change = asyncio.run(bench.change(kind))
    before, times = bench.state(), asyncio.run(workspace.times([change]))
    for number in range(1, MOST_CALLS):
        applied = asyncio.run(workspace.apply(0, change))
        dead = killed(number, lambda applied=applied: asyncio.run(workspace.revert(applied)))
        found = asyncio.run(workspace.recover(0, change))
        if found is not None:
            asyncio.run(workspace.revert(found))
        asyncio.run(workspace.settle(times))
        assert differences(bench.state(), before) == [], number
        if not dead:
            break
    assert number > 1


def failing() -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("system")
def test_a_disk_that_fails_at_any_call(bench: Bench, kind: str) -> None:
    workspace = bench.desk.workspace
    change = asyncio.run(bench.change(kind))
    before, times = bench.state(), asyncio.run(workspace.times([change]))

    def tried(number: int, deed: Callable[[], Any]) -> tuple[bool, Applied | None]:
        with before_call(number, failing) as counted:
            try:
                return counted[0] >= number, asyncio.run(deed())
            except MnemeError:
                return False, None

    for number in range(1, MOST_CALLS):
        _, applied = tried(number, lambda: workspace.apply(0, change))
        if applied is None:
            asyncio.run(workspace.settle(times))
            assert differences(bench.state(), before) == [], number
            continue
        after = bench.state()
        again, _ = tried(number, lambda applied=applied: workspace.revert(applied))
        del again
        found = asyncio.run(workspace.recover(0, change))
        if found is not None:
            asyncio.run(workspace.revert(found))
        asyncio.run(workspace.settle(times))
        assert differences(bench.state(), before) == [], number
        assert after != before
        break
    assert number > 1
