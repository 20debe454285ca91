"""Reads DOCX and PPTX letter for letter from their XML. Called by `dispatch` in the worker process.

Own code because the extraction library drops `&`, `<` and quotes written as entities in DOCX and joins the lines of slides.
"""

import posixpath

from assistant.adapters.readers.archive import Package
from assistant.adapters.readers.detect import Detected
from assistant.domain.document import Document, Part
from assistant.domain.errors import ReadError


class Prose:
    """Listens to WordprocessingML or DrawingML and keeps paragraphs, with table rows as lines of cells."""

    def __init__(self, gap: str) -> None:
        self._gap = gap
        self._blocks: list[str] = []
        self._run: list[str] = []
        self._rows: list[list[list[str]]] = []
        self._in_text = 0
        self._in_run = 0
        self._skip = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Count what surrounds the text; the fallback of alternative content repeats what was already said."""
        if name == "Fallback" or self._skip:
            self._skip += 1
        elif name == "t":
            self._in_text += 1
        elif name == "r":
            self._in_run += 1
        elif name in ("br", "cr") and (self._in_run or name == "br"):
            self._run.append("\n")
        elif name == "tab" and self._in_run:
            self._run.append("\t")
        elif name == "noBreakHyphen":
            self._run.append("‑")
        elif name == "tr":
            self._rows.append([])
        elif name == "tc" and self._rows:
            self._rows[-1].append([])

    def end(self, name: str) -> None:
        """Close paragraphs and table rows."""
        if self._skip:
            self._skip -= 1
        elif name == "t":
            self._in_text -= 1
        elif name == "r":
            self._in_run -= 1
        elif name == "p":
            self._paragraph()
        elif name == "tr" and self._rows:
            row = self._rows.pop()
            self._add(" | ".join(" ".join(cell) for cell in row), "\n")
        elif name == "tbl" and not self._rows and self._blocks:
            self._blocks.append(self._gap)

    def text(self, text: str) -> None:
        """Keep text that is shown; field codes and deleted text are not."""
        if self._in_text and not self._skip:
            self._run.append(text)

    def result(self) -> str:
        """All paragraphs, separated by the gap."""
        self._paragraph()
        return "".join(self._blocks).strip("\n")

    def _paragraph(self) -> None:
        text = "".join(self._run).strip(" ")
        self._run.clear()
        self._add(text, self._gap)

    def _add(self, text: str, gap: str) -> None:
        if not text.strip():
            return
        if self._rows and self._rows[-1]:
            self._rows[-1][-1].append(" ".join(text.split()))
        else:
            self._blocks += (text, gap)


class Links:
    """Listens to a relationships part: target by id, with its type."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}
        self.kinds: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Keep one relationship; external ones are never followed."""
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")
            self.kinds[attributes.get("Id", "")] = attributes.get("Type", "").rpartition("/")[2]

    def end(self, name: str) -> None:
        """Nothing closes here."""

    def text(self, text: str) -> None:
        """Nothing is said here."""


class Slides(Links):
    """Listens to a presentation: the relationship ids of its slides in order."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Keep a slide's relationship id, the only attribute of it that starts with letters; its own id is a number."""
        if name == "sldId":
            self.targets[attributes.get("id", "")] = ""


class Title(Links):
    """Listens to the core properties: the title."""

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Enter the title."""
        self._inside = name == "title"

    def end(self, name: str) -> None:
        """Leave the title."""
        self._inside = False

    def text(self, text: str) -> None:
        """Keep the title."""
        if self._inside:
            self.title += text


def read_docx(data: bytes, kind: Detected) -> Document:
    """Return one part of kind "lines": paragraphs apart by a blank line, table rows as cells apart by " | "."""
    package = Package(data)
    texts = [_prose(package, "word/document.xml", "\n\n")]
    texts += [_prose(package, name, "\n\n") for name in ("word/footnotes.xml", "word/endnotes.xml") if name in package.names]
    text = "\n\n".join(text for text in texts if text)
    if not text:
        raise ReadError("The document holds no text.")
    return Document(
        media=kind.media,
        modality="text",
        title=_title(package),
        extracted=True,
        parts=(Part(kind="lines", number=1, text=text),),
    )


def read_pptx(data: bytes, kind: Detected) -> Document:
    """Return one part of kind "page" per slide that holds text, with its speaker's notes."""
    package = Package(data)
    parts: list[Part] = []
    warnings: list[str] = []
    for number, name in enumerate(_slides(package), 1):
        text = _prose(package, name, "\n")
        notes = [_prose(package, path, "\n") for path in _linked(package, name, "notesSlide")]
        text = "\n\n".join(piece for piece in (text, *notes) if piece)
        if text:
            parts.append(Part(kind="page", number=number, text=text))
        else:
            warnings.append(f"no text on slide {number}")
    if not parts:
        raise ReadError("The presentation holds no text.")
    return Document(
        media=kind.media,
        modality="text",
        title=_title(package),
        extracted=True,
        parts=tuple(parts),
        warnings=tuple(warnings),
    )


def _prose(package: Package, name: str, gap: str) -> str:
    prose = Prose(gap)
    package.walk(name, prose)
    return prose.result()


def _title(package: Package) -> str:
    title = Title()
    if "docProps/core.xml" in package.names:
        package.walk("docProps/core.xml", title)
    return title.title.strip()


def _slides(package: Package) -> list[str]:
    order, links = Slides(), Links()
    package.walk("ppt/presentation.xml", order)
    package.walk("ppt/_rels/presentation.xml.rels", links)
    paths = [_resolve("ppt/presentation.xml", links.targets.get(key, "")) for key in order.targets]
    return [path for path in paths if path in package.names]


def _linked(package: Package, name: str, kind: str) -> list[str]:
    folder, file = posixpath.split(name)
    rels = f"{folder}/_rels/{file}.rels"
    if rels not in package.names:
        return []
    links = Links()
    package.walk(rels, links)
    paths = [_resolve(name, target) for key, target in links.targets.items() if links.kinds[key] == kind]
    return [path for path in paths if path in package.names]


def _resolve(base: str, target: str) -> str:
    """A target is relative to the part that names it, or absolute within the package."""
    joined = target if target.startswith("/") else posixpath.join(posixpath.dirname(base), target)
    return posixpath.normpath(joined).lstrip("/")
