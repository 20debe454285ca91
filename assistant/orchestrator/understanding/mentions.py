"""Finds what a clause refers to: files, folders, known places, "here", each with the preposition that leads to it. Pure."""

import re
from typing import Literal, NamedTuple

from assistant.domain.language import stem
from assistant.orchestrator.understanding.clauses import Clause
from assistant.orchestrator.understanding.surroundings import Ground, paths

Role = Literal["from", "to", "in", "as", "with", "of", ""]
"""How a mention is led to: out of, into, at (which may be into), under the name, together with, belonging to, bare."""
Sort = Literal["file", "folder", "text", ""]


class Mention(NamedTuple):
    """Something named at `start`..`end` of a clause: as written, the paths it may mean, its role and what it looks like.

    `here` tells that it stands for the paths at hand.
    """

    written: str
    candidates: tuple[str, ...]
    role: Role
    sort: Sort
    start: int
    end: int
    here: bool = False


_PREPOSITIONS: dict[Role, str] = {
    "from": "from|out of|inside of|из|со|с|от",
    "to": "to|into|onto|on to|inside|к",
    "in": "in|on|at|under|within|across|below|в|во|на|по|внутри|во всех|под",
    "as": "as|called|named|именем|under the name|с именем|под именем|с названием|под названием|по имени",
    "with": "with|and|against|vs|versus|и|с файлом",
    "of": "of|for|about|для|о|об|про|between|между",
}
_ROLES: dict[str, Role] = {word: role for role, words in _PREPOSITIONS.items() for word in words.split("|")}
_NOUNS = (
    r"(?:the|a|an|my|our|this|that|these|new|existing|same|local|file|files|folder|folders|directory|"
    r"directories|dir|subfolder|note|notes"
    r"|document|archive|branch|repository|repo|project|disk|both|two|text|table|path|named|called|one|every|all|other"
    r"|файл\w*|папк\w*|подпапк\w*|каталог\w*|директори\w*|заметк\w*|документ|документа|архив\w*|репозитори\w*|проект\w*|ветк\w*"
    r"|нов(?:ый|ую|ая|ое|ой|ом)|мо(?:ю|ей|я|й|его|ем)|эт(?:у|от|ой|ого|ом)|таблиц\w*|сво\w+|двух|двумя|отдельн\w+|одну|один"
    r"|под названием|с именем|с названием|с именами)"
)
_LEAD = re.compile(
    r"(?<!\w)(?P<prep>" + "|".join(sorted(map(re.escape, _ROLES), key=len, reverse=True)) + rf")\s+(?:{_NOUNS}\s+)*$"
)
_PLACES: tuple[tuple[str, str], ...] = (
    (
        "downloads",
        (
            r"downloads?(?= folder| directory)|downloads|download folder|загрузк(?P<loc>ах)|"
            r"загрузк(?P<acc>и)|загрузок|загрузк(?:ам|ами)|папк\w загрузк\w+"
        ),
    ),
    (
        "desktop",
        (
            r"desktop|рабоч(?P<loc>ем) столе|рабоч(?P<acc>ий) стол(?!а)|рабочего стола|рабочему столу|"
            r"рабочим столом|десктоп\w*"
        ),
    ),
    (
        "documents",
        (
            r"(?:my )?documents(?= folder| directory)|(?:my )?(?P<en>documents)|"
            r"(?:моих )?документ(?P<loc>ах)|(?:мои )?документ(?P<acc>ы)|документов"
        ),
    ),
    (
        "pictures",
        (
            r"pictures(?= folder| directory)|(?:my )?(?P<en>pictures)|изображени(?P<loc>ях)|"
            r"изображени(?P<acc>я)|изображений|картинк(?P<loc2>ах)"
        ),
    ),
    ("music", r"music(?= folder| directory)|(?P<en>music)|папк\w музыка|музык(?P<loc>е)(?!\w)"),
    ("videos", r"videos(?= folder| directory)|(?P<en>videos)|папк\w видео|видео(?P<loc>записях)"),
)
_AMBIGUOUS_PLACES = {"documents", "pictures", "music", "videos"}
_HERE = re.compile(
    r"(?<!\w)(?:here|(?:in |from |of )?(?:this|the current|current|the present) (?:folder|directory|"
    r"dir|place|project|repository|repo)"
    r"|these (?:files?|photos|pictures|images|documents)|this (?:file|photo|picture|image|document|"
    r"archive|note|report)|the selected (?:files?|items?)"
    r"|selected files?|the selection|здесь|тут|отсюда|сюда|эт(?:а|ой|у|и|их|ими|от|ого|ом|ому)"
    r" (?:папк\w*|каталог\w*|директори\w*|проект\w*|репозитори\w*|файл\w*|фотографи\w*|картинк\w*|"
    r"документ\w*|архив\w*|мест\w*|отчет\w*)"
    r"|(?:текущ\w+|выбранн\w+|выделенн\w+) (?:папк\w*|каталог\w*|файл\w*|проект\w*|репозитори\w*|"
    r"директори\w*)|выделенное|выбранное)(?!\w)"
)
_FOLDER_NAME = re.compile(
    r"(?<!\w)(?:папк[аиеуой]+|подпапк[аиеуой]+|каталог[ае]?|директори[июя]|folder|directory|subfolder)"
    r"(?: (?:named|called|под названием|с именем|с названием))? (?P<after>(?!(?:by|into|to|in|from|"
    r"and|with|of|for|or|is|as|older|larger|that|which|per|for"
    r"|по|в|на|из|и|с|со|от|для|старше|больше|или|где|за|через|на|под|меньше|новее|до|без|ли|"
    r"рекурсивно|целиком|с|нет|есть)(?!\w))[^\W\d_][\w-]*)"
    r"|(?<!\w)(?:the|my|our) (?P<before>(?!(?:whole|entire|current|same|new|empty|old|above|"
    r"following|other|this|parent|home|git)\b)[^\W\d_][\w-]*)"
    r" (?:folder|directory|subfolder)(?!\w)"
)
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,7}$")


def mentions(clause: Clause, where: Ground) -> list[Mention]:
    """Return what a clause refers to, in order; quotes are left to those who know whether they are names or texts."""
    found = [_of_piece(clause, where, n) for n, piece in enumerate(clause.pieces) if piece.kind in ("path", "quote")]
    taken = [(piece.start, piece.end) for piece in clause.pieces]
    for match in _HERE.finditer(clause.plain):
        found.append(_here(clause, where, match))
        taken.append(match.span())
    for match in _FOLDER_NAME.finditer(clause.plain):
        name = "after" if match["after"] else "before"
        if named := _of_name(clause, where, match, name):
            found.append(named)
            taken.append(match.span())
    found += [place for place in _places(clause, where) if not any(a < place.end and place.start < b for a, b in taken)]
    return sorted(found, key=lambda mention: mention.start)


def folder_names(clause: Clause) -> tuple[str, ...]:
    """Return the bare names that a clause gives folders ("папка Отчёты", "the invoices folder")."""
    return tuple(
        clause.text[slice(*match.span("after" if match["after"] else "before"))] for match in _FOLDER_NAME.finditer(clause.plain)
    )


def place_named(written: str, where: Ground) -> str:
    """Return the known place that an answer names ("Downloads", "в Загрузки"); "" where it names none."""
    text = re.sub(r"^(?:to|into|in|from|в|во|на|из|с|папк\w+|the|my)\s+", "", written.lower().replace("ё", "е").strip())
    return next((where.places[name] for name, pattern in _PLACES if name in where.places and re.fullmatch(pattern, text)), "")


def role_before(plain: str, at: int) -> Role:
    """Return the role that the words before a place in a plain text give to what stands there."""
    match = _LEAD.search(plain[:at])
    return _ROLES[match["prep"]] if match else ""


def looks_like_folder(name: str) -> bool:
    """Tell by its look whether a name is that of a folder: without an ending, or with a separator at its end."""
    last = paths.basename(name.rstrip("/\\"))
    return name.endswith(("/", "\\")) or name == "~" or _ENDING.search(last) is None


def _of_piece(clause: Clause, where: Ground, n: int) -> Mention:
    piece = clause.pieces[n]
    sort: Sort = "folder" if looks_like_folder(piece.value) else "file"
    if piece.kind == "quote" and not _is_name(piece.value):
        sort = "text"
    elif piece.kind == "quote" and sort == "folder" and not _folder_before(clause.plain, piece.start):
        sort = "folder" if re.search(r"[/\\~]", piece.value) else "text"
    candidates = where.candidates(piece.value) if sort != "text" else ()
    return Mention(piece.value, candidates, role_before(clause.plain, piece.start), sort, piece.start, piece.end)


def _is_name(value: str) -> bool:
    return len(value) <= 255 and "\n" not in value and re.search(r"[?*<>|\"]|[.!?]$|^\s|\s$", value) is None


def _folder_before(plain: str, at: int) -> bool:
    return (
        re.search(
            r"(?:folder|directory|subfolder|папк\w*|каталог\w*|директори\w*)(?: (?:named|called|под названием|с именем))?\s+$",
            plain[:at],
        )
        is not None
    )


def _here(clause: Clause, where: Ground, match: re.Match[str]) -> Mention:
    role = role_before(clause.plain, match.start())
    said = match.group()
    if said.startswith(("from", "отсюда")):
        role = "from"
    elif said == "сюда":
        role = "to"
    elif said.startswith(("in ", "here", "здесь", "тут")) and not role:
        role = "in"
    files = re.search(
        r"file|photo|picture|image|document|selec|archive|note|report|файл|фото|картин|документ|выбран|выделен|архив|отчет", said
    )
    if files and where.selected:
        return Mention(said, where.selected, role, "file", *match.span(), here=True)
    return Mention(said, (where.base,) if where.base else (), role, "folder", *match.span(), here=True)


def _of_name(clause: Clause, where: Ground, match: re.Match[str], group: str) -> Mention | None:
    written = clause.text[slice(*match.span(group))]
    wanted = stem(written)
    known = tuple(
        folder
        for folder in where.folders
        if stem(paths.basename(folder)) == wanted or paths.basename(folder).lower() == written.lower()
    )
    place = next((name for name, pattern in _PLACES if re.fullmatch(pattern, written.lower())), "")
    if place in where.places:
        known = (where.places[place],)
    role = role_before(clause.plain, match.start())
    direct = where.absolute(written)
    return Mention(
        written, (direct,) if direct in known else known or ((direct,) if direct else ()), role, "folder", *match.span()
    )


def _places(clause: Clause, where: Ground) -> list[Mention]:
    found = list[Mention]()
    for name, pattern in _PLACES:
        for match in re.finditer(rf"(?<![\w])(?:{pattern})(?!\w)", clause.plain):
            groups = match.groupdict()
            role = role_before(clause.plain, match.start())
            # A word that also names a kind of files ("move pictures") is a place only behind a preposition.
            bare = name in _AMBIGUOUS_PLACES and not role
            capital = clause.text[match.start()].isupper() and match.start() > 0
            also = name in _AMBIGUOUS_PLACES and role == "with" and not (groups.get("loc") or groups.get("loc2"))
            if name not in where.places or ((bare or also) and not capital):
                continue
            if role == "in" and (groups.get("loc") or groups.get("loc2")):
                role = "from"
            elif role == "in" and groups.get("acc"):
                role = "to"
            found.append(Mention(match.group(), (where.places[name],), role, "folder", *match.span()))
    return found
