"""Which files a clause is about: paths, or a folder with a glob, ages and sizes. What is not understood is asked for."""

import re
from datetime import datetime, timedelta

from pydantic import JsonValue

from assistant.domain.language import stem, vocabulary
from assistant.domain.tool import Arguments
from assistant.orchestrator.understanding.asking import AskedBack, name_holds, question
from assistant.orchestrator.understanding.heard import Heard
from assistant.orchestrator.understanding.kinds import joined, read_kinds
from assistant.orchestrator.understanding.mentions import Mention
from assistant.orchestrator.understanding.sizes import read_sizes
from assistant.orchestrator.understanding.surroundings import paths
from assistant.orchestrator.understanding.times import Span, read_span

_THEM = r"them|it|those|these|that|the rest|их|его|ее|ему|ей|им|ними|нему|них|них|это"
_DEEP = (
    r"recursive(?:ly)?|(?:including|with|and|in)(?: all)?(?: its| the)? (?:sub)-?(?:folders|"
    r"directories)|everywhere|all subfolders"
    r"|рекурсивно|(?:включая|вместе с|с|со|и|во)(?: всеми| всех| его)? (?:вложенн\w+ )?(?:под)?папк(?:и|ами|ах)|везде|целиком"
)
_FLAT = r"(?:not|without|no|excluding) (?:the )?subfolders|без подпапок|не рекурсивно"
_KNOWN = vocabulary(
    """
    file files folder folders directory directories item items everything all every each any entire whole things thing content
    contents stuff my our your the this that these those there here which who are is be been can will would should older newer
    larger smaller bigger last old new recent recently please now only just together one ones single same into onto subfolder
    subfolders disk computer drive archive zip tar gz extension type kind kinds types extensions named called name names away
    out up off and or then also too me us for from with of to in on at by as it them its their have has had do does done
    permanently trash bin recycle rubbish unneeded unnecessary useless unused junk extra файл файлы файлов файлами файла папка
    папки папку папке папок каталог каталоги каталоге все весь вся всё каждый каждую любые целиком вместе содержимое мои мой
    моя моё свои наш эти этот эта те тот что который которые которых там здесь тут старые старых новые новых только пожалуйста
    теперь сейчас один одну одна отдельные отдельную подпапки подпапку архив архива тип типу виду вид расширение расширению
    имя имена именем название названием диск диска компьютер и или а также же из в на с со к по от до для о об их его её
    ненужные ненужный лишние лишний корзина корзину мусор место быть есть лежат лежит мне нам себе файлики вещи объекты
    элементы разные разных соответствующие an во всех всеми всем обо каждая каждого наших моих своих моими

    """
)
_STEMS = frozenset(stem(word) for word in _KNOWN)
_WORD = re.compile(r"[^\W\d_]{2,}")


def files_of(heard: Heard, *, folder_only: bool = False, strict: bool = True, filters: bool = True) -> Arguments:
    """Return `paths`, or `folder` with `glob`, `deep` and bounds; raises AskedBack for what is missing or not understood.

    With `folder_only` no single paths; with `strict` every word has to be understood; without `filters` no bounds are read.
    """
    bounds, glob = _bounds(heard) if filters else {}, _glob(heard)
    deep: Arguments = {"deep": True} if heard.forget_text(_DEEP) and not heard.says(_FLAT) else {}
    chosen = _answered(heard)
    if chosen is not None:
        return {**chosen, **bounds, **deep}
    if (them := _them(heard)) is not None:
        return {**them, **({"glob": glob} if glob and "folder" in them else {}), **bounds, **deep}
    named = [one for one in heard.mentions if one.sort == "file" or (one.here and one.candidates == heard.where.selected)]
    if named and not folder_only:
        found = [path for one in list(named) for path in _paths_of(heard, heard.keep(one))]
        return {"paths": list[JsonValue](dict.fromkeys(found))}
    folders = [one for one in heard.mentions if one.sort == "folder"]
    whole = [one for one in folders if one.role in ("", "with") and not one.here]
    if whole and not folder_only and not glob and not bounds and not heard.says(_ALL):
        return {"paths": [heard.one_path(heard.keep(one)) for one in whole]}
    folder = _folder(heard, folders)
    if strict:
        _all_understood(heard, glob, bounds, folder)
    return {"folder": folder, **({"glob": glob} if glob else {}), **deep, **bounds}


_ALL = (
    r"everything (?:in|from|inside)|all (?:the )?files (?:in|from|of)|files (?:in|from|of)|"
    r"contents? of|все (?:файлы )?(?:из|в)(?!\w)|файлы (?:из|в)(?!\w)|содержимое"
)


def folders_of(heard: Heard) -> list[JsonValue]:
    """Return all folders that a clause names; the one at hand where it names none."""
    named = [heard.one_path(heard.keep(one)) for one in [*heard.mentions] if one.sort == "folder"]
    return list[JsonValue](dict.fromkeys(named)) if named else [_folder(heard, [])]


def days_before(moment: datetime, now: datetime) -> int:
    """Return how many days lie between a moment and now, at least one; a part of a day counts as a day."""
    return max(1, -((moment - now) // timedelta(days=1)))


def bounds_of(span: Span, now: datetime) -> Arguments:
    """Return a span of time as `older_days` and `newer_days`, in whole days counted back from now."""
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


def _glob(heard: Heard) -> str:
    globs = [piece.value for piece in heard.clause.pieces if piece.kind == "glob" and "/" not in piece.value]
    text = heard.loose()
    for mention in heard.mentions:
        text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
    glob, rest = read_kinds(text)
    _used(heard, text, rest)
    return joined([*globs, glob] if glob else globs)


def _used(heard: Heard, before: str, after: str) -> None:
    heard.used += [(at, at + 1) for at, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]


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
    if heard.where.base:
        return heard.where.base
    raise heard.folder_wanted()


def _all_understood(heard: Heard, glob: str, bounds: Arguments, folder: str) -> None:
    """Ask which files are meant when words are left that nobody understood: else more would be touched than was said."""
    rest = heard.loose()[heard.clause.after_verb :]
    rest = " " * heard.clause.after_verb + rest
    left = [match.group() for match in _WORD.finditer(rest) if stem(match.group()) not in _STEMS]
    if not left:
        return
    words = list(dict.fromkeys(left))[:3]
    choices = [(f"*{word if len(word) < 5 else stem(word)}*", name_holds(heard.language, word)) for word in words]
    choices.append((glob or "*", f"{glob or '*'} ({paths.basename(folder) or folder})"))
    raise AskedBack(question(heard.language, "paths", "paths", choices))
