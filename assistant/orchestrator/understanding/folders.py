"""Finds folders by what people call them: known places, "the invoices folder", "папка Отчёты", capital letters. Pure."""

import re
from typing import NamedTuple

from assistant.domain.language import normalise, stem, vocabulary
from assistant.orchestrator.understanding.clauses import Clause
from assistant.orchestrator.understanding.pieces import ENDINGS, MASK
from assistant.orchestrator.understanding.surroundings import Ground, paths
from assistant.orchestrator.understanding.times import is_time


class Named(NamedTuple):
    """A folder called `written` at `start`..`end` of a clause, and the paths it may be."""

    written: str
    candidates: tuple[str, ...]
    start: int
    end: int


PLACES: tuple[tuple[str, str], ...] = (
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
ANY_PLACE = "(?:" + "|".join(re.sub(r"\(\?P<\w+>", "(?:", pattern) for _, pattern in PLACES) + r")(?!\w)"
_FOLDER_NAME = re.compile(
    r"(?<!\w)(?:папк[аиеуой]+|подпапк[аиеуой]+|каталог[ае]?|директори[июя]|folder|directory|subfolder)"
    r"(?: (?:named|called|под названием|с именем|с названием))? (?P<after>(?!(?:by|into|to|in|from|"
    r"and|with|of|for|or|is|as|starting|here|older|larger|that|which|per|for"
    r"|по|в|на|из|и|с|со|от|для|старше|больше|или|где|за|через|на|под|меньше|новее|до|без|ли|"
    r"рекурсивно|целиком|начиная|здесь|тут|с|нет|есть)(?!\w))[^\W\d_][\w-]*)"
    r"|(?<!\w)(?:the|my|our) (?P<before>(?!(?:whole|entire|current|same|new|empty|old|above|"
    r"following|other|this|parent|home|git)\b)[^\W\d_][\w-]*)"
    r" (?:folder|directory|subfolder)(?!\w)"
)
_FOLDERS = re.compile(
    r"(?<!\w)(?:folders|directories|папки|папок|папками|папках|каталоги|каталогов) "
    r"(?P<names>[^\W\d_][\w-]*(?:, [^\W\d_][\w-]*)*,? (?:and|with|to|и|с|со) [^\W\d_][\w-]*)"
)
_CAPITAL = re.compile(r"(?<!\w)(?:to|into|in|from|inside|из|в|во)\s+(?:the |my )?(?P<name>[^\W\d_a-zа-яё][\w-]+)(?![\w./-])")
_CAPITALS = re.compile(
    r"(?<!\w)(?:to|into|in|from|inside|из|в|во)\s+(?:(?:the|my|both|folders|обеих|обоих|папках|папок)\s+)*"
    r"(?:\ufffc+|[^\W\d_a-zа-яё][\w-]+)"
    r"(?P<more>(?:(?:\s*,\s*|\s*,?\s+)(?:(?:and|и)\s+)?(?:(?:in|from|the|my|в|во|из)\s+)*[^\W\d_a-zа-яё][\w-]+(?![\w./-]))+)"
)
"""A row of folders: "in Projects, Invoices and Letters"."""
_NAME = re.compile(r"(?<!\w)[^\W\d_a-zа-яё][\w-]+")
_KEPT_IN_FOLDERS = vocabulary("move copy sort delete remove rename number clean list show unpack pack dedupe append create")
"""Verbs behind which a word with a capital letter is a folder, not a person or a city."""


def named_folders(clause: Clause, where: Ground) -> list[Named]:
    """Return the folders that a clause calls folders."""
    spans = [match.span("after" if match["after"] else "before") + match.span() for match in _FOLDER_NAME.finditer(clause.plain)]
    for match in _FOLDERS.finditer(clause.plain):
        first, *others = re.finditer(r"(?<![\w-])(?!(?:and|with|to|и|с|со) )[^\W\d_][\w-]*", match["names"])
        at = match.start("names")
        spans.append((at + first.start(), at + first.end(), match.start(), at + first.end()))
        spans += [(at + one.start(), at + one.end()) * 2 for one in others]
    once = {(a, b): (start, end) for a, b, start, end in spans}
    return [Named(clause.text[a:b], _candidates(clause.text[a:b], where), *span) for (a, b), span in once.items()]


def bare_folders(clause: Clause, where: Ground) -> list[Named]:
    """Return the words with a capital letter, behind a preposition, that are known folders or can be nothing else."""
    found, text = list[Named](), _unmasked(clause)
    names = [(match["name"], *match.span("name"), match.group().split()[0]) for match in _CAPITAL.finditer(text)]
    for row in _CAPITALS.finditer(text):
        lead = row.group().split()[0]
        names += [(name.group(), *name.span(), lead) for name in _NAME.finditer(text, *row.span("more"))]
    for written, start, end, lead in dict.fromkeys(names):
        if is_time(written.lower()) or re.fullmatch(ENDINGS, written.lower()):
            continue
        known = _known(written, where)
        # A Russian name that is bent by a case and belongs to no known folder may be called otherwise: that is asked for.
        bent = (clause.language == "ru" and lead in ("из", "во")) or written.endswith(("е", "ах", "ях"))
        if known or clause.verb in _KEPT_IN_FOLDERS:
            found.append(Named(written, () if bent and not known else _candidates(written, where), start, end))
    return found


def folder_names(clause: Clause) -> tuple[str, ...]:
    """Return the bare names that a clause gives folders."""
    nowhere = Ground("", {})
    return tuple(dict.fromkeys(one.written for one in (*named_folders(clause, nowhere), *bare_folders(clause, nowhere))))


def place_named(written: str, where: Ground) -> str:
    """Return the known place that a text names ("Downloads", "в Загрузки"); "" where it names none."""
    text = re.sub(r"^(?:to|into|in|from|в|во|на|из|с|папк\w+|the|my)\s+", "", written.lower().replace("ё", "е").strip())
    return next((where.places[name] for name, pattern in PLACES if name in where.places and re.fullmatch(pattern, text)), "")


def _unmasked(clause: Clause) -> str:
    """Return the text as written, with its capitals, and without its pieces."""
    return "".join(letter if plain != MASK else MASK for letter, plain in zip(clause.text, clause.plain, strict=True))


def _known(written: str, where: Ground) -> tuple[str, ...]:
    if place := place_named(written, where):
        return (place,)
    exact = tuple(folder for folder in where.folders if paths.basename(folder).lower() == written.lower())
    return exact or tuple(folder for folder in where.folders if _alike(paths.basename(folder), written))


def _alike(name: str, written: str) -> bool:
    """Tell whether two names differ by their endings at most: the stemmer takes the end of a noun for that of a verb at times."""
    one, other = normalise(name), normalise(written)
    if stem(one) == stem(other):
        return True
    common = next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other)))
    return not one.isascii() and common >= 4 and len(one) - common <= 2 and len(other) - common <= 3


def _candidates(written: str, where: Ground) -> tuple[str, ...]:
    known, direct = _known(written, where), where.absolute(written)
    return (direct,) if direct in known else known or ((direct,) if direct else ())
