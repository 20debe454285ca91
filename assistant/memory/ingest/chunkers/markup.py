"""Finds sections and blocks (paragraphs, lists, tables, fences) in Markdown, its relatives and plain text."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from assistant.domain.language import sentences
from assistant.domain.lines import line_starts
from assistant.memory.ingest.chunkers.pieces import Block, tile

_HEADINGS = {
    "text/markdown": re.compile(r" {0,3}(#{1,6})[ \t]+(.*)"),
    "text/asciidoc": re.compile(r"(={1,6})[ \t]+(.*)"),
    "text/org": re.compile(r"(\*{1,6})[ \t]+(.*)"),
}
_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
_UNDERLINE = re.compile(r"(=+|-+)\s*")
_TABLE = re.compile(r"\s*\|.*")
_ITEM = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)])\s+\S")
_MATTER = re.compile(r"(?:---|\+\+\+)\s*")
_NUMBERED = re.compile(r"(?:section|chapter|article|part|appendix|глава|раздел|статья|часть|приложение)\s+[\dIVXLC]+\b.*", re.I)
_ORDERED = re.compile(r"\d{1,2}\.\s+\S.*")
_SENTENCE_END = (".", "!", "?", ":", ";", ",", "…")
_TITLE_LENGTH = 70


@dataclass(slots=True)
class Section:
    """Blocks under one heading; `path` holds the headings from the outermost in."""

    path: tuple[str, ...]
    blocks: list[Block] = field(default_factory=list[Block])
    body: bool = False


def sections(text: str, media: str) -> list[Section]:
    """Cut a text into sections that together hold every visible character. `media` tells which marks make headings.

    A heading with nothing beneath it goes with the section that follows.
    """
    return _Outline(text, media).read()


class _Outline:
    def __init__(self, text: str, media: str) -> None:
        self._text = text
        self._starts = [*line_starts(text), len(text)]
        self._lines = [text[a:b].rstrip("\r\n") for a, b in pairwise(self._starts)]
        self._heading = _HEADINGS.get(media)
        self._path: list[tuple[int, str]] = []
        self._sections = [Section(())]

    def read(self) -> list[Section]:
        at = self._front_matter()
        while at < len(self._lines):
            if not self._lines[at].strip():
                at += 1
                continue
            at = self._block(at)
        found = [section for section in self._sections if section.blocks]
        if len(found) > 1 and not found[-1].body:
            last = found.pop()
            found[-1].blocks.extend(last.blocks)
        return found

    def _front_matter(self) -> int:
        if not self._lines or not _MATTER.fullmatch(self._lines[0]):
            return 0
        for at in range(1, len(self._lines)):
            if self._lines[at].rstrip() == self._lines[0].rstrip():
                self._add(0, at + 1, whole=True, by_line=True)
                return at + 1
        return 0

    def _block(self, at: int) -> int:
        line = self._lines[at]
        height = self._title(at)
        if height:
            return at + height
        fence = _FENCE.match(line)
        if fence:
            end = self._run(at + 1, lambda other: not other.strip().startswith(fence.group(1)))
            end = min(end + 1, len(self._lines))
            self._add(at, end, whole=True, by_line=True)
        elif _TABLE.fullmatch(line):
            end = self._run(at, lambda other: _TABLE.fullmatch(other) is not None)
            self._add(at, end, whole=True, by_line=True)
        else:
            item = _ITEM.match(line) is not None
            end = self._paragraph(at, item)
            self._add(at, end, whole=item)
        return end

    def _run(self, at: int, same: Callable[[str], bool]) -> int:
        while at < len(self._lines) and same(self._lines[at]):
            at += 1
        return at

    def _paragraph(self, at: int, item: bool) -> int:
        end = at + 1
        while end < len(self._lines):
            line = self._lines[end]
            if not line.strip():
                following = end + 1 < len(self._lines) and _ITEM.match(self._lines[end + 1])
                if not (item and following):
                    break
            elif self._opens(end, item):
                break
            end += 1
        return end

    def _opens(self, at: int, item: bool) -> bool:
        """Tell whether a block of another kind begins at this line."""
        line = self._lines[at]
        if _FENCE.match(line) or _TABLE.fullmatch(line) or (self._heading and self._heading.fullmatch(line)):
            return True
        return not item and _ITEM.match(line) is not None

    def _title(self, at: int) -> int:
        """Open a section when a heading stands here; return how many lines it takes, 0 for none."""
        line = self._lines[at]
        marked = self._heading.fullmatch(line) if self._heading else None
        if marked:
            self._open(at, at + 1, len(marked.group(1)), marked.group(2).strip().rstrip("#").rstrip())
            return 1
        below = self._lines[at + 1] if at + 1 < len(self._lines) else ""
        if len(below.strip()) >= 3 and _UNDERLINE.fullmatch(below) and _underlined(line):
            self._open(at, at + 2, 1 if below[0] == "=" else 2, line.strip())
            return 2
        if self._heading is None and self._reads_like_title(at, line.strip(), below.strip()):
            self._open(at, at + 1, 2, line.strip())
            return 1
        return 0

    def _reads_like_title(self, at: int, line: str, below: str) -> bool:
        """Judge a line of plain text that follows a blank line: numbered, in capitals, or short and alone."""
        if (at and self._lines[at - 1].strip()) or len(line) > _TITLE_LENGTH or line.endswith(_SENTENCE_END):
            return False
        if _NUMBERED.fullmatch(line):
            return True
        if _ORDERED.fullmatch(line):
            return bool(below) and not _ORDERED.fullmatch(below)
        letters = [char for char in line if char.isalpha()]
        if len(letters) < 3 or not line[0].isupper():
            return False
        return not below or all(char.isupper() for char in letters)

    def _open(self, start: int, end: int, level: int, title: str) -> None:
        while self._path and self._path[-1][0] >= level:
            self._path.pop()
        self._path.append((level, title))
        path = tuple(name for _, name in self._path if name)
        current = self._sections[-1]
        if current.body or not current.blocks:
            self._sections.append(Section(path))
        else:
            current.path = path
        self._add(start, end, whole=True, heading=True)

    def _add(self, first: int, last: int, *, whole: bool = False, by_line: bool = False, heading: bool = False) -> None:
        start, end = self._starts[first], self._starts[last]
        stretch = self._text[start:end]
        spans = _by_line(stretch) if by_line else [_outer(stretch)] if heading else sentences(stretch)
        moved = [(start + a, start + b) for a, b in spans]
        section = self._sections[-1]
        section.blocks.append(Block(tile(moved, end, begins=not whole), whole))
        section.body = section.body or not heading


def _underlined(line: str) -> bool:
    return len(line.strip()) <= _TITLE_LENGTH and not _TABLE.fullmatch(line) and not _ITEM.match(line)


def _by_line(stretch: str) -> list[tuple[int, int]]:
    starts = [*line_starts(stretch), len(stretch)]
    spans: list[tuple[int, int]] = []
    for a, b in pairwise(starts):
        start, end = _outer(stretch[a:b])
        if end > start:
            spans.append((a + start, a + end))
    return spans


def _outer(stretch: str) -> tuple[int, int]:
    """Return where the visible characters of a stretch begin and end."""
    end = len(stretch.rstrip())
    return min(end, len(stretch) - len(stretch.lstrip())), end
