"""Nothing outside the granted roots is ever reached: by no name, link, swap or archive. Each test is named after a promise."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from pydantic import JsonValue

from assistant.domain.errors import MnemeError
from assistant.domain.plan import Proposal
from tests.flows.hostile import Stage
from tests.flows.tree import look

ASTRAY = {
    "dots": "{root}/../outside/a.txt",
    "dots within": "{root}/in/../a.txt",
    "an absolute name": "{outside}/a.txt",
    "a prefix twin": "{root}-evil/a.txt",
    "a doubled slash": "/{root}/a.txt",
    "a drive letter": "C:\\Users\\ada\\a.txt",
    "UNC": "\\\\server\\share\\a.txt",
    "UNC with slashes": "//server/share/a.txt",
    "a name from home": "~/a.txt",
    "a bare name": "a.txt",
    "NUL": "{root}/a.txt\0.md",
    "a variable": "$HOME/a.txt",
    "a device": "/dev/null",
    "a process": "/proc/self/environ",
}
REACHES: dict[str, dict[str, JsonValue]] = {
    "files.trash": {"paths": ["{path}"]},
    "files.move": {"paths": ["{path}"], "target": "{root}/in"},
    "files.copy": {"paths": ["{path}"], "target": "{root}/in"},
    "text.append": {"path": "{path}", "content": "more"},
    "text.replace": {"paths": ["{path}"], "find": "old", "replace": "new"},
    "archive.pack": {"paths": ["{path}"], "target": "{root}/made.zip"},
}
LEADS: dict[str, dict[str, JsonValue]] = {
    "files.move": {"paths": ["{root}/a.txt"], "target": "{path}"},
    "files.copy": {"paths": ["{root}/a.txt"], "target": "{path}"},
    "text.create": {"path": "{path}", "content": "made"},
    "archive.pack": {"paths": ["{root}/a.txt"], "target": "{path}.zip"},
    "text.todos": {"folder": "{root}", "target": "{path}.md"},
}


def _filled(value: JsonValue, stage: Stage, path: str) -> JsonValue:
    if isinstance(value, list):
        return [_filled(one, stage, path) for one in value]
    places = {"{path}": path, "{root}": str(stage.root), "{outside}": str(stage.outside)}
    for name, place in places.items():
        value = str(value).replace(name, place)
    return value


@pytest.mark.parametrize("way", ASTRAY)
async def test_a_path_outside_the_granted_roots_is_never_reached(stage: Stage, way: str) -> None:
    for wanted in (REACHES, LEADS):
        for tool, arguments in wanted.items():
            await stage.refused(tool, **{name: _filled(value, stage, ASTRAY[way]) for name, value in arguments.items()})


@pytest.mark.parametrize(
    "name",
    ["a.txt:hidden", "zero\u200bwidth.md", "turned\u202etxt.exe", "bell\a.md", "NUL.md", "..", "b\u2066idi.md", "\u3164.md"],
    ids=["NTFS stream", "zero-width", "right-to-left", "control", "device", "dots", "isolate", "blank letter"],
)
async def test_a_name_that_deceives_is_never_given(stage: Stage, name: str) -> None:
    await stage.refused("text.create", path=f"{stage.root}/{name}", content="made")
    if name != "..":  # which becomes “...txt”, a name like any other
        await stage.refused("files.rename", paths=[f"{stage.root}/a.txt"], pattern=name)


async def test_a_link_is_never_followed_out(stage: Stage) -> None:
    (stage.root / "link").symlink_to(stage.outside)
    (stage.root / "link.txt").symlink_to(stage.outside / "a.txt")
    for tool, arguments in {**REACHES, **LEADS}.items():
        for path in ("{root}/link/a.txt", "{root}/link/new"):
            await stage.refused(tool, **{name: _filled(_filled(v, stage, path), stage, path) for name, v in arguments.items()})
    await stage.refused("text.append", path=f"{stage.root}/link.txt", content="more")
    await stage.refused("text.replace", paths=[f"{stage.root}/link.txt"], find="old", replace="new")


@pytest.mark.parametrize("tool", ["text.append", "text.create", "files.move", "files.trash"])
async def test_a_folder_swapped_for_a_link_after_the_preview_is_never_followed(stage: Stage, tool: str) -> None:
    arguments: dict[str, dict[str, JsonValue]] = {
        "text.append": {"path": f"{stage.root}/in/b.txt", "content": "more"},
        "text.create": {"path": f"{stage.root}/in/new.md", "content": "made"},
        "files.move": {"paths": [f"{stage.root}/a.txt"], "target": f"{stage.root}/in"},
        "files.trash": {"paths": [f"{stage.root}/in/b.txt"]},
    }
    (stage.outside / "b.txt").write_text("old as well\n", "utf-8")
    proposal = await stage.asked(tool, **arguments[tool])
    assert isinstance(proposal, Proposal)
    (stage.root / "in").rename(stage.root / "away")
    (stage.root / "in").symlink_to(stage.outside)
    before = look(stage.root), look(stage.outside)
    with pytest.raises(MnemeError):
        await stage.done(proposal)
    assert (look(stage.root), look(stage.outside)) == before


def _archive(path: Path, members: dict[str, str | bytes], link: str = "") -> None:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as pack:
            for name, content in members.items():
                pack.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        return
    with tarfile.open(path, "w:gz") as pack:
        if link:
            info = tarfile.TarInfo("door")
            info.type, info.linkname = tarfile.SYMTYPE, link
            pack.addfile(info)
        for name, content in members.items():
            info, data = tarfile.TarInfo(name), content if isinstance(content, bytes) else content.encode()
            info.size = len(data)
            pack.addfile(info, io.BytesIO(data))


@pytest.mark.parametrize("kind", ["zip", "tgz"])
@pytest.mark.parametrize(
    "name", ["../outside/a.txt", "{outside}/a.txt", "in/../../outside/a.txt", "..\\outside\\a.txt", "C:\\a.txt"]
)
async def test_an_archive_member_never_leaves_its_folder(stage: Stage, kind: str, name: str) -> None:
    path = stage.root / f"pack.{kind}"
    _archive(path, {name.format(outside=stage.outside): "evil", "good.txt": "good"})
    before = look(stage.outside)
    found = await stage.asked("archive.unpack", path=str(path), target=f"{stage.root}/unpacked")
    if isinstance(found, Proposal) and found.state == "ready":
        assert found.preview is not None
        assert all(change.path.startswith(f"{stage.root}/unpacked") for change in found.preview.changes)
        await stage.done(found)
    assert look(stage.outside) == before
    assert not (stage.root.parent / "a.txt").exists()


async def test_an_archive_s_link_is_never_laid_or_followed(stage: Stage) -> None:
    _archive(stage.root / "pack.tgz", {"door/a.txt": "evil"}, link=str(stage.outside))
    before = look(stage.outside)
    found = await stage.asked("archive.unpack", path=f"{stage.root}/pack.tgz", target=f"{stage.root}/unpacked")
    if isinstance(found, Proposal) and found.state == "ready":
        await stage.done(found)
    assert look(stage.outside) == before
    assert not any(path.is_symlink() for path in stage.root.rglob("*"))


async def test_a_bomb_is_never_unpacked(stage: Stage) -> None:
    _archive(stage.root / "bomb.zip", {"zeros": b"\0" * (256 * 1024 * 1024)})
    await stage.refused("archive.unpack", path=f"{stage.root}/bomb.zip", target=f"{stage.root}/unpacked")
