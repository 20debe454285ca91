"""A command gets arguments that fit, has its time, and wants nothing beyond what it declares and may touch."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.config import Acting
from assistant.domain.change import Change, ChangeKind
from assistant.domain.errors import ArgumentError, NotFoundError, PathRefusedError, StepTimeoutError, UndeclaredError
from assistant.domain.tool import Arguments, EffectKind, Outcome
from assistant.tools import Command, Invoker, Registry, Sight, parse_manifest
from tests.fakes.acting import FakeBlobs
from tests.fakes.seeing import DiskFiles, sight

GUIDE = {
    "title": {"en": "Do", "ru": "Делать"},
    "summary": {"en": "Does.", "ru": "Делает."},
    "examples": {"en": ["do it"], "ru": ["сделай"]},
}
SCHEMA = {"type": "object", "additionalProperties": False, "properties": {"n": {"type": "integer", "default": 7}}}


def invoker(command: Command, *effects: str) -> Invoker:
    spec = {"name": "do", "arguments": SCHEMA, "effects": effects or ["read"], "permissions": [], "guide": GUIDE}
    manifest = parse_manifest(json.dumps({"name": "tool", "version": "1", "commands": [spec]}).encode(), "tool")
    return Invoker(Registry(lambda: [(manifest, {"do": command})]))


def wants(*changes: Change, **more: Any) -> Command:
    async def command(arguments: Arguments, sight: Sight) -> Outcome:
        return Outcome(changes=changes, text=str(arguments["n"]), **more)

    return command


@pytest.fixture
def looking(tmp_path: Path) -> Sight:
    return sight(DiskFiles(tmp_path), FakeBlobs())


async def test_arguments_are_completed_and_checked(looking: Sight):
    called = invoker(wants())
    assert (await called.call("tool.do", {}, looking)).text == "7"
    assert called.spec("tool.do").name == "do"
    with pytest.raises(ArgumentError):
        await called.call("tool.do", {"n": "many"}, looking)
    with pytest.raises(NotFoundError):
        await called.call("tool.undo", {}, looking)


async def test_a_command_has_its_time(tmp_path: Path):
    async def never(arguments: Arguments, sight: Sight) -> Outcome:
        await asyncio.Event().wait()
        raise AssertionError

    short = sight(DiskFiles(tmp_path), FakeBlobs(), settings=Acting(step_seconds=0.01))
    with pytest.raises(StepTimeoutError, match=r"tool.do took longer than 0.01 s"):
        await invoker(never).call("tool.do", {}, short)


@pytest.mark.parametrize(
    ("kind", "declared"),
    [
        (ChangeKind.CREATE, "create"),
        (ChangeKind.MKDIR, "create"),
        (ChangeKind.WRITE, "write"),
        (ChangeKind.MOVE, "move"),
        (ChangeKind.TRASH, "trash"),
        (ChangeKind.RMDIR, "trash"),
    ],
)
async def test_effects_have_to_be_declared(looking: Sight, tmp_path: Path, kind: ChangeKind, declared: str):
    change = Change(kind=kind, path=str(tmp_path / "a"), to=str(tmp_path / "b") if kind is ChangeKind.MOVE else "")
    assert (await invoker(wants(change), declared).call("tool.do", {}, looking)).changes == (change,)
    assert (await invoker(wants(change), "git").call("tool.do", {}, looking)).changes == (change,)
    others = [one.value for one in EffectKind if one.value not in (declared, "git")]
    with pytest.raises(UndeclaredError, match="which it does not declare"):
        await invoker(wants(change), *others).call("tool.do", {}, looking)


async def test_opening_has_to_be_declared(looking: Sight, tmp_path: Path):
    opening = wants(opens=(str(tmp_path / "a"),))
    assert (await invoker(opening, "open").call("tool.do", {}, looking)).opens
    with pytest.raises(UndeclaredError, match="open"):
        await invoker(opening).call("tool.do", {}, looking)
    with pytest.raises(PathRefusedError, match="/etc/passwd"):
        await invoker(wants(opens=("/etc/passwd",)), "open").call("tool.do", {}, looking)


@pytest.mark.parametrize(
    ("name", "to"),
    [
        ("a", "../out"),
        ("a", "b\u202etxt.exe"),
        ("../out/a", "b"),
        ("a\0", "b"),
        ("a", "sub/../../out"),
        ("a", "c\u200bd"),
    ],
)
async def test_nothing_outside_the_roots_and_no_hidden_name(looking: Sight, tmp_path: Path, name: str, to: str):
    change = Change(kind=ChangeKind.MOVE, path=f"{tmp_path}/{name}", to=f"{tmp_path}/{to}")
    with pytest.raises(PathRefusedError, match="may not touch"):
        await invoker(wants(change), "move").call("tool.do", {}, looking)


async def test_a_prefix_twin_of_a_root_is_outside(looking: Sight, tmp_path: Path):
    change = Change(kind=ChangeKind.CREATE, path=f"{tmp_path}-evil/a")
    with pytest.raises(PathRefusedError, match="outside the folders"):
        await invoker(wants(change), "create").call("tool.do", {}, looking)


async def test_what_is_there_keeps_its_name_however_odd(looking: Sight, tmp_path: Path):
    odd = "two\u200bwords.png"
    move = Change(kind=ChangeKind.MOVE, path=f"{tmp_path}/{odd}", to=f"{tmp_path}/sub/{odd}")
    trash = Change(kind=ChangeKind.TRASH, path=f"{tmp_path}/{odd}")
    assert len((await invoker(wants(move, trash), "move", "trash").call("tool.do", {}, looking)).changes) == 2
    with pytest.raises(PathRefusedError, match="not seen"):
        await invoker(wants(Change(kind=ChangeKind.CREATE, path=f"{tmp_path}/{odd}")), "create").call("tool.do", {}, looking)
