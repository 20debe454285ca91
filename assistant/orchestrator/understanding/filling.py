"""Turns a heard clause into the arguments of the commands on files: sort, rename, move, trash and their kin."""

import re
from collections.abc import Callable, Mapping

from pydantic import JsonValue

from assistant.domain.tool import Arguments
from assistant.orchestrator.understanding.heard import Heard
from assistant.orchestrator.understanding.mentions import Mention
from assistant.orchestrator.understanding.naming import new_name, pattern_of, replaced_pair
from assistant.orchestrator.understanding.selection import files_of, folders_of, glob_in
from assistant.orchestrator.understanding.surroundings import paths

_ORDERS = (
    ("month", r"month(?:ly)?|months|месяц\w*|помесячно"),
    ("year", r"year(?:ly)?|years|год\w*|погодно"),
    ("day", r"day|days|daily|date|dates|день|дням|дн(?:и|ю|ей)|дат\w*"),
    ("extension", r"extensions?|file ?extensions?|расширени\w*"),
    ("type", r"(?:file ?)?(?:types?|kinds?|formats?)|тип\w*|вид\w*|формат\w*"),
    ("content", r"contents?|topics?|subjects?|themes?|meaning|содержан\w*|содержим\w*|тем(?:ам|е|атик\w*)|смысл\w*"),
    ("size", r"sizes?|размер\w*"),
)
_BY = (
    r"(?:sorted |grouped |named )?(?:by|per|for each|one folder per|one per|according to|based on|по|"
    r"на|за)(?: (?:the|file|их|its|their|creation|каждый|дате|date of))* "
)
_DESCRIBED = (
    r"(?:into |in |on |to |на |по )?(?:(?:separate |different |"
    r"отдельн\w+ )?(?:sub)?folders?(?: (?:by|per|for|named))?|(?:под)?папк\w+(?: по)?)"
)


def sort(heard: Heard) -> Arguments:
    """Return the arguments of files.sort."""
    by = heard.answer("by")
    for name, pattern in _ORDERS:
        if not by and (heard.forget_text(f"{_BY}(?:{pattern})") or heard.forget_text(f"(?:{pattern}) (?:sub)?folders")):
            by = name
    if by not in {name for name, _ in _ORDERS}:
        raise heard.ask("by")
    heard.forget_text(_DESCRIBED)
    topics = _topics(heard) if by == "content" else []
    target = heard.take("to", sort="folder")
    found: Arguments = {**files_of(heard, folder_only=True), **({"topics": topics} if topics else {})}
    if target is not None and (path := heard.one_path(target)) != found["folder"]:
        found["target"] = path
    return {"by": by, **found}


def _topics(heard: Heard) -> list[JsonValue]:
    """Take the topics behind a colon: "by topic: invoices, contracts"."""
    match = re.search(r":\s*(?P<topics>[^:;\ufffc]+)$", heard.plain)
    if match is None:
        return []
    heard.used.append(match.span())
    said = heard.clause.text[slice(*match.span("topics"))]
    return [topic for part in re.split(r",|(?<!\w)(?:and|и)(?!\w)", said) if (topic := part.strip(" .!?"))]


def rename(heard: Heard) -> Arguments:
    """Return the arguments of files.rename: find and replace, or a pattern for the new names."""
    pair = replaced_pair(heard)
    if pair is not None:
        heard.forget_text(
            r"(?:in|from|within|of)? ?(?:the |all |their )*(?:file ?)?names?(?: of)?|filenames|(?:в|из|"
            r"во всех) (?:названи\w+|имен\w+)(?: файл\w*)?"
        )
        return {**_one_or_many(heard), "find": pair[0], "replace": pair[1]}
    if (name := new_name(heard)) is not None:
        return {"paths": [name[0]], "pattern": name[1]}
    pattern = pattern_of(heard)
    found = _one_or_many(heard)
    if not pattern:
        raise heard.ask("pattern")
    return {**found, **pattern}


def move(heard: Heard) -> Arguments:
    """Return the arguments of files.move and files.copy."""
    heard.forget_text(r"(?:a |the )?(?:backup )?(?:copies|copy|backups?)(?: of)?|(?:резервн\w+ )?копи[июя]\w*|бэкап\w*")
    target = _target(heard)
    found = files_of(heard)
    path = heard.one_path(target) if target else heard.written_path(heard.answer("target"))
    if not path:
        raise heard.ask("target", choices=heard.folder_wanted().question.choices)
    return {**found, "target": path}


def trash(heard: Heard) -> Arguments:
    """Return the arguments of files.trash."""
    heard.forget_text(r"(?:to|into|in) the (?:trash|bin|recycle bin)|в корзину|корзин\w+")
    return files_of(heard)


def duplicates(heard: Heard) -> Arguments:
    """Return the arguments of files.duplicates."""
    keep = "oldest"
    if heard.says(
        r"(?:keep\w*|leav\w+|retain\w*|остав\w+|сохран\w+)[^.;]{0,30}(?:newest|latest|most recent|last|нов|последн|свеж)"
    ):
        keep = "newest"
    elif heard.says(r"(?:keep\w*|leav\w+|retain\w*|остав\w+|сохран\w+)[^.;]{0,30}(?:shortest|short|коротк)"):
        keep = "shortest path"
    return {**list_duplicates(heard), "keep": heard.answer("keep") or keep}


def list_duplicates(heard: Heard) -> Arguments:
    """Return the arguments of files.list_duplicates."""
    near = heard.says(r"near|nearly|almost|similar|look-?alikes?|alike|похож\w+|почти|схож\w+")
    folders, glob = folders_of(heard), glob_in(heard)
    return {"folders": folders, **({"glob": glob} if glob else {}), **({"near": True} if near else {})}


def clean(heard: Heard) -> Arguments:
    """Return the arguments of files.clean."""
    empty = heard.forget_text(
        r"empty(?: (?:sub)?(?:folders?|dir\w*))?|empties|пуст\w+(?: (?:под)?(?:папк\w*|каталог\w*|директори\w*))?"
    )
    old = heard.says(r"old(?!er)|unused|stale|стары[ехм]\w*|давн\w+|ненужн\w+")
    heard.forget_text(r"can go|can be (?:deleted|removed)|anything|можно (?:удалить|убрать)|уйдет|тоже|от")
    found = files_of(heard, folder_only=True, strict=False)
    aged = bool({"older_days", "larger_bytes", "glob"} & found.keys())
    what = "empty folders" if empty and not (aged or old) else "both" if empty else "old files"
    return {**found, "what": what}


def listing(heard: Heard) -> Arguments:
    """Return the arguments of files.list."""
    found = files_of(heard, strict=False)
    if "paths" in found:  # a folder named without more is the one to list
        first = str(found["paths"][0]) if isinstance(found["paths"], list) else ""
        return {"folder": first}
    return found


def compare(heard: Heard) -> Arguments:
    """Return the arguments of files.compare."""
    named = [one for one in [*heard.mentions] if one.sort != "text"]
    both = [path for one in named for path in (one.candidates if one.here else (heard.one_path(heard.keep(one)),))]
    both += [path for slot in ("left", "right") if (path := heard.written_path(heard.answer(slot)) if heard.answer(slot) else "")]
    if not both and len(heard.where.selected) == 2:
        both = [*heard.where.selected]
    if len(both) < 2:
        slot = "right" if both else "left"
        raise heard.ask(slot)
    return {"left": both[0], "right": both[1]}


def opening(heard: Heard) -> Arguments:
    """Return the arguments of files.open."""
    reveal = heard.says(
        r"reveal|file manager|file browser|explorer|finder|nautilus|dolphin|проводник\w*|файлов\w+ менеджер\w*|on disk|на диске"
    )
    if heard.answer("path"):
        path = heard.written_path(heard.answer("path"))
    elif heard.before and not heard.mentions:
        path = _first_path(heard.before)
    else:
        path = _path_of(heard)
    return {"path": path, **({"reveal": True} if reveal else {})}


def _path_of(heard: Heard) -> str:
    named = heard.take("", "with", "of", "in", "from", "to", "as")
    if named is None:
        text = next((one for one in heard.mentions), None)
        if text is not None and (path := heard.where.absolute(text.written)):
            heard.keep(text)
            return path
        if len(heard.where.selected) == 1:
            return heard.where.selected[0]
        raise heard.ask("path")
    if named.here and len(named.candidates) > 1:
        raise heard.ask("path", choices=[(path, paths.basename(path)) for path in named.candidates])
    below = heard.take("in", "from", sort="folder") if named.sort == "file" else None
    if below is not None and not paths.isabs(named.written) and not named.written.startswith("~"):
        return paths.normpath(paths.join(heard.one_path(below), named.written))
    return heard.one_path(named)


def _first_path(found: Arguments) -> str:
    listed: JsonValue = found.get("paths") or found.get("folder")
    return str(listed[0]) if isinstance(listed, list) else str(listed)


def _one_or_many(heard: Heard) -> Arguments:
    heard.forget_text(_DESCRIBED)
    return files_of(heard)


def _target(heard: Heard) -> Mention | None:
    """Take the mention a move or a copy leads to: behind "to"; behind "in" where something else is what is moved."""
    if heard.answer("target"):
        return None
    if found := heard.take("to", last=True) or heard.take("as"):
        return found
    if heard.clause.verb == "copy" and any(one.sort == "file" for one in heard.mentions):
        # "Сделай копию x.md в Документах": where the copy is, not where the file is.
        there = [
            one for one in heard.mentions if one.sort == "folder" and re.search(r"(?<!\w)(?:в|на) $", heard.plain[: one.start])
        ]
        if there:
            return heard.keep(there[-1])
    inside = [one for one in heard.mentions if one.role == "in" and one.sort != "text"]
    others = [one for one in heard.mentions if one not in inside]
    prepositions = (
        re.search(r"(?<!\w)(?:по|под|under|across|at)\s+(?:\w+\s+)*$", heard.plain[: inside[-1].start]) if inside else None
    )
    if (
        not inside
        or prepositions
        or (heard.language == "en" and not others and len(inside) < 2 and heard.clause.verb in ("move", "rename"))
    ):
        return None
    return heard.keep(inside[-1])


FILES: Mapping[str, Callable[[Heard], Arguments]] = {
    "files.sort": sort,
    "files.rename": rename,
    "files.move": move,
    "files.copy": move,
    "files.trash": trash,
    "files.duplicates": duplicates,
    "files.list_duplicates": list_duplicates,
    "files.clean": clean,
    "files.list": listing,
    "files.compare": compare,
    "files.open": opening,
}
