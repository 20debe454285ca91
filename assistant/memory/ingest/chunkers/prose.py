"""Cuts prose by headings and paragraphs; also the body of pages and of Markdown cells."""

from assistant.memory.ingest.chunkers.markup import sections
from assistant.memory.ingest.chunkers.packing import pack
from assistant.memory.ingest.chunkers.pieces import Block, Cut


class ProseOutline:
    """The sections of a text; first `blocks` are measured, then `cuts` packs them section by section."""

    def __init__(self, text: str, media: str, scope: str = "") -> None:
        """Take the text, the media type whose marks make headings, and a scope above all of them (a page's label)."""
        self._sections = sections(text, media)
        self._scope = scope

    def blocks(self) -> list[Block]:
        """Return the blocks to be measured."""
        return [block for section in self._sections for block in section.blocks]

    def cuts(self, limit: int, overlap: int) -> list[Cut]:
        """Return cuts of at most `limit` tokens; neighbours of one section share up to `overlap` tokens of sentences."""
        found: list[Cut] = []
        for section in self._sections:
            scope = " > ".join(name for name in (self._scope, *section.path) if name)
            for cut in pack(section.blocks, limit, overlap):
                cut.scope = scope
                found.append(cut)
        return found
