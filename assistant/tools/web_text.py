"""HTML as tokens, and as clean HTML: what shows, without scripts or anything fetched. Pure, linear; used by commands.

The standard library's parser takes minutes for some 200 KB of broken tags, so this one looks at every character once.
"""

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

DEEPEST = 60
"""Elements within each other; the marks of deeper ones are left out, their text stays."""
_LONGEST_TAG = 8192

_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]{0,40}+)")
_REST = re.compile(r"(?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+>")
_ATTRIBUTE = re.compile(r"([A-Za-z][\w:-]*+)\s*+(?:=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++)))?+")
_REFERENCE = re.compile(r"&#?\w{1,32}+;?")
_RAW = frozenset({"script", "style", "textarea", "title", "iframe", "noscript", "noembed", "noframes", "xmp", "template"})
_UNSEEN = frozenset({"head", "svg", "math", "object", "applet", "canvas", "audio", "video", "select", "frameset"})
_VOID = frozenset({"br", "hr", "img"})
_BLOCKS = frozenset({"p", "ul", "ol", "dl", "blockquote", "pre", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "div"})
_PARTS = frozenset({"li", "dt", "dd", "thead", "tbody", "tfoot", "tr", "th", "td", "caption"})
_WORDS = frozenset({"em", "i", "strong", "b", "code", "del", "s", "sub", "sup", "a"})
_KNOWN = _BLOCKS | _PARTS | _WORDS | _VOID
_AS_DIV = frozenset({"section", "article", "main", "header", "footer", "nav", "aside", "figure", "form", "address", "details"})
_ENDS = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "tr": (frozenset({"tr"}), frozenset({"table"})),
    **{name: (frozenset({"thead", "tbody", "tfoot"}), frozenset({"table"})) for name in ("thead", "tbody", "tfoot")},
}
"""What an opening tag ends, and within what it looks for it."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[\\/]{2}")
_ALLOWED = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
_NO_ADDRESS = re.compile(r"[\s\x00-\x1f\x7f<>\"'()\[\]\\`]")


class Tag(NamedTuple):
    """An opening or closing tag: its name in small letters, and its attributes with references resolved."""

    name: str
    closes: bool
    attributes: dict[str, str]


def tokens(text: str) -> Iterator[str | Tag]:
    """Yield the texts and tags of a page in order; comments, scripts and what is hidden in raw elements are left out."""
    at = 0
    while at < len(text):
        less = text.find("<", at)
        if less < 0:
            yield unescaped(text[at:])
            return
        if less > at:
            yield unescaped(text[at:less])
        named = _NAME.match(text, less)
        if named is None:
            at = _behind_mark(text, less)
            if at == less + 1:
                yield "<"
            continue
        name, closes = named.group(1).lower(), text[less + 1] == "/"
        rest = _REST.match(text, named.end(), min(len(text), less + _LONGEST_TAG))
        end = rest.end() if rest else text.find(">", named.end()) + 1
        if not end:
            return
        yield Tag(name, closes, {} if closes or rest is None else _attributes(rest.group()[:-1]))
        at = end
        if name in _RAW and not closes:
            close = re.compile(f"</{name}(?=[\\s/>])", re.IGNORECASE).search(text, end)
            at = close.start() if close else len(text)


def unescaped(text: str) -> str:
    """Return a text with its character references resolved."""
    return _REFERENCE.sub(lambda found: html.unescape(found.group()), text)


def cleaned(text: str) -> str:
    """Return a page as well-formed HTML of plain elements. Links keep web, mail and relative addresses; images of elsewhere
    become links, so that nothing is fetched by whoever shows it.
    """
    out = _Clean()
    for token in tokens(text):
        if isinstance(token, str):
            out.text(token)
        else:
            out.tag(token)
    return out.done()


class _Clean:
    """Writes balanced tags."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._open: list[str] = []
        self._unseen: list[str] = []

    def text(self, text: str) -> None:
        if not self._unseen:
            self._out.append(html.escape(text, quote=False))

    def tag(self, tag: Tag) -> None:
        name = "div" if tag.name in _AS_DIV else tag.name
        if name in ("body", "html"):  # a head that was not closed hides no body
            self._unseen.clear()
        elif name in _UNSEEN:
            self._hide(name, closes=tag.closes)
        elif self._unseen or name not in _KNOWN:
            return
        elif tag.closes:
            self._close(name)
        elif name == "img":
            self._image(tag)
        else:
            self._opened(name, tag)

    def done(self) -> str:
        self._out += [f"</{name}>" for name in reversed(self._open)]
        return "".join(self._out)

    def _hide(self, name: str, *, closes: bool) -> None:
        if not closes and len(self._unseen) < DEEPEST:
            self._unseen.append(name)
        elif closes and name in self._unseen:
            del self._unseen[self._unseen.index(name) :]

    def _opened(self, name: str, tag: Tag) -> None:
        if name in _BLOCKS and self._open[-1:] == ["p"]:
            self._close("p")
        if name in _ENDS:
            self._end(*_ENDS[name])
        if name in _VOID:
            self._out.append(f"<{name}>")
            return
        if len(self._open) >= DEEPEST:
            return
        self._open.append(name)
        kept = ""
        if name == "a":
            kept = address(tag.attributes.get("href", ""))
            kept = f' href="{html.escape(kept)}"' if kept else ""
        elif name == "ol" and tag.attributes.get("start", "").isdecimal():
            kept = f' start="{int(tag.attributes["start"][:6])}"'
        self._out.append(f"<{name}{kept}>")

    def _image(self, tag: Tag) -> None:
        source, said = address(tag.attributes.get("src", "")), tag.attributes.get("alt", "").strip()
        if source and not _SCHEME.match(source):
            self._out.append(f'<img src="{html.escape(source)}" alt="{html.escape(said)}">')
        elif source and "a" not in self._open:
            self._out.append(f'<a href="{html.escape(source)}">{html.escape(said or source)}</a>')
        else:
            self._out.append(html.escape(said))

    def _end(self, ends: frozenset[str], within: frozenset[str]) -> None:
        for n in range(len(self._open) - 1, -1, -1):
            if self._open[n] in within:
                return
            if self._open[n] in ends:
                self._close(self._open[n])
                return

    def _close(self, name: str) -> None:
        """Close an element with all that is open in it; words do not reach out of a cell."""
        for n in range(len(self._open) - 1, -1, -1):
            if self._open[n] == name:
                self._out += [f"</{one}>" for one in reversed(self._open[n:])]
                del self._open[n:]
                return
            if self._open[n] in ("td", "th") and name not in _PARTS and name != "table":
                return


def address(text: str) -> str:
    """Return an address as it may stand in HTML and in Markdown; "" for one that is no web, mail or relative address."""
    plain = text.strip()
    if _SCHEME.match(plain) and not _ALLOWED.match(plain):
        plain = f"https:{plain}" if plain.startswith("//") else ""
    return _NO_ADDRESS.sub(lambda found: f"%{ord(found.group()):02X}", plain)


def _behind_mark(text: str, at: int) -> int:
    """Return where a comment, a declaration or a closing tag without a name ends; one further where none begins."""
    if text.startswith("<!--", at):
        end = text.find("-->", at + 4)
        return end + 3 if end >= 0 else len(text)
    if text.startswith(("<!", "<?", "</"), at):
        end = text.find(">", at)
        return end + 1 if end >= 0 else len(text)
    return at + 1


def _attributes(rest: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(rest):
        value = next((one for one in match.groups()[1:] if one is not None), "")
        found.setdefault(match.group(1).lower(), unescaped(value))
    return found
