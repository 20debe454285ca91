"""files.clean: empty folders, with those that hold only empty folders, and old or large files out of the way."""

import os

from assistant.domain.change import Entry
from assistant.domain.tool import Arguments, Outcome
from assistant.tools.changes import Draft
from assistant.tools.command import Sight
from assistant.tools.names import folder_of
from assistant.tools.selection import MIB, Chosen, chosen, private


async def clean(arguments: Arguments, sight: Sight) -> Outcome:
    """Want old files in the trash and empty folders gone, whichever is asked; the folder itself stays."""
    what = str(arguments["what"])
    draft = Draft(sight.files, sight.blobs)
    found = Chosen()
    if what != "empty folders":
        found = await _old(draft, arguments, sight)
    folders = 0
    if what != "old files":
        folders = await _empty(draft, str(arguments["folder"]), {change.path for change in draft.changes}, sight)
    files = len(draft.changes) - folders
    size = sum(change.size for change in draft.changes) / MIB
    text = sight.say(
        f"Files for the trash: {files} ({size:.1f} MiB). Empty folders: {folders}.",
        f"В корзину файлов: {files} ({size:.1f} МиБ). Пустых папок: {folders}.",
    )
    return Outcome(
        changes=tuple(draft.changes),
        text=" ".join(filter(None, [text, found.said(sight)])),
        expects=draft.expects(),
        empty=not draft.changes,
    )


async def _old(draft: Draft, arguments: Arguments, sight: Sight) -> Chosen:
    """Want files in the trash by age and size; without either those count that are older than the settings say."""
    limited = any(arguments.get(name) is not None for name in ("older_days", "newer_days", "larger_bytes", "smaller_bytes"))
    limits: Arguments = {} if limited else {"older_days": sight.settings.trash_after_days}
    found = await chosen({**arguments, **limits}, sight)
    for entry in found.entries:
        days = int((sight.now.timestamp() - entry.stamp.mtime_ns / 1e9) // 86400)
        size = entry.stamp.size / MIB
        why = sight.say(f"last changed {days} days ago, {size:.1f} MiB", f"изменён {days} дн. назад, {size:.1f} МиБ")
        await draft.trash(entry, why)
    return found


async def _empty(draft: Draft, root: str, gone: set[str], sight: Sight) -> int:
    """Want folders gone that hold nothing, or nothing but such folders, deepest first; hidden ones and programs' own stay."""
    entries = await sight.files.listing(root, deep=True, tell=sight.tell)
    held: dict[str, int] = {}
    for entry in entries:
        if entry.path not in gone:
            held[folder_of(entry.path)] = held.get(folder_of(entry.path), 0) + 1
    start = len(root.rstrip(os.sep)) + 1
    folders = [entry for entry in entries if entry.stamp.kind == "folder" and not private(entry.path[start:])]
    count = 0
    for entry in sorted(folders, key=_deepest_first):
        if held.get(entry.path, 0) == 0:
            held[folder_of(entry.path)] -= 1
            await draft.remove_empty(entry, sight.say("empty folder", "пустая папка"))
            count += 1
    return count


def _deepest_first(entry: Entry) -> tuple[int, str]:
    return -entry.path.count(os.sep), entry.path
