"""What the tools want, the real hand does and takes back: the tree is then as it was, times and modes included."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.change import Change
from assistant.tools import Invoker, Overlay, Registry
from assistant.tools.builtin import builtin_tools
from tests.contract.trees import Desk, state
from tests.fakes.seeing import sight

PATHS = ("target", "path")
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("files.rename", {"pattern": "{date:%Y-%m-%d}_{name}"}),
    ("files.rename", {"pattern": "{n:03}", "deep": True}),
    ("files.rename", {"by": "content", "glob": "*.md"}),
    ("files.rename", {"find": "photo", "replace": "PHOTO"}),
    ("files.sort", {"by": "month"}),
    ("files.sort", {"by": "type", "deep": True}),
    ("files.sort", {"by": "content", "topics": ["garden", "house"]}),
    ("files.move", {"target": "new/place", "glob": "*.txt", "deep": True}),
    ("files.copy", {"target": "new/place", "deep": True}),
    ("files.trash", {"glob": "*.md"}),
    ("files.duplicates", {"near": True}),
    ("files.clean", {"what": "both", "older_days": 1}),
    ("text.todos", {"target": "todo.md"}),
    ("text.todos", {"target": "new/todo.csv"}),
    ("text.extract", {"matching": "garden", "target": "found.csv"}),
    ("text.replace", {"find": "garden", "replace": "yard", "deep": True}),
    ("text.create", {"path": "new/note.md", "content": "new"}),
    ("text.append", {"path": "B.md", "content": "more", "heading": "A"}),
]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with ThreadPoolExecutor(2) as pool:
        desk = Desk(tmp_path, pool)
        lines = (b"Beds", b"garden TODO: dig", b"")
        desk.put("A.md", b"\r\n".join(lines), 0o600)
        desk.put("B.md", b"# A\ngarden\n", 0o644)
        desk.put("photo 2024-05-17.jpg", b"\0jpg", 0o444)
        desk.put("photo.jpg", b"\0jpg", 0o644)
        desk.put("sub/1.txt", "сад и garden".encode(), 0o640)
        desk.put("sub/001.txt", b"same", 0o640)
        desk.put("sub/deep/copy.txt", b"same", 0o640)
        desk.folder("empty/inner")
        yield desk


@pytest.mark.parametrize(("command", "arguments"), CALLS)
async def test_wanted_done_and_taken_back(desk: Desk, command: str, arguments: dict[str, Any]) -> None:
    root = str(desk.root)
    paths = {name: f"{root}/{arguments[name]}" for name in ("target", "path") if name in arguments}
    folder = {} if "path" in arguments else {"folder": root}
    looking = sight(desk.files, desk.blobs)
    outcome = await Invoker(Registry(builtin_tools)).call(command, {**folder, **arguments, **paths}, looking)
    before = state(desk.root)
    assert outcome.changes
    assert outcome.conflicts == ()
    assert await desk.workspace.check(outcome.changes) == {}
    foretold = await Overlay(desk.files, desk.blobs, outcome.changes).listing(root, deep=True)
    times = await desk.workspace.times(outcome.changes)
    applied = [await desk.workspace.apply(n, change) for n, change in enumerate(outcome.changes)]
    assert [(one.path, one.stamp.kind) for one in foretold] == [
        (one.path, one.stamp.kind) for one in await desk.files.listing(root, deep=True)
    ]
    for one in reversed(applied):
        await desk.workspace.revert(one)
    await desk.workspace.settle(times)
    assert state(desk.root) == before


CHAINS: list[list[tuple[str, dict[str, Any]]]] = [
    [("text.create", {"path": "new/note.md", "content": "x"}), ("files.move", {"paths": ["new/note.md"], "target": "sub"})],
    [("text.create", {"path": "new/note.md", "content": "x"}), ("files.rename", {"paths": ["new"], "pattern": "newer"})],
    [("text.replace", {"paths": ["A.md"], "find": "dig", "replace": "rest"}), ("files.sort", {"folder": "", "by": "month"})],
    [("files.sort", {"folder": "", "by": "year"}), ("files.rename", {"folder": "", "pattern": "{n:02}", "deep": True})],
    [("text.append", {"path": "B.md", "content": "1"}), ("text.append", {"path": "B.md", "content": "2"})],
    [
        ("files.rename", {"paths": ["sub"], "pattern": "sup"}),
        ("files.duplicates", {"folder": ""}),
        ("files.clean", {"folder": ""}),
    ],
    [
        ("files.copy", {"paths": ["sub"], "target": "twin"}),
        ("files.duplicates", {"folder": ""}),
        ("files.trash", {"paths": ["twin"]}),
    ],
]


@pytest.mark.parametrize("chain", CHAINS)
async def test_steps_after_each_other(desk: Desk, chain: list[tuple[str, dict[str, Any]]]) -> None:
    overlay = Overlay(desk.files, desk.blobs)
    invoker, changes = Invoker(Registry(builtin_tools)), list[Change]()
    for command, arguments in chain:
        whole = {name: desk.path(value) if name in PATHS else value for name, value in arguments.items()}
        whole |= {"paths": [desk.path(one) for one in arguments["paths"]]} if "paths" in arguments else {}
        whole |= {"folder": str(desk.root)} if "folder" in arguments else {}
        outcome = await invoker.call(command, whole, sight(overlay, desk.blobs))
        assert outcome.conflicts == ()
        assert outcome.changes
        overlay.extend(outcome.changes)
        changes += outcome.changes
    before = state(desk.root)
    assert await desk.workspace.check(changes) == {}
    foretold = await overlay.listing(str(desk.root), deep=True)
    times = await desk.workspace.times(changes)
    applied = [await desk.workspace.apply(n, change) for n, change in enumerate(changes)]
    assert [one.path for one in foretold] == [one.path for one in await desk.files.listing(str(desk.root), deep=True)]
    for one in reversed(applied):
        await desk.workspace.revert(one)
    await desk.workspace.settle(times)
    assert state(desk.root) == before
