"""Cuts English and Russian text into sentences, letter for letter. Used by the prose chunkers and by answering."""

import re

from assistant.domain.language.words import vocabulary
from assistant.domain.lines import count_breaks

_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'»”’)\]*_`]*+(?=\s|$)|[。！？]++|[\r\n]\s*+")
_OPENING = "\"'«“‘„([{*_`—–-"
_STRUCTURE = re.compile(
    r"[^\S\r\n]*+(?:[-*+•–—][^\S\r\n]|\d{1,3}(?:\.\d{1,3})*[.)][^\S\r\n]|#{1,6}[^\S\r\n]|\||```|~~~|>"
    r"|[A-ZА-ЯЁ][\w-]{1,20}:[^\S\r\n]|\*\*)"
)
_NUMBERING = re.compile(r"[\s#*>\-+(]*+(?:[\d.]++|[ivxlcIVXLC]{1,5}|[A-Za-zА-Яа-яЁё])[.)]?")
_TOKEN = re.compile(r"[^\s(\[«\"“„'*_`]+$")
_COUNTED = re.compile(
    r"(?:section|chapter|article|part|step|clause|appendix|figure|table|fig|no|раздел|глава|статья|часть|шаг|пункт|"
    r"приложение|рисунок|таблица|этап|№)\s*\d[\d.]{0,9}",
    re.IGNORECASE,
)
_TITLE = re.compile(r"[A-ZА-ЯЁ0-9].{0,59}(?<![.!?…,;:\-–—])", re.DOTALL)

# Words with a full stop that never end a sentence, because a name, a number or an explanation follows.
_LEADING = vocabulary(
    """
    mr mrs ms dr prof st sr jr rev gen col sgt capt lt hon e.g i.e vs cf fig figs eq eqs sec ch vol ed eds pp p approx
    ca al viz dept est
    г-н г-жа проф акад доц им ул пр пер просп пл наб бул ш д кв корп стр оф тел рис табл гл разд ст п пп см ср напр т.е т.н
    т.к т.о н.э св ок о пос дер обл р-н респ гр инж зам зав с ред сост изд вып юр физ
    """
)
# Words with a full stop that may end one: a sentence ends there when the next word has a capital.
_TRAILING = vocabulary(
    """
    т.д т.п др пр г гг вв руб коп тыс млн млрд мин сек час ч чел шт экз кг км м см мм л мл
    a.m p.m etc inc ltd co corp u.s u.k jan feb mar apr jun jul aug sep sept oct nov dec
    """
)
_BEFORE_NUMBER = frozenset({"no", "nos", "№"})
_SHORT = _LEADING | _TRAILING | _BEFORE_NUMBER
_YEAR = re.compile(r"\d$")
_LOOK = 80


def sentences(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of every sentence, in order; only blanks lie between them. Linear in the length of the text.

    A blank line, a list item, a heading, a table row and a short title line also end a sentence. Abbreviations,
    initials, decimals, file names, addresses and version numbers do not.
    """
    spans: list[tuple[int, int]] = []
    start = _skip_blanks(text, 0)
    for match in _END.finditer(text):
        if match.end() <= start:
            continue
        newline = match.group()[0] in "\r\n"
        if _breaks_line(text, start, match) if newline else _ends_sentence(text, start, match):
            if newline:
                _close(text, start, match.start(), spans)
            else:
                spans.append((start, match.end()))
            start = _skip_blanks(text, match.end())
    _close(text, start, len(text), spans)
    return spans


def _close(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        spans.append((start, end))


def _skip_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _breaks_line(text: str, start: int, match: re.Match[str]) -> bool:
    if count_breaks(match.group()) > 1 or text[start : start + 1] == "|" or text.startswith("#", start):
        return True
    at = _line_begin(match)
    if _STRUCTURE.match(text, at):
        return True
    following = text[match.end() : match.end() + 1]
    titled = following.isupper() or following.isdigit()
    first = not text[:start] or count_breaks(text[max(0, start - 4) : start]) > 1
    return titled and first and match.start() - start <= 60 and _TITLE.fullmatch(text, start, match.start()) is not None


def _line_begin(match: re.Match[str]) -> int:
    gap = match.group()
    return match.start() + max(gap.rfind("\n"), gap.rfind("\r")) + 1


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    mark, stop = match.group(), match.start()
    if mark[0] in "。！？":
        return True
    following = _following(text, match.end())
    if not following:
        return True
    if following.islower():
        return False
    if mark[0] != "." or mark.startswith("..") or (len(mark) > 1 and mark[1] in "!?"):
        return True
    return not _is_abbreviation(text, start, stop, following)


def _is_abbreviation(text: str, start: int, stop: int, following: str) -> bool:
    if _NUMBERING.fullmatch(text, start, stop):
        return True
    blank = text.rfind(" ", start, stop)
    word = text[blank + 1 : stop] if blank >= 0 else ""
    if len(word) > 1 and word.isalpha() and word.lower() not in _SHORT:
        return False  # most sentences end so; the rest of this function takes four times as long
    before = text[max(start, stop - _LOOK) : stop]
    found = _TOKEN.search(before)
    token = found.group().lower() if found else ""
    previous = before[: found.start()].rstrip() if found else ""
    if previous.endswith((" т.", "(т.")):
        token = f"т.{token}"
    if token in _BEFORE_NUMBER:
        return following.isdigit()
    if token in _TRAILING:
        return not following.isupper() or (token == "г" and not _YEAR.search(previous))
    initial = len(token) == 1 and found is not None and found.group().isupper()
    return initial or token in _LEADING or _COUNTED.fullmatch(text, start, stop) is not None


def _following(text: str, at: int) -> str:
    """Return the first letter or digit after the mark, past blanks and opening signs; "" at the end of the text."""
    nearest = text[at + 1 : at + 2]
    if nearest.isalnum() and text[at].isspace():
        return nearest
    limit = min(len(text), at + _LOOK)
    while at < limit and (text[at].isspace() or text[at] in _OPENING):
        at += 1
    return text[at] if at < limit else ""
