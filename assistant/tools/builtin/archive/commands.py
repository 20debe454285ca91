"""Commands over archives. What an archive says of itself is not believed: names that lead elsewhere are left out."""

import re
from typing import Literal

from assistant.domain.errors import ArchiveError, OccupiedError
from assistant.domain.file_names import unfit
from assistant.domain.tool import Arguments, Outcome, Table, Taint
from assistant.tools.changes import Draft
from assistant.tools.command import Sight
from assistant.tools.names import folder_of, joined, name_of, split, within
from assistant.tools.selection import chosen

_SEPARATOR = re.compile(r"[/\\]")
_DRIVE = re.compile(r"[A-Za-z]:")
SHOWN = 2000
PERMISSIONS = 0o777
USUAL = 0o644


async def pack(arguments: Arguments, sight: Sight) -> Outcome:
    """Put files and folders, or files of a folder by pattern, into a new archive; names inside begin at what holds them."""
    target = str(arguments["target"])
    kind: Literal["zip", "tar.gz"] = "tar.gz" if target.lower().endswith((".tar.gz", ".tgz")) else "zip"
    if kind == "zip" and not target.lower().endswith(".zip"):
        raise ArchiveError(f"{name_of(target)} is no name of a zip or tar.gz archive.", kept="Nothing was changed.")
    entries: list[tuple[str, str]] = []
    links = 0
    for path, top in await _named(arguments, sight):
        stamp = await sight.files.stamp(path)
        if stamp is None:
            raise ArchiveError(f"{path} is not there.", kept="Nothing was changed.")
        below = await sight.files.listing(path, deep=True, tell=sight.tell) if stamp.kind == "folder" else []
        links += (stamp.kind == "link") + sum(entry.stamp.kind == "link" for entry in below)
        found = [path] if stamp.kind != "link" else []
        found += [entry.path for entry in below if entry.stamp.kind != "link" and entry.path != target]
        entries += [(one, _inside(one, top)) for one in found]
    blob, size = await sight.archives.make(kind, entries, sight.tell)
    draft = Draft(sight.files, sight.blobs)
    try:
        await draft.place(target, blob, size, sight.say(f"{len(entries)} entries", f"объектов: {len(entries)}"))
    except OccupiedError as error:
        draft.clash(target, error.what)
    text = sight.say(f"{len(entries)} entries into {name_of(target)}.", f"В {name_of(target)} войдёт объектов: {len(entries)}.")
    if links:
        text += " " + sight.say(f"{links} links are left out.", f"Ссылок пропущено: {links}.")
    return Outcome(changes=tuple(draft.changes), conflicts=tuple(draft.conflicts), text=text, empty=not entries)


async def unpack(arguments: Arguments, sight: Sight) -> Outcome:
    """Put what an archive holds into a folder, without overwriting anything."""
    path = str(arguments["path"])
    members = await sight.archives.read(path, sight.tell)
    draft = Draft(sight.files, sight.blobs)
    target = str(arguments.get("target") or await draft.free(joined(folder_of(path), split(name_of(path))[0])))
    why = sight.say(f"from {name_of(path)}", f"из {name_of(path)}")
    left_out = 0
    for member in members:
        inside = placed(member.name)
        if inside is None or member.kind == "other":
            left_out += 1
            continue
        place = joined(target, inside)
        try:
            if member.kind == "folder":
                await draft.folder(place, why)
            else:
                mode = (member.mode & PERMISSIONS & ~0o022) or USUAL
                mtime = int(member.mtime * 1e9) if member.mtime > 0 else None
                await draft.place(place, member.blob, member.size, why, mode=mode | 0o600, mtime_ns=mtime)
        except OccupiedError as error:
            draft.clash(place, error.what)
    files = sum(member.kind == "file" for member in members)
    text = sight.say(f"{files} files into {target}.", f"Файлов: {files}, в {target}.")
    if left_out:
        text += " " + sight.say(
            f"{left_out} entries are left out: links, devices, or names that lead elsewhere.",
            f"Пропущено: {left_out} — ссылки, устройства или имена, ведущие наружу.",
        )
    taint = Taint(argument="contents", origin="file", source=path, excerpt=", ".join(one.name for one in members[:3])[:80])
    return Outcome(
        changes=tuple(draft.changes),
        conflicts=tuple(draft.conflicts),
        text=text,
        taints=(taint,) if draft.changes else (),
        empty=not draft.changes,
    )


async def list_archive(arguments: Arguments, sight: Sight) -> Outcome:
    """Show what an archive holds."""
    path = str(arguments["path"])
    members = await sight.archives.read(path, sight.tell)
    columns = (sight.say("name", "имя"), sight.say("bytes", "байты"))
    rows = tuple((member.name, str(member.size) if member.kind == "file" else member.kind) for member in members[:SHOWN])
    text = sight.say(f"{len(members)} entries in {name_of(path)}.", f"В {name_of(path)} объектов: {len(members)}.")
    return Outcome(text=text, table=Table(columns=columns, rows=rows), empty=not members)


async def _named(arguments: Arguments, sight: Sight) -> list[tuple[str, str]]:
    """Return what is to be packed, each with the folder from which its name inside begins."""
    listed = arguments.get("paths")
    if isinstance(listed, list):
        return [(str(path), folder_of(str(path))) for path in listed]
    folder = str(arguments["folder"])
    return [(entry.path, folder) for entry in (await chosen(arguments, sight)).entries]


def placed(name: str) -> str | None:
    """Return the name of a member as a path below the target, None when it would lead elsewhere or nobody could read it."""
    parts = [part for part in _SEPARATOR.split(name.rstrip("/\\")) if part != "."]
    if not parts or name.startswith(("/", "\\")) or _DRIVE.match(name) or any(unfit(part) for part in parts):
        return None
    return "/".join(parts)


def _inside(path: str, top: str) -> str:
    return path[len(top) :].lstrip("/\\").replace("\\", "/") if within(path, top) else name_of(path)
