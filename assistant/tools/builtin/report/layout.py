"""A report as Markdown: sections of numbered quotations, and the list of their sources with relative links. Pure."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from urllib.parse import quote as percent_encoded

from assistant.domain.answer import Citation
from assistant.domain.quoting import cite
from assistant.tools.builtin.report.choosing import Quote
from assistant.tools.command import Sight
from assistant.tools.names import folder_of

_DIGITS = 12
_MARKER = re.compile(r"^(?:[-*+•–>]\s+|#{1,6}\s+|\d{1,3}(?:\.\d{1,3})*[.)]\s+)")
_ACTIVE = re.compile(r"[\\`*_<>\[\]]|&(?=#?\w+;)")
"""What Markdown would not show as it stands: marks, tags, images, links, and numbers that would look like sources."""
_TICKS = re.compile("`+")


@dataclass(frozen=True, slots=True)
class Section:
    """What is quoted of one file; `twins` are files with the same contents."""

    path: str
    quotes: tuple[Quote, ...]
    twins: tuple[str, ...] = ()


def report(
    title: str, sections: Sequence[Section], remarks: Sequence[str], target: str, sight: Sight
) -> tuple[str, list[Citation]]:
    """Return the text of a report to be written at `target`, and the citations that its numbers stand for."""
    citations: list[Citation] = []
    lines = [f"# {_shown(title)}", "", _head(sections, sight.now.date(), sight)]
    for remark in remarks:
        lines += ["", _shown(remark)]
    for section in sections:
        lines += ["", f"## {_link(section.path, target)}", ""]
        if section.twins:
            same = ", ".join(_link(twin, target) for twin in section.twins)
            lines += [sight.say(f"The same contents: {same}", f"То же содержание: {same}"), ""]
        for quote in section.quotes:
            citations.append(cite(quote.evidence, quote.start, quote.end, len(citations) + 1))
            lines += _quoted(quote, len(citations))
    lines += ["", f"## {sight.say('Sources', 'Источники')}", ""]
    lines += [_source(citation, target, sight) for citation in citations]
    return "\n".join(lines) + "\n", citations


def place_of(citation: Citation, sight: Sight) -> str:
    """Return the place of a citation for people: ":3-5", ", page 2", ", rows 4"; "" when only the file is known."""
    if citation.page is not None:
        return sight.say(f", page {citation.page}", f", с. {citation.page}")
    if citation.line is not None:
        last = citation.line_end
        return f":{citation.line}" + (f"-{last}" if last and last != citation.line else "")
    return f", {citation.cell}" if citation.cell else ""


def _head(sections: Sequence[Section], today: date, sight: Sight) -> str:
    quotes = sum(len(section.quotes) for section in sections)
    return sight.say(
        f"{today.isoformat()}. Quotations, letter for letter: {quotes}, from files: {len(sections)}.",
        f"{today.isoformat()}. Дословных цитат: {quotes}, файлов: {len(sections)}.",
    )


def _quoted(quote: Quote, n: int) -> list[str]:
    if not quote.code:
        return [f"- {_shown(_MARKER.sub('', quote.plain))} [{n}]"]
    ticks = "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(quote.text)), default=0))
    return [f"- [{n}]", "", *(f"  {line}" for line in (ticks, *quote.text.splitlines(), ticks)), ""]


def _source(citation: Citation, target: str, sight: Sight) -> str:
    place = place_of(citation, sight)
    digest = sha256(citation.quote.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    file = sight.say(f"file {citation.hash[:_DIGITS]}", f"файл {citation.hash[:_DIGITS]}")
    quote = sight.say(f"quotation {digest}", f"цитата {digest}")
    return f"- [{citation.n}] {_link(citation.path, target, place)} (sha256: {quote}, {file})"


def _link(path: str, target: str, place: str = "") -> str:
    """Return a link that holds while report and file keep their places to each other."""
    try:
        there = os.path.relpath(path, folder_of(target))
    except ValueError:  # on another drive
        there = path
    there = there.replace(os.sep, "/")
    return f"[{_shown(there)}{place}]({percent_encoded(there.encode('utf-8', 'surrogateescape'), safe='/')})"


def _shown(text: str) -> str:
    """Return a text that Markdown shows as it stands."""
    return _ACTIVE.sub(lambda found: "\\" + found.group(), " ".join(text.split()))
