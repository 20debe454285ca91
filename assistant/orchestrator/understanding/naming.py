"""Reads how files are to be renamed: one new name, a text replaced by another, or a pattern. Pure."""

import re

from assistant.domain.tool import Arguments
from assistant.orchestrator.understanding.heard import Heard
from assistant.orchestrator.understanding.surroundings import paths

_SIGNS = {
    "spaces": " ",
    "space": " ",
    "blanks": " ",
    "blank": " ",
    "пробелы": " ",
    "пробел": " ",
    "пробелов": " ",
    "пробелами": " ",
    "underscores": "_",
    "underscore": "_",
    "an underscore": "_",
    "подчеркивания": "_",
    "подчеркивание": "_",
    "подчеркиваниями": "_",
    "нижнее подчеркивание": "_",
    "нижние подчеркивания": "_",
    "подчерки": "_",
    "знак подчеркивания": "_",
    "символ подчеркивания": "_",
    "dashes": "-",
    "dash": "-",
    "hyphens": "-",
    "hyphen": "-",
    "дефисы": "-",
    "дефис": "-",
    "дефисами": "-",
    "тире": "-",
    "минус": "-",
    "dots": ".",
    "dot": ".",
    "точки": ".",
    "точку": ".",
    "точками": ".",
    "commas": ",",
    "запятые": ",",
    "nothing": "",
    "ничего": "",
}
_SIGN = "|".join(sorted(map(re.escape, _SIGNS), key=len, reverse=True))
_PAIR = re.compile(rf"(?<!\w)(?P<one>{_SIGN})\s+(?:with|by|to|into|for|на|в)\s+(?P<other>{_SIGN})(?!\w)")
_GONE = re.compile(rf"(?<!\w)(?P<one>{_SIGN})\s+(?:from|in|out of|из|в)\s")
_NAMES = r"(?:file)?names?|filenames?|имен(?:а|ах|ам|и)?|назван\w+"
_DATE = r"date|dates|month|day|year|дат\w+|дн(?:ю|ям)|год\w*|месяц\w*"
_NUMBER = r"numbers?|numbered|sequential\w*|consecutive\w*|номер\w*|порядков\w+|по порядку|пронумер\w+|нумер\w+|нумерац\w+"
_NAME = r"(?:original |old |own |исходн\w+ |стар\w+ )?(?:file ?)?name|имя|имени|название|названию"


_ADDED = (
    (r"prefix|префикс\w*|приставк\w*|(?:to|at) the (?:beginning|start|front)|в начал\w+", "{}{{name}}{{ext}}"),
    (r"suffix|суффикс\w*|(?:to|at) the end|в конец", "{{name}}{}{{ext}}"),
)


def replaced_pair(heard: Heard) -> tuple[str, str] | None:
    """Return what is to be replaced by what in names, None where that is not said."""
    replacing = heard.clause.verb in ("replace", "delete", "remove") or heard.says(r"replac\w*|замен\w*")
    if not replacing or any(heard.says(words) for words, _ in _ADDED):
        return None
    if match := _PAIR.search(heard.plain):
        heard.used.append(match.span())
        return _SIGNS[match["one"]], _SIGNS[match["other"]]
    gone = heard.clause.verb in ("delete", "remove")
    texts = [piece for piece in heard.clause.pieces if piece.kind == "quote"]
    if len(texts) >= 2:
        for piece in texts[:2]:
            heard.drop(piece)
        return texts[0].value, texts[1].value
    if texts:
        heard.drop(texts[0])
        if gone:
            return texts[0].value, ""
        sign = re.search(rf"(?:with|by|to|на)\s+(?P<other>{_SIGN})(?!\w)", heard.plain)
        if sign:
            heard.used.append(sign.span())
            return texts[0].value, _SIGNS[sign["other"]]
        return texts[0].value, heard.answers["replace"] if "replace" in heard.answers else _asked(heard)
    if gone and (match := _GONE.search(heard.plain)):
        heard.used.append(match.span("one"))
        return _SIGNS[match["one"]], ""
    return None


def _asked(heard: Heard) -> str:
    raise heard.ask("replace")


def new_name(heard: Heard) -> tuple[str, str] | None:
    """Return the one path that gets a new name, and that name; None where more than one file is meant."""
    named = [
        one
        for one in heard.mentions
        if one.sort == "file" or (one.sort == "folder" and re.search(r"\ufffc", heard.plain[one.start : one.end]))
    ]
    texts = [one for one in heard.mentions if one.sort == "text"]
    new = next((one for one in [*named, *texts] if one.role in ("to", "in", "as")), None)
    old = next((one for one in named if one is not new), None)
    if new is None and old is not None and len(named) == 1 and old.sort == "file" and heard.answer("pattern"):
        return heard.one_path(heard.keep(old)), heard.answer("pattern")
    if new is None or old is None:
        if new is not None and len(heard.where.selected) == 1 and not old:
            return heard.where.selected[0], paths.basename(heard.keep(new).written)
        return None
    heard.keep(new)
    path, written = heard.one_path(heard.keep(old)), new.written.rstrip("/\\")
    if paths.dirname(written) and paths.dirname(heard.one_path(new)) != paths.dirname(path):
        raise heard.ask("pattern", "pattern")  # another folder would be a move: that is not guessed
    return path, paths.basename(written)


def pattern_of(heard: Heard) -> Arguments:
    """Return `by` (and `start`), or `pattern`, for new names by date, number, type or content; empty where none is said."""
    if answered := heard.answer("pattern"):
        return {"pattern": answered, **_by(answered)}
    for piece in heard.clause.pieces:
        if piece.kind == "pattern" or (piece.kind == "quote" and re.search(r"\{\w+", piece.value)):
            heard.drop(piece)
            heard.forget_text(r"(?:by|using|with|after|to) (?:the )?pattern|по (?:шаблону|образцу|маске)|шаблон\w*|pattern")
            return {"pattern": piece.value, **_by(piece.value)}
    for words, form in _ADDED:
        if heard.says(words) and (text := heard.text()):
            heard.forget_text(f"(?:the |a |an |their )?(?:{words})|{_NAMES}")
            return {"pattern": form.format(text.replace("{", "").replace("}", ""))}
    return _worded(heard)


def _worded(heard: Heard) -> Arguments:
    number = heard.says(_NUMBER) or heard.clause.verb == "number"
    dated = heard.says(
        rf"(?:by|to|with|after|using|based on|of|their|creation|the|and|in front of|по|с|на|и|в|к|их|"
        rf"дат\w+) (?:the |their |its |creation |shooting |их |свою )*(?:{_DATE})"
    )
    heard.forget_text(
        rf"(?:by|to|with|after|using|based on|according to|and|по|с|на|в|и|к)\s+(?:the |their |its |creation |shooting |capture |"
        rf"свою |их )*(?:{_DATE})(?: (?:taken|created|съемки|создания|изменения|снимка))?"
    )
    heard.forget_text(rf"(?:(?:by|to|with|and|the|their|original|по|с|на|в|и|к|их|из|от)\s+)*(?:{_NUMBER}|{_NAME})")
    if heard.says(r"date|дат[ауы]") and heard.forget_text(
        r"(?:the |a )?dates?(?: of \w+)?|дат[ауы]|in front(?: of)?|(?:at|to) the (?:beginning|"
        r"start)(?: of)?|before|в начал[оа]|перед|спереди"
    ):
        heard.forget_text(rf"(?:the )?(?:{_NAMES})(?: of(?: the)?)?")
        dated = True
    start = re.search(r"(?:starting (?:at|from|with)|from|start(?:ing)? at|начиная с|с) (?P<n>\d{1,6})(?!\w)", heard.plain)
    if start and number:
        heard.used.append(start.span())
    first: Arguments = {"start": int(start["n"])} if start and number else {}
    if dated and number:
        return {"pattern": "{date:%Y-%m-%d}_{n:03}{ext}", "by": "date", **first}
    if dated:
        return {"by": "date"}
    if number:
        return {"by": "number", **first}
    if heard.forget_text(
        r"(?:by|after|from|to|according to|по|из) (?:their |its |the |их )*(?:contents?|title|heading|"
        r"topic|содержани\w+|содержимому|заголовк\w+|тем\w+)"
    ):
        return {"by": "content"}
    if heard.forget_text(r"by (?:their |file )*(?:type|kind|extension)|по (?:типу|виду|расширению)"):
        return {"by": "type"}
    return {}


def _by(pattern: str) -> Arguments:
    for by, sign in (("date", "{date"), ("number", "{n"), ("content", "{title"), ("type", "{type")):
        if sign in pattern.replace("{name", ""):
            return {"by": by}
    return {}
