"""Reads the visible text of an HTML page, each line where the file has it. Called by `dispatch` in the worker process."""

from html.parser import HTMLParser

from assistant.adapters.readers.detect import Detected
from assistant.adapters.readers.encoding import decode
from assistant.domain.document import Document, Part
from assistant.domain.errors import ReadError

HIDDEN = frozenset({"script", "style", "template", "noscript", "svg", "head", "iframe", "object"})
INLINE = frozenset(
    {
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    }
)


class Visible(HTMLParser):
    """Collects what a person sees, by the line of the file it stands on; fetches nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: dict[int, list[str]] = {}
        self.title = ""
        self._hidden = 0
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Hidden elements are counted, blocks keep their words apart."""
        if tag == "title":
            self._in_title = True
        if tag in HIDDEN:
            self._hidden += 1
        self._apart(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A void element hides nothing."""
        self._apart(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave what was entered; the body always ends the head."""
        if tag == "title":
            self._in_title = False
        if tag == "head":
            self._hidden = 0
        elif tag in HIDDEN and self._hidden:
            self._hidden -= 1
        self._apart(tag)

    def handle_data(self, data: str) -> None:
        """Keep text on the lines it stands on."""
        if self._in_title:
            self.title += data
        if self._hidden:
            return
        first = self.getpos()[0]
        for offset, line in enumerate(data.split("\n")):
            if line.strip():
                self.lines.setdefault(first + offset, []).append(line.rstrip("\r"))

    def _apart(self, tag: str) -> None:
        if tag == "body":
            self._hidden = 0
        pieces = self.lines.get(self.getpos()[0])
        if tag not in INLINE and pieces and not self._hidden and not pieces[-1].endswith(" "):
            pieces.append(" ")


def read_html(data: bytes, kind: Detected) -> Document:
    """Return one part of kind "lines" whose line n is the visible text of the file's line n; raises ReadError."""
    decoded = decode(data)
    page = Visible()
    page.feed(decoded.text)
    page.close()
    last = max(page.lines, default=0)
    text = "\n".join("".join(page.lines.get(n, ())).rstrip() for n in range(1, last + 1))
    if not text.strip():
        raise ReadError("The page shows no text.")
    return Document(
        media=kind.media,
        modality="text",
        title=" ".join(page.title.split()),
        encoding=decoded.encoding,
        extracted=True,
        parts=(Part(kind="lines", number=1, text=text),),
    )
