"""report.write: what remembered files say about a subject, or what a folder holds, as Markdown with numbered sources."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from assistant.domain.errors import ArgumentError
from assistant.domain.language import words
from assistant.domain.memory import Evidence, RecallQuery
from assistant.domain.tool import Arguments, Outcome, Taint
from assistant.tools.builtin.report.choosing import Quote, choose, quotable, rarity
from assistant.tools.builtin.report.layout import Section, report
from assistant.tools.builtin.text.saving import save
from assistant.tools.changes import Draft
from assistant.tools.command import Sight
from assistant.tools.names import ending, is_literal_path, name_of
from assistant.tools.selection import chosen
from assistant.tools.taints import MOST, from_steps

_ENDINGS = ("md", "markdown", "txt")
_MOST_FILES = 60
_PASSAGES = 8
"""Passages that are looked at of every file of a folder."""
_FOUND = 40
_BUDGET = 12_000
"""Passages, and tokens in them, that are looked at for a subject."""
_QUOTES = 3
_EXCERPT = 80


async def write(arguments: Arguments, sight: Sight) -> Outcome:
    """Want a report in place of what is at `target`; without anything to quote there is none. Raises ArgumentError."""
    target, subject = str(arguments["target"]), str(arguments.get("subject") or "").strip()
    if ending(target) not in _ENDINGS:
        raise ArgumentError(f"A report is written as .md, not as {target}.", kept="Nothing was done.", remedy="Name such a file.")
    left: Counter[str] = Counter()
    if "folder" in arguments or "paths" in arguments:
        found = await _within(arguments, subject, target, left, sight)
    else:
        found = await _about(subject, target, sight)
    sections = _sections(await _unchanged(found, left, sight), subject)
    if not sections:
        return Outcome(text=_none(left, sight), empty=True)
    title = str(arguments.get("title") or "") or _title(arguments, subject, sight)
    remarks = [sight.say(f"Left out: {_counted(left)}.", f"Не вошли: {_counted(left)}.")] if left else []
    text, citations = report(title, sections, remarks, target, sight)
    draft = Draft(sight.files, sight.blobs)
    why = sight.say(f"quotations from {len(sections)} files", f"цитаты, файлов: {len(sections)}")
    await save(draft, target, text.encode("utf-8", "replace"), why)
    said = sight.say(
        f"Quotations: {len(citations)}, from files: {len(sections)}.", f"Цитат: {len(citations)}, файлов: {len(sections)}."
    )
    return Outcome(
        changes=tuple(draft.changes),
        conflicts=tuple(draft.conflicts),
        text=" ".join([said, *remarks]),
        citations=tuple(citations),
        taints=(*_taints(sections), *from_steps({"subject": subject, "title": title}, sight)),
        expects=draft.expects(),
    )


async def _about(subject: str, target: str, sight: Sight) -> list[Evidence]:
    if not any(map(str.isalnum, subject)):
        raise ArgumentError(
            "It is not said what the report is about.", kept="Nothing was done.", remedy="Name a subject or a folder."
        )
    pack = await sight.memory.gather(RecallQuery(text=subject, k=_FOUND), _BUDGET)
    return [one for one in pack.evidence if is_literal_path(one.path) and one.path != target]


async def _within(arguments: Arguments, subject: str, target: str, left: Counter[str], sight: Sight) -> list[Evidence]:
    """Return what memory has of the files in a folder, or of named ones; of the first ones where there are too many."""
    chose = await chosen({**arguments, "deep": True}, sight)
    left.update(chose.left)
    files = [entry.path for entry in chose.entries if entry.path != target]
    pack = await sight.memory.excerpts(files[:_MOST_FILES], _PASSAGES)
    known = {one.path for one in pack.evidence}
    left[sight.say("files beyond the first", "файлы сверх первых") + f" {_MOST_FILES}"] += len(files[_MOST_FILES:])
    left[sight.say("not in memory, or without text", "не в памяти или без текста")] += len(set(files[:_MOST_FILES]) - known)
    return list(pack.evidence)


async def _unchanged(found: Sequence[Evidence], left: Counter[str], sight: Sight) -> list[Evidence]:
    """Return the evidence whose files still hold the very bytes it was read from, so that every quotation can be checked."""
    paths = list(dict.fromkeys(one.path for one in found))
    digests = await sight.files.digests(paths, sight.tell)
    kept = {one.path for one in found if digests.get(one.path) == one.digest}
    left[sight.say("changed or gone since they were read", "изменились или исчезли с тех пор, как прочитаны")] += len(
        set(paths) - kept
    )
    for reason in [reason for reason, count in left.items() if not count]:
        del left[reason]
    return [one for one in found if one.path in kept]


def _sections(found: Sequence[Evidence], subject: str) -> list[Section]:
    """Return what is quoted of each file, files with the same contents once."""
    asked = frozenset(word.stem for word in words(subject) if not word.stop)
    by_digest: dict[str, dict[str, list[Quote]]] = {}
    for one in found:
        by_digest.setdefault(one.digest, {}).setdefault(one.path, []).extend(quotable(one))
    files = [next(iter(paths.items())) for paths in by_digest.values()]
    rare = rarity(quote for _, quotes in files for quote in quotes)
    twins = {path: tuple(others) for path, *others in by_digest.values()}
    chosen_of = _chosen(files, rare, asked)
    return [Section(path, tuple(quotes), twins[path]) for path, quotes in chosen_of if quotes]


def _chosen(
    files: Iterable[tuple[str, Sequence[Quote]]], rare: Mapping[str, float], asked: frozenset[str]
) -> list[tuple[str, list[Quote]]]:
    """Choose within each file; about a subject nothing is said twice, and passages stand as they do in their file."""
    said: set[str] = set()
    found: list[tuple[str, list[Quote]]] = []
    for path, quotes in files:
        fresh = [one for one in quotes if not asked or one.plain not in said]
        mine = choose(fresh, rare, _QUOTES, asked)
        said |= {one.plain for one in mine}
        found.append((path, sorted(mine, key=lambda one: (one.evidence.part, one.evidence.offset, one.start))))
    return found


def _title(arguments: Arguments, subject: str, sight: Sight) -> str:
    if subject:
        return subject[:1].upper() + subject[1:]
    if "folder" in arguments:
        name = name_of(str(arguments["folder"]))
        return sight.say(f"Report on {name}", f"Отчёт по папке {name}")
    return sight.say("Report", "Отчёт")


def _none(left: Counter[str], sight: Sight) -> str:
    said = sight.say("There is nothing in memory to report on.", "В памяти нет ничего для такого отчёта.")
    return f"{said} {sight.say('Left out', 'Не вошли')}: {_counted(left)}." if left else said


def _counted(left: Counter[str]) -> str:
    return ", ".join(f"{reason}: {count}" for reason, count in left.most_common())


def _taints(sections: Sequence[Section]) -> list[Taint]:
    return [
        Taint(argument="content", origin="memory", source=one.path, excerpt=one.quotes[0].plain[:_EXCERPT])
        for one in sections[:MOST]
    ]
