"""Reads a question: its key terms with weights, and what kind of thing it asks for. Used by `scoring`."""

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from assistant.domain.language import normalise, vocabulary, words

Kind = Literal["number", "date", "person", "place", "reason"]

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_IDENTIFIER = re.compile(r"\w*(?:[a-z0-9][A-Z]|_\w|\w[.:]{1,2}[A-Za-z])[\w.:]*|[A-Z][a-z]+[A-Z]\w*|\b\w+\(\)")
_WEAK = vocabulary(
    """
    happen happens happened need needs needed want wants use used using become became come comes came take takes taken go goes
    going went make makes made many long often possible allowed mean means work works find found look looks thing things
    kind type way ways someone somebody person people anything something case place time number value new old exactly actually
    today currently now ever still first one two say says said know keep put give gives given good best most
    раз вид тип дело случай человек люди время число значение сейчас теперь сегодня обычно именно вообще делать сделать
    случилось стать стало получить получает получается нужен нужна нужны требуется может могут больше меньше один одна
    два две новый новая новое новые хороший лучше происходит бывает работает
    """
)
_ASKS_FOR = re.compile(r"\b(?:what|which|how (?:many|much)|сколько|как(?:ой|ая|ое|ие|ую|ого|ом|им|их|ими))\b")
_FOCUS_WORDS = 2
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "number",
        re.compile(
            r"\bhow (?:many|much|long|far|old|often|high|large|big|fast|quickly|frequently|moist|heavy|deep)\b"
            r"|\bwhat (?:is the (?:most|least|highest|lowest|maximum|minimum)|percentage|price|rate|rent|discount|interval|"
            r"frequency|distance|torque|half-life|monthly)|\bwhich (?:frequency|hours)\b|\bsampling interval\b"
            r"|\bсколько\b|\bнасколько\b|\bкак (?:долго|часто|быстро|далеко)\b"
            r"|\bкак(?:ой|ая|ое|ую|им) (?:вес|объем|процент|размер|срок|штраф|цена|стоимость|сумма|влажность|скорость)"
            r"|\bдо какой\b|\bниже какого\b|\bв какие числа\b",
        ),
    ),
    (
        "date",
        re.compile(
            r"\bwhen\b|\bwhat (?:date|day|year|month)\b|\bwhich (?:date|day|year|month)\b|\bby what date\b|\bhow soon\b"
            r"|\bкогда\b|\bкакого (?:числа|октября|года)\b|\bв каком (?:году|месяце)\b|\bс какого\b|\bдо какого\b|\bк какому\b"
        ),
    ),
    ("person", re.compile(r"\bwho\b|\bwhom\b|\bwhose\b|\bкто\b|\bкого\b|\bкому\b|\bкем\b|\bчей\b|\bчья\b|\bчье\b")),
    ("place", re.compile(r"\bwhere\b|\bгде\b|\bкуда\b|\bоткуда\b")),
    (
        "reason",
        re.compile(r"\bwhy\b|\bhow come\b|\bwhat (?:caused|held)\b|\bпочему\b|\bзачем\b|\bотчего\b|\bиз-за чего\b|\bпричин"),
    ),
)
_NUMERAL = (
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|"
    r"hundred|thousand|half|third|quarter|twice|once|double)\b|\b(?:один|одну|одной|два|две|двух|трёх|трех|три|четыре|"
    r"четырёх|пять|пяти|шест|семь|семи|восемь|восем|девят|десят|одиннадцат|двенадцат|пятнадцат|двадцат|тридцат|сорок|"
    r"пятьдесят|шестьдесят|сто|двести|тысяч|половин|треть|полтора)"
)
_MONTH = (
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|(?:январ|феврал|март|апрел|мая|май|июн|июл|август|сентябр|"
    r"октябр|ноябр|декабр)|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|(?:понедельник|вторник|сред[уы]|четверг|пятниц|"
    r"суббот|воскресень)|\b(?:19|20)\d\d\b|\b\d{1,2}:\d\d\b"
)
_SIGNS: dict[Kind, re.Pattern[str]] = {
    "number": re.compile(_NUMERAL, re.IGNORECASE),
    "date": re.compile(_MONTH + "|" + _NUMERAL, re.IGNORECASE),
    "person": re.compile(r"(?<=[a-zа-яё,;:—–] )[A-ZА-ЯЁ][a-zа-яё]+|^\W*[A-ZА-ЯЁ][a-zа-яё]+ [A-ZА-ЯЁ]|\b[Cc]ustomer|\b[Oo]wner"),
    "place": re.compile(
        r"\b(?:in|at|on|under|behind|near|by|inside|from|to)\b|\b(?:в|во|на|у|под|за|около|возле|из|рядом)\b", re.I
    ),
    "reason": re.compile(
        r"\b(?:because|since|so that|due to|therefore|hence|otherwise|as|for|cannot|would|thus)\b"
        r"|\b(?:потому|так как|из-за|поскольку|чтобы|значит|оттого|поэтому|иначе|ведь|но)\b|:",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question that an answer should cover. `entity`: a name, number or identifier."""

    stem: str
    weight: float
    entity: bool
    cyrillic: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question as answering sees it. `focus`: indexes of the terms that name what is asked for ("which *courier*")."""

    text: str
    terms: tuple[Term, ...]
    kinds: frozenset[Kind]
    focus: tuple[int, ...]

    def answered_in_kind(self, passage: str) -> float:
        """Return the share (0..1) of the asked kinds that a passage holds a sign of; 0.5 when none is asked for."""
        if not self.kinds:
            return 0.5
        return sum(_SIGNS[kind].search(passage) is not None for kind in self.kinds) / len(self.kinds)


def read_question(text: str) -> Question:
    """Return the terms and kinds of a question; a question of stop words alone keeps all its words as terms."""
    found = words(text, identifiers=True)
    named = [match.span() for match in _IDENTIFIER.finditer(text)]
    terms: dict[str, Term] = {}
    for word in [word for word in found if not word.stop] or found:
        raw = text[word.start : word.end]
        inside = any(start <= word.start and word.end <= end for start, end in named)
        entity = inside or raw[0].isdigit() or (raw[0].isupper() and not _begins_sentence(text, word.start))
        weight = 1.6 if entity else 0.4 if normalise(raw) in _WEAK else 1.0
        known = terms.get(word.stem)
        if known is None or known.weight < weight:
            terms[word.stem] = Term(word.stem, weight, entity, _CYRILLIC.search(raw) is not None)
    lower = normalise(text)
    kinds: frozenset[Kind] = frozenset(kind for kind, pattern in _KINDS if pattern.search(lower))
    order = list(terms)
    focus = tuple(order.index(stem) for stem in _focus(text) if stem in terms)
    return Question(text, tuple(terms.values()), kinds, focus)


def _focus(text: str) -> list[str]:
    """Return the stems of the first words with meaning that follow the asking word, none when other words come between."""
    asked = _ASKS_FOR.search(normalise(text))
    following = words(text[asked.end() :])[:_FOCUS_WORDS] if asked else []
    return [word.stem for word in takewhile(lambda word: not word.stop, following)]


def _begins_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip("\"'«“„([ \t\r\n")
    return not before or before[-1] in ".!?…:;"
