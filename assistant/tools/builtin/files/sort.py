"""files.sort: files into subfolders by date, kind, ending, size, or by what they are about."""

import asyncio
from collections.abc import Callable, Mapping

from assistant.domain.change import Entry
from assistant.domain.errors import OccupiedError
from assistant.domain.tool import Arguments, Outcome
from assistant.tools.builtin.files.topics import by_topic
from assistant.tools.changes import Draft
from assistant.tools.command import Sight
from assistant.tools.dates import date_of
from assistant.tools.kinds import kind_word
from assistant.tools.names import ending, folder_of, joined, name_of
from assistant.tools.selection import MIB, chosen
from assistant.tools.taints import from_names

_BATCH = 500
_DATES = {"month": "%Y-%m", "year": "%Y", "day": "%Y-%m-%d"}
_SIZES = (
    (MIB, "up to 1 MB", "до 1 МБ"),
    (100 * MIB, "1 to 100 MB", "от 1 до 100 МБ"),
    (1024 * MIB, "100 MB to 1 GB", "от 100 МБ до 1 ГБ"),
)


async def sort(arguments: Arguments, sight: Sight) -> Outcome:
    """Want files in subfolders of `target`, else of the folder they are in; those already in the right one stay."""
    found = await chosen(arguments, sight)
    folder = str(arguments.get("target") or arguments["folder"])
    by = str(arguments["by"])
    draft = Draft(sight.files, sight.blobs)
    if by == "content":
        places, taints = await by_topic(found.entries, _topics(arguments), folder, sight)
    else:
        placed = _RULES.get(by, _by_date)
        places = {entry.path: placed(entry, by, sight) for entry in found.entries}
        taints = from_names("by", found.entries) if by == "extension" else ()
    counts: dict[str, int] = {}
    for n, entry in enumerate(found.entries):
        if n % _BATCH == 0:
            sight.tell(n, len(found.entries), "")
            await asyncio.sleep(0)
        if entry.path not in places:
            found.left[sight.say("fit nowhere", "никуда не подошли")] += 1
            continue
        name, why = places[entry.path]
        if await _placed(draft, entry, joined(folder, name), why):
            counts[name] = counts.get(name, 0) + 1
    summary = ", ".join(f"{name}: {count}" for name, count in sorted(counts.items())[:20])
    text = sight.say(f"Files to sort: {sum(counts.values())}.", f"Разложить файлов: {sum(counts.values())}.")
    return Outcome(
        changes=tuple(draft.changes),
        conflicts=tuple(draft.conflicts),
        text=" ".join(filter(None, [text, f"{summary}." if summary else "", found.said(sight)])),
        taints=taints if draft.changes else (),
        expects=draft.expects(),
        empty=not draft.changes and not draft.conflicts,
    )


async def _placed(draft: Draft, entry: Entry, folder: str, why: str) -> bool:
    try:
        folder = await draft.like(folder)
        to = joined(folder, name_of(entry.path))
        if folder_of(entry.path) == folder:
            return False
        await draft.folder(folder, why)
        await draft.move(entry, await draft.free(to), why)
    except OccupiedError as error:
        draft.clash(folder, error.what)
        return False
    return True


def _topics(arguments: Arguments) -> tuple[str, ...]:
    topics = arguments.get("topics")
    return tuple(map(str, topics)) if isinstance(topics, list) else ()


def _by_date(entry: Entry, by: str, sight: Sight) -> tuple[str, str]:
    date, named = date_of(name_of(entry.path), entry.stamp.mtime_ns, sight.now)
    source = sight.say(*(("date in its name", "дата из имени") if named else ("time of last change", "время изменения")))
    return date.strftime(_DATES[by]), f"{source}: {date:%Y-%m-%d}"


def _by_type(entry: Entry, by: str, sight: Sight) -> tuple[str, str]:
    word = kind_word(name_of(entry.path), sight.language)
    return word, sight.say(f"kind by its ending: {word}", f"вид по расширению: {word}")


def _by_ending(entry: Entry, by: str, sight: Sight) -> tuple[str, str]:
    last = ending(entry.path)
    return last or sight.say("no ending", "без расширения"), sight.say(f"ending: {last}", f"расширение: {last}")


def _by_size(entry: Entry, by: str, sight: Sight) -> tuple[str, str]:
    size = entry.stamp.size
    more = ("over 1 GB", "больше 1 ГБ")
    name = sight.say(*next(((english, russian) for limit, english, russian in _SIZES if size <= limit), more))
    return name, sight.say(f"size: {size} bytes", f"размер: {size} байт")


_RULES: Mapping[str, Callable[[Entry, str, Sight], tuple[str, str]]] = {
    "type": _by_type,
    "extension": _by_ending,
    "size": _by_size,
}
