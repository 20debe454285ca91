"""Finds what a clause refers to: files, folders, known places, "here", each with the preposition that leads to it. Pure."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from assistant.orchestrator.understanding.clauses import Clause
from assistant.orchestrator.understanding.folders import ANY_PLACE, PLACES, bare_folders, named_folders, place_named
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
PREPOSITIONS = tuple(sorted(map(re.escape, _ROLES), key=len, reverse=True))
"""All of them as patterns, longer ones first."""
NOUNS = (
    r"(?:the|a|an|my|our|this|that|these|new|existing|same|local|file|files|folder|folders|directory|"
    r"directories|dir|subfolder|note|notes"
    r"|document|archive|branch|repository|repo|project|disk|both|two|text|table|path|named|called|one|every|all|other"
    r"|файл\w*|папк\w*|подпапк\w*|каталог\w*|директори\w*|заметк\w*|документ|документа|архив\w*|репозитори\w*|проект\w*|ветк\w*"
    r"|нов(?:ый|ую|ая|ое|ой|ом)|мо(?:ю|ей|я|й|его|ем)|эт(?:у|от|ой|ого|ом)|таблиц\w*|сво\w+|двух|двумя|отдельн\w+|одну|один"
    r"|под названием|с именем|с названием|с именами)"
)
_LEAD = re.compile(r"(?<!\w)(?P<prep>" + "|".join(PREPOSITIONS) + rf")\s+(?:{NOUNS}\s+)*$")
_AMBIGUOUS_PLACES = {"documents", "pictures", "music", "videos"}
_BESIDE = re.compile(
    r"(?<!\w)(?:in|from|of|to|into|within|across|в|во|из|с|со)\s+(?:(?:both|the|my|обеих|обоих|папках)\s+)*"
    rf"(?:(?:\ufffc+|{ANY_PLACE})(?:\s*,\s*|\s*,?\s+(?:and|и)\s+)(?:(?:in|from|the|my|в|из)\s+)*)+$"
)
"""Stands before a place that follows others in a row: "in downloads and documents" names two places and no kind of files."""
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
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,7}$")


def mentions(clause: Clause, where: Ground) -> list[Mention]:
    """Return what a clause refers to, in order; quotes are left to those who know whether they are names or texts."""
    found = [_of_piece(clause, where, n) for n, piece in enumerate(clause.pieces) if piece.kind in ("path", "quote")]
    taken = [(piece.start, piece.end) for piece in clause.pieces]
    for match in _HERE.finditer(clause.plain):
        found.append(_here(clause, where, match))
        taken.append(match.span())
    for one in named_folders(clause, where):
        found.append(Mention(one.written, one.candidates, role_before(clause.plain, one.start), "folder", one.start, one.end))
        taken.append((one.start, one.end))
    found += [place for place in _places(clause, where) if not _meets(place, taken)]
    taken += [(one.start, one.end) for one in found]
    for one in bare_folders(clause, where):
        mention = Mention(one.written, one.candidates, role_before(clause.plain, one.start), "folder", one.start, one.end)
        found += [] if _meets(mention, taken) else [mention]
    return sorted(found, key=lambda mention: mention.start)


def _meets(mention: Mention, taken: Sequence[tuple[int, int]]) -> bool:
    return any(start < mention.end and mention.start < end for start, end in taken)


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
    candidates = (
        _below_place(piece.value, where) or where.candidates(piece.value) if sort != "text" or _is_name(piece.value) else ()
    )
    return Mention(piece.value, candidates, role_before(clause.plain, piece.start), sort, piece.start, piece.end)


def _below_place(written: str, where: Ground) -> tuple[str, ...]:
    """Return the path of "Documents/papers" where Documents is a known place."""
    first, slash, rest = written.partition("/")
    place = place_named(first, where) if slash and first else ""
    return (paths.normpath(paths.join(place, rest)),) if place else ()


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


def _places(clause: Clause, where: Ground) -> list[Mention]:
    found = list[Mention]()
    for name, pattern in PLACES:
        for match in re.finditer(rf"(?<![\w])(?:{pattern})(?!\w)", clause.plain):
            groups = match.groupdict()
            role = role_before(clause.plain, match.start())
            # A word that also names a kind of files ("move pictures") is a place only behind a preposition.
            bare = name in _AMBIGUOUS_PLACES and not role
            capital = clause.text[match.start()].isupper() and match.start() > 0
            also = name in _AMBIGUOUS_PLACES and role == "with" and not (groups.get("loc") or groups.get("loc2"))
            beside = _BESIDE.search(clause.plain[: match.start()]) is not None
            if name not in where.places or ((bare or also) and not capital and not beside):
                continue
            if role == "in" and (groups.get("loc") or groups.get("loc2")):
                role = "from"
            elif role == "in" and groups.get("acc"):
                role = "to"
            found.append(Mention(match.group(), (where.places[name],), role, "folder", *match.span()))
    return found
