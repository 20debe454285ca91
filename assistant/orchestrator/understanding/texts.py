"""Turns a heard clause into the arguments of the commands on texts: reports, notes, replacing, extracting, converting."""

import re
from collections.abc import Callable, Mapping

from pydantic import JsonValue

from assistant.domain.tool import Arguments
from assistant.orchestrator.understanding.heard import Heard
from assistant.orchestrator.understanding.pieces import MASK, Piece
from assistant.orchestrator.understanding.selection import files_of
from assistant.orchestrator.understanding.surroundings import paths

_SUBJECT = re.compile(
    r"(?<!\w)(?:about|on the (?:topic|subject) of|on(?! the desktop)|regarding|concerning|of|for|"
    r"по теме|на тему|о|об|обо|про|по поводу|насчет|касательно|по)\s+(?P<rest>.+)$"
)
_SUBJECT_END = re.compile(
    r"\s*,?\s+(?:(?:and )?(?:save|write|put|store)\b|save[ds]? (?:it )?|written |(?:in|to|into|"
    r"as)(?: (?:the|a|file|new|markdown))* \ufffc|и (?:сохрани|запиши|положи|помести)"
    r"|сохрани\w*|запиши\w*|(?:в|во|как)(?: (?:файл\w*|новый|заметку|отчет))* \ufffc|"
    r"with (?:the )?title|под названием|с заголовком)"
)
_INTO = ("to", "in", "as")
"""What stands before the place of a result."""
_FORMATS = (
    ("html", r"html|хтмл|web ?page|веб-страниц\w*"),
    ("csv", r"csv"),
    ("json", r"json"),
    ("md", r"markdown|md|маркдаун\w*|мд"),
)


def report(heard: Heard) -> Arguments:
    """Return the arguments of report.write: what it is about (a subject or a folder) and where it goes."""
    title = heard.text(r"title|titled|entitled|заголовк\w+|под названием|озаглав\w+")
    target = _target(heard, (".md", ".markdown", ".txt"))
    about: Arguments
    if heard.answer("subject"):
        about = {"subject": heard.answer("subject")}
    elif folder := next((one for one in heard.mentions if one.sort == "folder"), None):
        about = {"folder": heard.one_path(heard.keep(folder))}
    elif files := [one for one in heard.mentions if one.sort == "file" and (target or one.role not in _INTO)]:
        about = {"paths": [heard.one_path(heard.keep(one)) for one in files]}
    elif subject := heard.text() or _subject(heard):
        about = {"subject": subject}
    elif heard.before:
        about = {name: heard.before[name] for name in ("folder", "paths") if name in heard.before}
    else:
        raise heard.ask("subject")
    if not target:
        raise heard.ask("target", "report", _usual(heard, about))
    return {**about, "target": target, **({"title": title} if title else {})}


def todos(heard: Heard) -> Arguments:
    """Return the arguments of text.todos."""
    target = _target(heard, (".md", ".csv", ".txt"))
    found = files_of(heard, folder_only=True, strict=False, filters=False)
    return {**{name: found[name] for name in ("folder", "glob") if name in found}, **({"target": target} if target else {})}


def extract(heard: Heard) -> Arguments:
    """Return the arguments of text.extract: the files, what the lines have in them, the table they go to."""
    target = _target(heard, (".csv",))
    matching = heard.answer("matching") or heard.text() or _worded_match(heard)
    if not matching:
        raise heard.ask("matching")
    regex = heard.says(r"regex\w*|regular expression|регуляр\w+|регекс\w*")
    found = files_of(heard, strict=False, filters=False)
    return {**found, "matching": matching, **({"regex": True} if regex else {}), **({"target": target} if target else {})}


def create(heard: Heard) -> Arguments:
    """Return the arguments of text.create; without contents the file is empty."""
    content: JsonValue = heard.answer("content") or _content(heard) or heard.found or ""
    path = _file(heard, "path", "new")
    return {"path": path, "content": content}


def append(heard: Heard) -> Arguments:
    """Return the arguments of text.append."""
    heading = heard.text(r"(?:under|below|in) (?:the )?(?:heading|section)|(?:под|в) (?:заголов\w+|раздел\w*)")
    content: JsonValue = heard.answer("content") or _content(heard) or _finding(heard) or _unquoted(heard)
    path = _file(heard, "path", "path")
    if not content:
        raise heard.ask("content")
    return {"path": path, "content": content, **({"heading": heading} if heading else {})}


def replace(heard: Heard) -> Arguments:
    """Return the arguments of text.replace."""
    pair = _pair(heard)
    whole = heard.forget_text(r"(?:as )?whole words?(?: only)?|(?:только )?цел\w+ слов\w+|слово целиком")
    exact = heard.forget_text(r"case[- ]sensitive(?:ly)?|matching case|с учетом регистра|учитывая регистр")
    regex = heard.forget_text(r"regex\w*|regular expression|регуляр\w+ \w+|регекс\w*")
    heard.forget_text(
        r"(?:the )?(?:words?|text|phrase|string|all occurrences of|every|with|by|occurrences?|слов\w+|"
        r"текст\w*|фраз\w+|строк\w+|вхождени\w+)"
    )
    found = files_of(heard)
    flags = {name: True for name, on in (("whole_word", whole), ("case", exact), ("regex", regex)) if on}
    return {**found, "find": pair[0], "replace": pair[1], **flags}


def convert(heard: Heard) -> Arguments:
    """Return the arguments of text.convert."""
    named = [one for one in heard.mentions if one.sort == "file"]
    source = heard.keep(named[0]) if named else None
    target = heard.keep(named[1]) if len(named) > 1 else None
    to = heard.answer("to") or _format(heard, target.written if target else "", source.written if source else "")
    if to not in {name for name, _ in _FORMATS}:
        raise heard.ask("to")
    path = heard.one_path(source) if source else _file(heard, "path", "path")
    if target is not None:
        where = (
            heard.one_path(target)
            if paths.isabs(target.written) or target.written.startswith("~")
            else paths.join(paths.dirname(path), target.written)
        )
        return {"path": path, "to": to, "target": where}
    return {"path": path, "to": to}


def question(heard: Heard) -> Arguments:
    """Return the arguments of memory.ask: the words as they are."""
    return {"question": heard.clause.text.strip()}


def _target(heard: Heard, endings: tuple[str, ...]) -> str:
    """Return where a result goes: the last file behind to, into or as with one of the endings; "" where none is named."""
    if answered := heard.answer("target"):
        path = heard.written_path(answered)
        return path if path.lower().endswith(endings) else path + endings[0]
    fitting = [
        one for one in heard.mentions if one.role in _INTO and one.sort == "file" and one.written.lower().endswith(endings)
    ]
    if not fitting:
        return ""
    mention = heard.keep(fitting[-1])
    # A result goes where it was said to go: a name is below the folder at hand, whatever files of that name there are.
    return heard.where.absolute(mention.written) or heard.one_path(mention)


def _usual(heard: Heard, about: Arguments) -> list[tuple[str, str]]:
    base = str(about.get("folder") or heard.where.base)
    name = "сводка.md" if heard.language == "ru" else "summary.md"
    return [(paths.join(base, name), paths.join(paths.basename(base) or base, name))] if base else []


def _subject(heard: Heard) -> str:
    match = _SUBJECT.search(heard.plain)
    if match is None:
        return ""
    end = _SUBJECT_END.search(match["rest"])
    stop = match.start("rest") + (end.start() if end else len(match["rest"]))
    return heard.clause.text[match.start("rest") : stop].strip(" ,.;:!?")


def _worded_match(heard: Heard) -> str:
    """Return the unquoted word that lines are to have: "lines with Berlin", "строки с Берлином"."""
    match = re.search(
        r"(?:lines?|rows?|entries|records?|строк\w*|строчк\w*|запис\w+|которые|which|that)[^\ufffc]{0,20}? "
        r"(?:with|containing|contain|contains|mentioning|mentions?|having|matching|about|where|за|с|со|"
        r"содержащ\w+|содержат|упомина\w+|про|о|об)"
        r" (?:the word |the text |слов\w+ |текст\w+ |упоминани\w+ )?(?P<word>[^\s,;\ufffc]+)",
        heard.plain,
    )
    return heard.clause.text[slice(*match.span("word"))] if match else ""


def _content(heard: Heard) -> str:
    told = heard.text(
        r"text|content|contents|words|saying|that says|line|lines|entry|item|with|текстом|текст|"
        r"содержимым|содержанием|словами|строк[уи]|пункт|запись|фразу|абзац"
    )
    if told:
        return told
    quotes = {(piece.start, piece.end) for piece in heard.clause.pieces if piece.kind == "quote"}
    text = next((one for one in heard.mentions if one.sort == "text"), None)
    for one in heard.mentions:
        # What is written is quoted and bare, even when it looks like a name, as long as something else is the file.
        others = [other for other in heard.mentions if other is not one and other.sort == "file"]
        if text is None and (one.start, one.end) in quotes and one.role not in ("to", "in", "as") and others:
            text = one
    return heard.keep(text).written if text else ""


def _unquoted(heard: Heard) -> str:
    """Return the words between the verb and the file: "add buy milk to todo.md"."""
    tail = heard.plain[heard.clause.after_verb :]
    match = re.match(
        (
            r"\s*(?:the |a |an )?(?:line|text|item|entry|note|строку|текст|пункт|"
            r"запись)?\s*(?P<said>[^\ufffc]+?)\s+(?:to|in|into|at the end of|в|во|"
            r"в конец)(?: \w+){0,2} \ufffc"
        ),
        tail,
    )
    if match is None or len(match["said"]) < 2:
        return ""
    start, end = match.span("said")
    return heard.clause.text[heard.clause.after_verb + start : heard.clause.after_verb + end]


def _finding(heard: Heard) -> Arguments | None:
    """Return the reference to what the step before finds, where the clause means that."""
    words = r"it|them|that|this|the (?:list|result|results|answer|table|findings)|его|ее|их|это|список|результат\w*|ответ|таблицу"
    return heard.found if heard.found is not None and heard.says(f"(?:{words})(?!\\w)") else None


def _file(heard: Heard, slot: str, text: str) -> str:
    """Take the file a clause is about, in the folder it names; asks for it where none is named."""
    if heard.answer(slot):
        return _with_ending(heard.written_path(heard.answer(slot)))
    files = [one for one in heard.mentions if one.sort == "file"]
    named = heard.keep(files[0]) if files else heard.take("as", "")
    if named is None:
        if heard.before.get("paths") and isinstance(heard.before["paths"], list):
            return str(heard.before["paths"][0])
        if text == "path" and len(heard.where.selected) == 1:
            return heard.where.selected[0]
        raise heard.ask(slot, text)
    folder = heard.take("in", "to", "from", sort="folder")
    if folder is not None and not paths.isabs(named.written) and not named.written.startswith("~"):
        return paths.join(heard.one_path(folder), named.written)
    if named.here:
        return named.candidates[0]
    return heard.one_path(named) if text == "path" else heard.where.absolute(named.written) or heard.one_path(named)


def _with_ending(path: str) -> str:
    return path if not path or paths.splitext(path)[1] else f"{path}.md"


def _pair(heard: Heard) -> tuple[str, str]:
    """Take what is replaced by what: two quotes, or two words around "with" or "на"."""
    texts = [piece for piece in heard.clause.pieces if piece.kind == "quote" and not _in_place(heard, piece)]
    if len(texts) >= 2:
        for piece in texts[:2]:
            heard.drop(piece)
        return texts[0].value, texts[1].value
    match = re.match(
        (
            r"\s*(?:all |every |each |the |words? |text |occurrences of |все |слов\w+ |текст |"
            r"каждое )*(?P<one>\S+)\s+(?:with|by|to|for|into|на)\s+(?:the |words? |text |слов\w+ |"
            r"текст )*(?P<other>\S+)"
        ),
        heard.plain[heard.clause.after_verb :],
    )
    if match and not texts:
        at = heard.clause.after_verb
        parts = [(at + match.start(name), at + match.end(name)) for name in ("one", "other")]
        heard.used.append((at + match.start(), at + match.end()))
        heard.mentions = [one for one in heard.mentions if not any(a <= one.start < b for a, b in parts)]
        return _bare(heard, *parts[0]), _bare(heard, *parts[1])
    return _asked_pair(heard, texts)


def _asked_pair(heard: Heard, texts: list[Piece]) -> tuple[str, str]:
    if texts:
        heard.drop(texts[0])
    find = heard.answer("find") or (texts[0].value if texts else "")
    if not find:
        raise heard.ask("find")
    if "replace" not in heard.answers:
        raise heard.ask("replace")
    return find, heard.answers["replace"]


def _bare(heard: Heard, start: int, end: int) -> str:
    return heard.clause.text[start:end].strip("«»\"'“”,.;:!?")


def _in_place(heard: Heard, piece: Piece) -> bool:
    """Tell whether a quote names the file or the folder in which something is replaced."""
    return any(one.start == piece.start and one.sort != "text" and one.role in ("in", "from") for one in heard.mentions)


def _format(heard: Heard, target: str, source: str) -> str:
    ending = paths.splitext(target)[1].lower()
    if ending in (".html", ".htm", ".md", ".csv", ".json"):
        return {".htm": "html"}.get(ending, ending[1:])
    own = paths.splitext(source)[1].lower()
    spoken = heard.plain.replace(MASK, " ")
    behind = [
        name
        for name, pattern in _FORMATS
        if re.search(
            rf"(?:to|into|as|in|a|an|в|на|как|таблицу)\s+(?:(?:a|an|the|формат\w*|таблицу)\s+)*(?:{pattern})(?!\w)", spoken
        )
    ]
    found = behind or [
        name for name, pattern in _FORMATS if re.search(rf"(?<!\w)(?:{pattern})(?!\w)", spoken) and own != f".{name}"
    ]
    return found[0] if found else ""


TEXTS: Mapping[str, Callable[[Heard], Arguments]] = {
    "report.write": report,
    "text.todos": todos,
    "text.extract": extract,
    "text.create": create,
    "text.append": append,
    "text.replace": replace,
    "text.convert": convert,
    "memory.ask": question,
}
