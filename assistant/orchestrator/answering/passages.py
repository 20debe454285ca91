"""Cuts evidence into passages that can be quoted: sentences, rows, and short stretches of code. Used by `extract`."""

import re
from dataclasses import dataclass
from itertools import pairwise

from assistant.domain.document import Span
from assistant.domain.language import sentences
from assistant.domain.lines import line_starts
from assistant.domain.memory import ContextPack, Evidence
from assistant.domain.quoting import is_code, place

MOST_CODE_LINES = 6
_LONGEST = 700

_COMMENT = re.compile(r"\s*(?://|#(?!include|define|\[)|/\*|\*|--|;|<!--|\"\"\"|'''|///)")
_QUOTES = re.compile(r"\"\"\"|'''")
_SIGNATURE = re.compile(
    r"\s*(?:@|#\[|(?:export|default|public|private|protected|static|async|pub(?:\(\w+\))?|unsafe|abstract|final|override)\s+"
    r"|(?:def|class|fn|func|function|interface|struct|enum|trait|impl|type|const|let|var|create)\b)",
    re.IGNORECASE,
)
_HEADING = re.compile(r"\s*(?:#{1,6}\s+\S|={3,}|-{3,})")


@dataclass(frozen=True, slots=True)
class Passage:
    """A quotable stretch: `evidence.text[start:end]`. `heading` tells that it only names what follows."""

    evidence: Evidence
    start: int
    end: int
    code: bool
    heading: bool = False

    @property
    def text(self) -> str:
        """The words to be quoted, letter for letter."""
        return self.evidence.text[self.start : self.end]

    @property
    def span(self) -> Span:
        """Where it stands in the document."""
        return place(self.evidence, self.start, self.end)


def passages(pack: ContextPack) -> list[Passage]:
    """Return every quotable passage of the evidence, in the pack's order; their texts are what `extract` wants compared.

    What touches a withheld secret cannot be quoted.
    """
    found: list[Passage] = []
    for evidence in pack.evidence:
        if is_code(evidence):
            found.extend(Passage(evidence, a, b, code=True) for a, b in _stanzas(evidence.text))
        else:
            found.extend(
                Passage(evidence, a, min(b, a + _LONGEST), code=False, heading=_names_only(evidence, a, b))
                for a, b in sentences(evidence.text)
            )
    return [one for one in found if not _touches(one)]


def _touches(passage: Passage) -> bool:
    return any(start < passage.end and end > passage.start for _, start, end in passage.evidence.withheld)


def _names_only(evidence: Evidence, start: int, end: int) -> bool:
    text = evidence.text[start:end]
    if _HEADING.match(text):
        return True
    # A note of one line is its own title: it names nothing that follows.
    return start == 0 and bool(evidence.scope) and evidence.scope.endswith(text) and bool(evidence.text[end:].strip())


def _stanzas(text: str) -> list[tuple[int, int]]:
    """Cut code at blank lines and where a signature begins, keeping a comment with the line it explains."""
    edges = [*line_starts(text), len(text)]
    groups: list[list[tuple[int, int]]] = []
    previous = ""
    inside = False
    for a, b in pairwise(edges):
        line = text[a:b]
        if not line.strip():
            previous = "" if not inside else previous
            continue
        opened = inside
        inside = inside != (len(_QUOTES.findall(line)) % 2 == 1)
        kind = "comment" if opened or inside or _COMMENT.match(line) else "signature" if _SIGNATURE.match(line) else "body"
        if not groups or len(groups[-1]) >= MOST_CODE_LINES or _parts(previous, kind):
            groups.append([])
        groups[-1].append((a, b))
        previous = kind
    return [(group[0][0], group[0][0] + len(text[group[0][0] : group[-1][1]].rstrip())) for group in groups]


def _parts(previous: str, kind: str) -> bool:
    """Tell whether a new stanza begins between two lines of these kinds ("" stands for a blank line)."""
    if not previous or previous == kind == "comment":
        return not previous
    return kind != previous and (previous, kind) not in {("comment", "signature"), ("signature", "comment"), ("comment", "body")}
