"""Checks citations against the files as they are now. Called by the conversation before anything is shown."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.answer import Citation, Claim
from assistant.domain.document import Document, Part, Source, SourceState
from assistant.domain.errors import NotRememberedError, ReadError
from assistant.domain.lines import line_of, line_range, line_starts
from assistant.memory.service import Memory
from assistant.ports.content import FileWalker, Reader


@dataclass(frozen=True, slots=True)
class Checked:
    """Claims whose quotes stand in the files now, their citations renumbered, and the paths that changed since."""

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    changed: tuple[str, ...]


class SourceCheck:
    """Compares the digest of every cited file; one that changed is read again and its quotes are looked for anew."""

    def __init__(self, memory: Memory, reader: Reader, walker: FileWalker) -> None:
        self._memory = memory
        self._reader = reader
        self._walker = walker

    async def check(self, claims: Sequence[Claim], citations: Sequence[Citation]) -> Checked:
        """Drop every citation whose quote no longer stands in its file, and every claim left without one."""
        current = await self.mark(citations)
        kept = [citation for citation in current if citation.quote]
        number = {citation.n: at for at, citation in enumerate(kept, 1)}
        proved = [Claim(text=claim.text, citations=tuple(number[n] for n in claim.citations if n in number)) for claim in claims]
        return Checked(
            claims=tuple(claim for claim in proved if claim.citations),
            citations=tuple(citation.model_copy(update={"n": number[citation.n]}) for citation in kept),
            changed=tuple(sorted({citation.path for citation in current if citation.state != "verified"})),
        )

    async def mark(self, citations: Sequence[Citation]) -> list[Citation]:
        """Return the citations with their states; one whose quote is gone comes back with an empty quote."""
        paths = list({citation.path for citation in citations})
        files = dict(zip(paths, await asyncio.gather(*(self._look(path) for path in paths)), strict=True))
        return [_placed(citation, files[citation.path]) for citation in citations]

    async def _look(self, path: str) -> Document | str | None:
        """Return None when the file is as remembered, its new text when it changed, "" when it is gone."""
        try:
            source = await self._memory.source(path)
            digest = await self._walker.digest(path)
        except (NotRememberedError, ReadError):
            return ""
        if digest == source.digest:
            return None
        await self._outdated(source)
        try:
            return await self._reader.read(path)
        except ReadError:
            return ""

    async def _outdated(self, source: Source) -> None:
        if source.state is SourceState.READY:
            await self._memory.mark(source, SourceState.NEEDS_UPDATE, "changed since it was read; add it again")


def _placed(citation: Citation, now: Document | str | None) -> Citation:
    if now is None:
        return citation
    if isinstance(now, str):
        return citation.model_copy(update={"state": "source missing", "quote": ""})
    for part in _cited(now, citation):
        at = part.text.find(citation.quote)
        if at < 0:
            continue
        starts = line_starts(part.text)
        places = [at]
        while (at := part.text.find(citation.quote, at + 1)) >= 0:
            places.append(at)
        nearest = min(places, key=lambda place: abs(line_of(starts, place) - (citation.line or 1)))
        line, line_end = line_range(starts, nearest, nearest + len(citation.quote))
        moved = {"line": line, "line_end": line_end} if citation.line else {}
        return citation.model_copy(update={"state": "source changed", **moved})
    return citation.model_copy(update={"state": "source changed", "quote": ""})


def _cited(document: Document, citation: Citation) -> list[Part]:
    """Return the parts that a citation may still point into: its page, its cell or sheet, else all of them."""
    if citation.page is not None:
        return [part for part in document.parts if part.number == citation.page]
    if citation.cell is None:
        return list(document.parts)
    label, _, place = citation.cell.rpartition(" ")
    number = place.partition("-")[0]
    return [part for part in document.parts if part.label == label or (part.kind == "cell" and str(part.number) == number)]
