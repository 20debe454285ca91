"""Cuts a request into clauses and tells what each is: a command with its verb, a question, a prohibition. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.orchestrator.understanding.pieces import MASK, Piece, pieces, plain
from assistant.orchestrator.understanding.verbs import COMMANDS, IMPOSSIBLE, NOUNS_TOO


class Mood(StrEnum):
    """What a clause is: asked for, asked about, ruled out, beyond Mneme, or none of these."""

    COMMAND = "command"
    QUESTION = "question"
    NEGATED = "negated"
    IMPOSSIBLE = "impossible"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a request as written, as rules read it (`plain`, of equal length), its pieces, and its verb.

    `verb` is a key of the verbs, "" without one; `after_verb` where it ends. `begin` is where politeness ends; `then` tells
    that the clause follows in time.
    """

    text: str
    plain: str
    pieces: tuple[Piece, ...]
    language: str
    mood: Mood
    verb: str
    verb_at: int = 0
    after_verb: int = 0
    then: bool = False
    begin: int = 0

    def says(self, pattern: str) -> bool:
        """Tell whether a pattern occurs in the plain text, at the beginning of a word."""
        return re.search(rf"(?<![\w])(?:{pattern})", self.plain) is not None


_CYRILLIC = re.compile("[\u0400-\u04ff]")
_POLITE = {
    "en": re.compile(
        r"(?:please|pls|kindly|now|then|first|finally|also|just|quickly|hey|hi|hello|ok(?:ay)?|so|and|well|mneme|assistant|maybe"
        r"|(?:can|could|would|will) (?:you|u)(?: please| kindly| maybe| just| also)?(?: help me)?(?: to)?"
        r"|(?:i|we)(?: would|'d)? (?:like|want|need|wish)(?: (?:you|mneme))? to"
        r"|(?:i|we)(?: would|'d)? (?:like|want|need)(?: to have| to get)?|i'd love (?:you )?to|i'd like you to|let's|let us"
        r"|help me(?: to)?|go ahead and|go and|you should|you can|you could|you may|you need to|(?:i|we) have to|(?:i|we) must"
        r"|it's time to|time to|be so kind(?: as)? (?:to|and)|try to|feel free to|after that|next|"
        r"once done|in the end|would you mind)\b"
        r"[,:!]?\s+"
    ),
    "ru": re.compile(
        r"(?:пожалуйста|плиз|плз|теперь|сначала|сперва|потом|затем|далее|после этого|наконец|также|еще|"
        r"быстро|быстренько|просто|ну|а|и|же"
        r"|эй|привет|слушай|так|окей|ок|мнема|mneme|ассистент"
        r"|(?:ты )?(?:не )?(?:можешь|можете|мог|могла|могли|сможешь|сможете)(?: ли)?(?: бы)?(?: ты| вы)?(?: мне| нам)?"
        r"|(?:я |мы )?(?:хочу|хотим|хотел бы|хотела бы|хотелось бы)|(?:мне |нам )?(?:нуж(?:но|на|ен|ны)|"
        r"надо|необходимо|требуется)(?: бы)?"
        r"|прошу(?: тебя| вас)?|помоги(?:те)?(?: мне| нам)?|попробуй(?:те)?|будь добра?|будьте добры|давай(?:те)?|пора"
        r"|если (?:можно|можешь|не (?:сложно|трудно))|возьми и|ты должен|тебе (?:нужно|надо))(?![\w])[,:!]?\s+"
    ),
}
_MODAL = re.compile(
    r"(?:нужно|надо|необходимо|требуется|хочу|хотим|хотел|хотела|хотелось|прошу|помоги|помогите|пора|"
    r"можешь|можете|мог|могла|могли"
    r"|сможешь|сможете|давай|давайте|попробуй|попробуйте)(?!\w)"
)
_CAN_YOU = re.compile(
    r"(?:can|could|will|would)(?:n't)? (?:you|u)\b|(?:ты )?(?:не )?(?:можешь|можете|мог|могла|могли|сможешь|сможете)(?!\w)"
)
_NOT_EN = (
    r"(?:do not|don't|dont|never|no longer|must not|mustn't|should not|shouldn't|cannot|can't|"
    r"without|avoid|stop|refrain from|nothing|not)\b"
)
_NEGATED = {
    "en": re.compile(rf"(?<!why )(?<![\w']){_NOT_EN}(?! older| newer| larger| bigger| smaller| more| less)"),
    "ru": re.compile(
        r"(?<!\w)(?:не(?! стар| нов| больш| меньш| боле[ея] | мене[ея] | круп| открыва| трога[лн]| меня[лв]| измен[яе]"
        r"| использ| нужн(?:ы|ая|ую)| менее| ранее| поздн| мог(?:ла|ли)?(?:\s+бы|\s+ли)| можешь| можете| сможе|"
        r" сложно| трудно| отслежива| добавл[е]н)"
        r"|никогда|нельзя|ни в коем случае|ни за что|без того|хватит|перестань|прекрати)(?!\w)"
    ),
}
_EXCEPT = re.compile(
    r"(?<!\w)(?:except|excluding|apart from|other than|but not|unless|кроме|за исключением|исключая|помимо|если только)(?!\w)"
)
_PLACE_FIRST = re.compile(r"(?:in|from|on|inside|for) [^,]{1,80},\s+")
_PLACE = re.compile(r"(?:in|from|on|inside|for|в|во|из|на|с|со) (?:[^\s,]+ ){0,3}[^\s,]+")
_OBJECT_FIRST = re.compile(r"(?:(?:все|всё|эти|это|лишн\w+|остальн\w+|их|его|ее|копии|дубл\w+)\s+)+(?=\w)")
_IF = re.compile(r"(?<!\w)(?:if|in case|provided that|если|при условии|в случае)(?!\w)")
_ASKING = {
    "en": re.compile(
        r"(?:(?:so|and|but|well|hey|please|tell me|do you know|i wonder|remind me|explain(?: to me)?),? )*"
        r"(?:how|why|who|whom|whose|what|what's|whats|when|where|which|is|are|was|were|does|did|do (?:i|we|you|they)|has|have"
        r"|should|shall|may i|can i|can we|could i|can one|am i|in which|on which|from which|whether|if i|what if)\b"
    ),
    "ru": re.compile(
        r"(?:(?:а|и|ну|но|так|слушай|скажи(?:те)?|подскажи(?:те)?|объясни(?:те)?|расскажи(?:те)?|"
        r"напомни(?:те)?|интересно|не знаешь|знаешь"
        r"|пожалуйста|мне),? )*"
        r"(?:(?:в|во|на|о|об|про|с|из|от|до|у|к|по|за|для|чем|под|при) )?"
        r"(?:как|почему|зачем|отчего|кто|кого|кому|кем|ком|что|чего|чему|чем|чём|когда|где|куда|откуда|"
        r"какой|какая|какое|какие|каких|каким"
        r"|какими|какую|какого|каком|которые|который|которых|сколько|чей|чья|чье|чьи|есть ли|можно ли|"
        r"нужно ли|надо ли|стоит ли|правда ли"
        r"|безопасно ли|нельзя ли|разве|неужели|обязательно ли|можно)(?!\w)"
    ),
}
_WHETHER = re.compile(r"(?<!\w)\w+ ли (?!ты|вы)|(?<!\w)(?:есть|остались|имеются) ли(?!\w)")
_WRITING = frozenset({"append", "write", "create", "commit", "save"})
_DICTATING = {
    "en": re.compile(
        r":(?=\s)|(?<!\w)(?:with (?:the )?(?:text|content|contents|words|message|commit message)|saying|that says)(?=\s)"
    ),
    "ru": re.compile(r":(?=\s)|(?<!\w)(?:с (?:текстом|содержимым|содержанием|сообщением|словами)|со словами)(?=\s)"),
}
_THEN = re.compile(
    r"\s*(?:;|\.(?=\s+\S)|[!?](?=\s+\S)|\n)\s*"
    r"|\s*,?\s+(?:and then|then|after that,?|afterwards,?|and after that|and finally|а затем|и затем|затем|а потом|и потом|потом"
    r"|а после этого|после этого|и после этого|после чего|и наконец|наконец)\s+"
)
_AND = re.compile(r"\s*,?\s+(?:and also|and|plus|а также|и|а|да и)\s+|\s*,\s+(?:but|но)\s+|\s*,\s+")


def clauses(request: str, names: Sequence[str] = ()) -> list[Clause]:
    """Cut a request into clauses, in order; never empty. See `pieces` for `names`."""
    found = pieces(request, names)
    read = plain(request, found)
    language = language_of(request, read)
    dictated = _dictated(request, read, language)
    tidy = _tidied(request, read, dictated.start if dictated else len(request))
    if tidy != request:
        return clauses(tidy, names)
    if dictated is not None:
        found = sorted([*(piece for piece in found if piece.end <= dictated.start), dictated], key=lambda piece: piece.start)
        read = plain(request, found)
    parts = list[Clause]()
    for start, end, then in _cuts(read, language):
        inside = tuple(
            piece._replace(start=piece.start - start, end=piece.end - start)
            for piece in found
            if piece.start >= start and piece.end <= end
        )
        parts.append(_clause(request[start:end], read[start:end], inside, language, then))
    return parts


def _tidied(request: str, read: str, end: int) -> str:
    """Return the request with long blanks before `end` made short, those in pieces aside: rules take time by their length."""
    parts, at = list[str](), 0
    for match in re.finditer(r"\s{3,}", read[:end]):
        parts += [request[at : match.start()], "\n" if "\n" in match.group() else " "]
        at = match.end()
    return "".join([*parts, request[at:]])


def _dictated(request: str, read: str, language: str) -> Piece | None:
    """Return what is dictated without quotes ("add to todo.md: buy milk"): all of it is text, whatever verbs are in it."""
    match = _DICTATING[language].search(read)
    if match is None or not read[match.end() :].strip() or read[match.end() :].lstrip().startswith(MASK):
        return None
    begin = _past_politeness(read, len(read) - len(read.lstrip()), language)
    head = _verb_at(read, begin, language) or (_first_verb(read[: match.end()], begin) if language == "ru" else None)
    if head is None or head[0] not in _WRITING:
        return None
    value = request[match.end() :].rstrip()
    return Piece("quote", value.lstrip(), match.end(), match.end() + len(value))


def language_of(request: str, read: str) -> str:
    """Name the language of a request by the letters outside its pieces; by all of them when there are none."""
    outside = read if any(letter.isalpha() for letter in read) else request
    return "ru" if _CYRILLIC.search(outside) else "en"


def _cuts(read: str, language: str) -> list[tuple[int, int, bool]]:
    """Return start, end and "follows in time" of the clauses."""
    marks = [(match.start(), match.end(), True) for match in _THEN.finditer(read)]
    marks += [
        (match.start(), match.end(), False)
        for match in _AND.finditer(read)
        if _begins(read, match.end(), language) and not any(a < match.end() and match.start() < b for a, b, _ in marks)
    ]
    cuts, at, then = list[tuple[int, int, bool]](), 0, False
    for start, end, later in sorted(marks):
        if read[at:start].strip():
            alone = read[at:start].strip()
            if _past_politeness(f"{alone} ", 0, language) >= len(alone) or (not later and _PLACE.fullmatch(alone)):
                continue  # neither "please," nor "in Downloads," is a clause of its own
            cuts.append((at, start, then))
        if end > at:
            at, then = end, later
    if read[at:].strip() or not cuts:
        cuts.append((at, len(read), then))
    return cuts


def _begins(read: str, at: int, language: str) -> bool:
    """Tell whether a new command, or a prohibition, begins after a comma or "and"."""
    at = _past_politeness(read, at, language)
    if _NEGATED[language].match(read, at):
        return _any_verb(read, _NEGATED[language].match(read, at).end(), language)  # pyright: ignore[reportOptionalMemberAccess]
    if language == "ru":
        object_first = _OBJECT_FIRST.match(read, at)
        verb = _verb_at(read, object_first.end() if object_first else at, language)
        return verb is not None and not read[at:].startswith(("новый", "новая", "новое", "новую", "дай"))
    if IMPOSSIBLE["en"].match(read, at) and not NOUNS_TOO.match(read, at):
        return bool(re.match(r"\S+\s+(?:it|them|the|this|that|these|a|an|to|all|my)\b|\S+\s+\ufffc", read[at:]))
    if _verb_at(read, at, language) is None:
        return False
    after = re.match(r"\w+\s*(.*)", read[at:])
    following = after.group(1) if after else ""
    return not NOUNS_TOO.match(read, at) or bool(
        re.match(
            r"(?:it|them|the|all|every|everything|each|my|this|that|these|those|a|an|what|to|with|as|into|up)\b|\ufffc", following
        )
    )


def _past_politeness(read: str, at: int, language: str) -> int:
    while match := _POLITE[language].match(read, at):
        at = match.end()
    return at


def _verb_at(read: str, at: int, language: str) -> tuple[str, int] | None:
    """Return the verb that begins here, the longest form of all, and its end."""
    language = "en" if read.startswith("git ", at) else language
    found = [(match.end(), verb) for verb, pattern in COMMANDS[language].items() if (match := pattern.match(read, at))]
    return (max(found)[1], max(found)[0]) if found else None


def _any_verb(read: str, at: int, language: str) -> bool:
    patterns = [*COMMANDS[language].values(), IMPOSSIBLE[language]]
    return any(re.search(rf"(?<!\w){pattern.pattern}", read[at:]) for pattern in patterns) or bool(
        re.search(r"(?<!\w)(?:touch|trog|deleting|removing|moving|renaming|touching|changing)", read[at:])
    )


def _first_verb(read: str, at: int) -> tuple[str, int, int] | None:
    """Return the first Russian command verb from here on with its place; infinitives count only after a modal verb."""
    modal = _MODAL.search(read) is not None
    found: list[tuple[int, int, str]] = []
    for verb, pattern in COMMANDS["ru"].items():
        for match in pattern.finditer(read, at):
            infinitive = re.match(r"\w*(?:ть|ти|чь|ться)(?:\s|$)", match.group() + " ") is not None
            if not infinitive or modal or match.start() == at or _imperative_soft(match.group()):
                found.append((match.start(), -match.end(), verb))
                break
    if not found:
        return None
    start, end, verb = min(found)
    return verb, start, -end


def _imperative_soft(form: str) -> bool:
    return not form.split(maxsplit=1)[0].endswith(("ать", "ять", "ить", "еть", "уть", "ыть", "ти", "ться", "чь"))


def _clause(text: str, read: str, inside: tuple[Piece, ...], language: str, then: bool) -> Clause:
    at = len(read) - len(read.lstrip())
    begin = _past_politeness(read, at, language)
    mood, verb, start, end = _mood(read, at, begin, language)
    return Clause(text, read, inside, language, mood, verb, start, end, then, begin)


def _mood(read: str, at: int, begin: int, language: str) -> tuple[Mood, str, int, int]:
    asked = _is_asked(read, at, begin, language)
    if not asked and (_EXCEPT.search(read) or (_NEGATED[language].search(read) and _forbids(read, language))):
        return Mood.NEGATED, "", begin, begin
    if asked:
        return Mood.QUESTION, "", begin, begin
    if _IF.search(read, begin) and _any_verb(read, 0, language):  # a condition no plan can hold: too much would be done
        return Mood.QUESTION if read.rstrip().endswith("?") else Mood.NEGATED, "", begin, begin
    impossible = IMPOSSIBLE[language].match(read, begin)
    head = _verb_at(read, begin, language) or _gerund(read, begin, language)
    if impossible and (head is None or impossible.end() > head[1]):
        return Mood.IMPOSSIBLE, "", begin, impossible.end()
    if head is None and language == "en" and (place := _PLACE_FIRST.match(read, begin)):
        begin = _past_politeness(read, place.end(), language)
        head = _verb_at(read, begin, language)
    if head is not None:
        return Mood.COMMAND, head[0], begin, head[1]
    if language == "ru" and (first := _first_verb(read, begin)):
        return Mood.COMMAND, *first
    if read.rstrip().endswith("?"):
        return Mood.QUESTION, "", begin, begin
    return Mood.STATEMENT, "", begin, begin


def _is_asked(read: str, at: int, begin: int, language: str) -> bool:
    if _CAN_YOU.match(read, at) and (_verb_at(read, begin, language) or IMPOSSIBLE[language].match(read, begin)):
        return False
    if _ASKING[language].match(read, at) or _ASKING[language].match(read, begin):
        return True
    return language == "ru" and _WHETHER.search(read) is not None and not _CAN_YOU.match(read, at)


def _gerund(read: str, begin: int, language: str) -> tuple[str, int] | None:
    """Return the verb of "would you mind deleting ..."."""
    match = re.match(r"(\w+)ing\b", read[begin:]) if language == "en" else None
    if match is None or "would you mind" not in read[:begin]:
        return None
    base = match.group(1)
    for form in (base, base + "e", base[:-1] if base[-1:] == base[-2:-1] else base):
        if found := _verb_at(f"{form} ", 0, "en"):
            return found[0], begin + match.end()
    return None


def _forbids(read: str, language: str) -> bool:
    match = _NEGATED[language].search(read)
    return match is not None and (_any_verb(read, match.end(), language) or _any_verb(read, 0, language))
