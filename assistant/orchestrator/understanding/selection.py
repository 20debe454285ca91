"""Which files a clause is about: paths, or a folder with a glob, ages and sizes. What is not understood is asked for."""

import re
from datetime import datetime, timedelta

from pydantic import JsonValue

from assistant.domain.language import STOP_WORDS, stem, vocabulary
from assistant.domain.tool import Arguments
from assistant.orchestrator.understanding.asking import AskedBack, name_holds, question
from assistant.orchestrator.understanding.heard import Heard
from assistant.orchestrator.understanding.kinds import joined, read_kinds, translated
from assistant.orchestrator.understanding.mentions import Mention
from assistant.orchestrator.understanding.pieces import MASK
from assistant.orchestrator.understanding.sizes import read_sizes
from assistant.orchestrator.understanding.surroundings import paths
from assistant.orchestrator.understanding.times import Span, read_span

_THEM = r"them|it|those|these|that|there|the rest|там|туда|оттуда|их|его|ее|ему|ей|им|ними|нему|них|них|это"
_DEEP = (
    r"recursive(?:ly)?|(?:including|with|and|in)(?: all)?(?: its| the)? (?:sub)-?(?:folders|"
    r"directories)|everywhere|all subfolders"
    r"|рекурсивно|(?:включая|вместе с|с|со|и|во)(?: всеми| всех| его)? (?:вложенн\w+ )?(?:под)?папк(?:и|ами|ах)|везде|целиком"
)
_FLAT = r"(?:not|without|no|excluding) (?:the )?subfolders|без подпапок|не рекурсивно"
_KNOWN = vocabulary(
    """
    как as file files folder folders directory directories item items everything all every each any entire whole things thing
    content contents stuff my our your the this that these those there here which who are is be been can will would should
    please now only just together one ones single same into onto subfolder subfolders disk computer drive archive zip tar gz
    extension type kind kinds types extensions named called name names away out up off and or then also too me us for from
    with of to in on at by it them its their have has had do does done permanently trash bin recycle файл файлы файлов файлами
    файла папка папки папку папке папок каталог каталоги каталоге все весь вся всё каждый каждую любые целиком вместе
    содержимое мои мой моя моё свои наш эти этот эта те тот что который которые которых там здесь тут только пожалуйста теперь
    сейчас один одну одна отдельные отдельную подпапки подпапку архив архива тип типу виду вид расширение расширению имя имена
    именем название названием диск диска компьютер и или а также же из в на с со к по от до для о об их его её корзина корзину
    место быть есть лежат лежит мне нам себе файлики вещи объекты элементы разные разных соответствующие an во всех всеми всем
    обо каждая каждого наших моих своих моими both оба обе обоих обеих обоими обеими
    """
)
_STEMS = frozenset(stem(word) for word in _KNOWN)
_WORD = re.compile(r"[^\W\d_]{2,}")
_JOINED_WORD = re.compile(
    r"(?<!\w)(?P<before>[^\W\d_]{2,})(?:\s*,\s*|\s*,?\s+(?:and|и)\s+)\ufffc|\ufffc\s*,?\s+(?:and|и)\s+(?P<after>[^\W\d_]{2,})(?!\w)"
)


def files_of(heard: Heard, *, folder_only: bool = False, strict: bool = True, filters: bool = True) -> Arguments:
    """Return `paths`, or `folder` with `glob`, `deep` and bounds; raises AskedBack for what is missing or not understood.

    With `folder_only` no single paths; with `strict` every word has to be understood; without `filters` no bounds are read.
    """
    bounds, glob = _bounds(heard) if filters else {}, glob_in(heard)
    if strict and filters and not bounds:
        bounds = _vague(heard)
    deep: Arguments = {"deep": True} if heard.forget_text(_DEEP) and not heard.says(_FLAT) else {}
    chosen = _answered(heard)
    if chosen is not None:
        return {**chosen, **bounds, **deep}
    if (them := _them(heard)) is not None and ("folder" in them or not folder_only):
        return {**them, **({"glob": glob} if glob and "folder" in them else {}), **bounds, **deep}
    if not folder_only and (paths_named := _named(heard, glob, bounds)):
        _all_in_row(heard)
        return {"paths": list[JsonValue](dict.fromkeys(paths_named)), **bounds}
    folders = [one for one in heard.mentions if one.sort == "folder"]
    said = bool(folders or glob or bounds or heard.says(_SOME))
    folder = _folder(heard, folders)
    if strict:
        _all_understood(heard, glob, folder, said)
    return {"folder": folder, **({"glob": glob} if glob else {}), **deep, **bounds}


def _named(heard: Heard, glob: str, bounds: Arguments) -> list[str]:
    """Return the single paths that are meant: files, whole folders, and what is selected where nothing else is named."""
    files = [one for one in heard.mentions if one.sort == "file" or (one.here and one.candidates == heard.where.selected)]
    folders = [one for one in heard.mentions if one.sort == "folder"]
    whole = [one for one in folders if one.role in ("", "with") and not one.here and not _emptied(heard, one)]
    if files:  # "a.txt and the folder b": both
        picked = sorted([*files, *whole], key=lambda one: one.start)
        return [path for one in picked for path in _paths_of(heard, heard.keep(one))]
    if whole and not glob and not bounds and not heard.says(_ALL):
        return [heard.one_path(heard.keep(one)) for one in whole]
    if heard.where.selected and not folders and not bounds:
        fits = re.compile(translated(glob), re.IGNORECASE) if glob else None
        return [path for path in heard.where.selected if fits is None or fits.fullmatch(paths.basename(path))]
    return []


def _emptied(heard: Heard, mention: Mention) -> bool:
    """Tell whether what is in a known place is meant, not the place: nobody moves Downloads itself to the trash."""
    known = any(path in heard.where.places.values() for path in mention.candidates)
    return known and heard.clause.verb in ("delete", "remove", "move", "clean")


_SOME = r"files?|folders?|everything|all|contents?|stuff|файл\w*|папк\w*|все(?!\w)|всех|всё|содержим\w+"
_ALL = (
    r"everything (?:in|from|inside)|all (?:the )?files (?:in|from|of)|files (?:in|from|of)|"
    r"contents? of|все (?:файлы )?(?:из|в)(?!\w)|файлы (?:из|в)(?!\w)|содержимое"
)


def folders_of(heard: Heard) -> list[JsonValue]:
    """Return all folders that a clause names; the one at hand where it names none."""
    named = [heard.one_path(heard.keep(one)) for one in [*heard.mentions] if one.sort == "folder"]
    return list[JsonValue](dict.fromkeys(named)) if named else [_folder(heard, [])]


def days_before(moment: datetime, now: datetime) -> int | float:
    """Return how many days lie between a moment and now, to a ten-thousandth, whole where they are whole."""
    days = round((now - moment) / timedelta(days=1), 4)
    return int(days) if days == int(days) else days


def bounds_of(span: Span, now: datetime) -> Arguments:
    """Return a span of time as `older_days` and `newer_days`, counted back from now."""
    bounds: Arguments = {}
    if span.until is not None:
        bounds["older_days"] = days_before(span.until, now)
    if span.since is not None:
        bounds["newer_days"] = days_before(span.since, now)
    return bounds


def _bounds(heard: Heard) -> Arguments:
    text = heard.loose()
    sizes, rest = read_sizes(text)
    span, rest = read_span(rest, heard.now)
    _used(heard, text, rest)
    bounds = bounds_of(span, heard.now)
    if sizes.larger is not None:
        bounds["larger_bytes"] = sizes.larger
    if sizes.smaller is not None:
        bounds["smaller_bytes"] = sizes.smaller
    return bounds


def glob_in(heard: Heard) -> str:
    """Take the kinds and patterns of files that a clause names, as one glob; "" where it names none."""
    globs = [piece.value for piece in heard.clause.pieces if piece.kind == "glob" and "/" not in piece.value]
    text = heard.loose()
    for mention in heard.mentions:
        text = text[: mention.start] + MASK * (mention.end - mention.start) + text[mention.end :]
    glob, rest = read_kinds(text)
    _used(heard, text, rest)
    return joined([*globs, glob] if glob else globs)


def _used(heard: Heard, before: str, after: str) -> None:
    heard.used += [(at, at + 1) for at, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]


_VAGUE: tuple[tuple[str, str, str], ...] = (
    ("larger", r"(?:big|large|huge|heavy|biggest|largest|больш(?:ие|их|ой)|крупн\w+|огромн\w+|тяжел\w+)(?! than)", "over {}"),
    ("older", r"(?:old|oldest|stale|ancient|outdated|стар(?:ые|ых|ое|ый)|давн\w+|устаревш\w+)(?!\w)", "older than {}"),
    ("newer", r"(?:new|newest|recent|latest|last|нов(?:ые|ых|ое)|свеж\w+|последн(?:ие|их|ее))(?!\w)", "newer than {}"),
)


def _vague(heard: Heard) -> Arguments:
    """Ask how large is large and how old is old; return the bound that was answered."""
    text = heard.loose()
    for slot, words, lead in _VAGUE:
        if re.search(rf"(?<!\w){words}", text):
            heard.forget_text(words)
            answered = heard.answer(slot)
            said = lead.format(answered.lower())
            bounds = bounds_of(read_span(said, heard.now)[0], heard.now)
            larger = read_sizes(said)[0].larger
            if larger is not None:
                bounds["larger_bytes"] = larger
            if not bounds:
                raise heard.ask(slot)
            return bounds
    return {}


def _answered(heard: Heard) -> Arguments | None:
    written = heard.answer("paths")
    if not written:
        return None
    if "*" in written or "?" in written:
        return {"folder": _folder(heard, [one for one in heard.mentions if one.sort == "folder"]), "glob": written}
    return {"paths": [heard.written_path(one) for one in re.split(r"\s*[,;]\s+|\n", written) if one.strip()]}


def _them(heard: Heard) -> Arguments | None:
    if not heard.before:
        return None
    if heard.forget_text(_THEM) or not heard.mentions:
        return dict(heard.before)
    return None


def _paths_of(heard: Heard, mention: Mention) -> list[str]:
    if mention.here:
        return [*mention.candidates]
    below = next((one for one in heard.mentions if one.sort == "folder" and one.role in ("from", "in") and not one.here), None)
    if below is not None and not paths.isabs(mention.written) and not mention.written.startswith("~"):
        return [paths.normpath(paths.join(heard.one_path(below), mention.written))]
    return [heard.one_path(mention)]


def _folder(heard: Heard, folders: list[Mention]) -> str:
    ordered = sorted(folders, key=lambda one: ("from", "in", "of", "", "with", "to", "as").index(one.role))
    if ordered:
        return heard.one_path(heard.keep(ordered[0]))
    if written := heard.answer("folder"):
        return heard.written_path(written)
    if heard.where.folder:
        return heard.where.folder
    raise heard.folder_wanted()  # the only root is not meant by saying nothing: too much could be touched


def _all_in_row(heard: Heard) -> None:
    """Ask which files are meant when a word is joined to a path that is: "invoices and ~/a" names two things, not one."""
    clause, text = heard.clause, heard.loose()
    for one in heard.mentions:
        text = text[: one.start] + MASK * (one.end - one.start) + text[one.end :]
    rest = text[clause.begin : clause.verb_at] + " " + text[clause.after_verb :]
    words = [word for match in _JOINED_WORD.finditer(rest) if stem(word := match["before"] or match["after"]) not in _STEMS]
    if words:
        raise heard.ask("paths")


def _all_understood(heard: Heard, glob: str, folder: str, said: bool) -> None:
    """Ask which files are meant when nothing is said of them, or words are left that nobody understood.

    Else more would be touched than was asked for.
    """
    clause, text = heard.clause, heard.loose()
    rest = text[clause.begin : clause.verb_at] + " " + text[clause.after_verb :]
    known = _STEMS | {stem(paths.basename(folder))}  # "the scans in ~/Scans" are what is in it
    left = [match.group() for match in _WORD.finditer(rest) if stem(match.group()) not in known]
    # 'files with "draft" in the name': a quote nobody took narrows down what is meant. One behind "in" may be a folder's name.
    quoted = [one.written for one in heard.mentions if one.sort == "text" and one.role in ("", "with", "as")]
    if not left and not quoted and said:
        return
    words = [*quoted, *(word for word in dict.fromkeys(left) if word not in STOP_WORDS)][:3]
    choices = [
        (f"*{word if len(word) < 5 or word in quoted else stem(word)}*", name_holds(heard.language, word)) for word in words
    ]
    if left or quoted:
        choices.append((glob or "*", f"{glob or '*'} ({paths.basename(folder) or folder})"))
    raise AskedBack(question(heard.language, "paths", "paths", choices))
