"""Find a quotation in a text, as near as possible to the cited line. Pure; called by the text and Markdown previews."""

import re
from bisect import bisect_right

from ui.i18n.visible import visible


def shown_text(text: str) -> str:
    """Return a text as the previews show it: every line break is '\\n', what hides in it is visible."""
    return visible(text.replace("\r\n", "\n").replace("\r", "\n"), lines=True)


def utf16(text: str) -> int:
    """Length in UTF-16 units, which is how Qt counts positions in a document."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def line_starts(text: str) -> list[int]:
    """Offsets (code points, 0-based) at which lines begin; lines are split at '\\n' only."""
    return [0, *(found.end() for found in re.finditer("\n", text))]


def find_quote(text: str, quote: str, line: int = 0) -> tuple[int, int] | None:
    """Give (start, end) in code points of the occurrence of `quote` nearest to `line` (0-based), or None.

    Letter for letter first; then with any run of white space standing for any other (a rendered or re-wrapped text).
    """
    wanted = quote.strip()
    if not wanted:
        return None
    spots = [found.span() for found in re.finditer(re.escape(wanted), text)]
    if not spots:
        loose = r"\s+".join(re.escape(word) for word in wanted.split())
        spots = [found.span() for found in re.finditer(loose, text)]
    if not spots:
        return None
    starts = line_starts(text)
    return min(spots, key=lambda spot: abs(bisect_right(starts, spot[0]) - 1 - line))
