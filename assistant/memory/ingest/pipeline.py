"""Reads one source and cuts it into chunks. Called by the service for every queued source."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from datetime import datetime

from assistant.domain.document import Chunk, Document, Source, SourceState
from assistant.domain.errors import UnsteadyFileError
from assistant.domain.left_out import NOTHING_LEFT, blanked, found, without
from assistant.memory.ingest.sensitive import marked
from assistant.memory.store import Prepared
from assistant.ports.content import FileWalker, Reader

Cutter = Callable[[Document, str], list[Chunk]]
"""Cuts a document of the source with this id; pure, runs on the executor."""

Rules = Callable[[str], Awaitable[tuple[frozenset[str], bytes]]]
"""Tells by the id of a source which marks of forgotten text stay out of it, and their key."""

DATA_LANGUAGES = frozenset({"json", "yaml", "toml", "csv", "tsv", "xml", "ini"})


class Pipeline:
    """Known content is not read again; a file that changes under the reader is read once more."""

    def __init__(self, reader: Reader, walker: FileWalker, cut: Cutter, executor: Executor, now: Callable[[], datetime]) -> None:
        self._reader = reader
        self._walker = walker
        self._cut = cut
        self._executor = executor
        self._now = now
        self._rules: Rules = _no_rules

    def keep_out(self, rules: Rules) -> None:
        """Leave out what these rules name from now on."""
        self._rules = rules

    def cut_with(self, cut: Cutter) -> None:
        """Cut another way from now on: another model reads other lengths."""
        self._cut = cut

    async def prepare(self, source: Source) -> Prepared | None:
        """Return the source with its chunks, or None when its content is already in memory; raises ReadError.

        The size and time recorded are those the file had when it was read.
        """
        if source.chunks and await self._walker.digest(source.path) == source.digest:
            return None
        document = await self._steady(source.path) or await self._steady(source.path)
        if document is None:
            raise UnsteadyFileError(
                "The file keeps changing while it is read.",
                kept="What was remembered of it before is kept.",
                remedy="Add it again once it is no longer written to.",
            )
        loop = asyncio.get_running_loop()
        rules = await self._rules(source.id)
        chunks = await loop.run_in_executor(self._executor, self._chunks, document, source.id, *rules)
        warnings = document.warnings if chunks is not None else (NOTHING_LEFT,)
        chunks = chunks or []
        read = source.model_copy(
            update={
                "state": SourceState.READING,
                "media": document.media,
                "modality": document.modality,
                "language": document.language,
                "digest": document.digest,
                "size": document.size,
                "modified": document.modified,
                "quality": quality(document),
                "chunks": len(chunks),
                "reason": "; ".join(warnings),
                "updated": self._now(),
            }
        )
        return Prepared(read, tuple(chunks))

    async def _steady(self, path: str) -> Document | None:
        """Read a file; None when it is no longer what was read. Its digest is the reader's own: every look at a file costs
        a hop between threads, and of small files there are hundreds in a second."""
        document = await self._reader.read(path)
        look = await self._walker.stat(path)
        same = look is not None and (look.size, look.modified) == (document.size, document.modified)
        return document if same else None

    def _chunks(self, document: Document, source_id: str, marks: frozenset[str], key: bytes) -> list[Chunk] | None:
        """Cut and mark a document; None when all of it was forgotten."""
        places = found(document, marks, key)
        if not places:
            return marked(document, self._cut(document, source_id))
        gone = "\n".join(document.parts[part].text[start:end] for part, spans in places.items() for start, end in spans)
        clear = blanked(document, places)
        return without(marked(clear, self._cut(clear, source_id)), places, gone) or None


async def _no_rules(_source_id: str) -> tuple[frozenset[str], bytes]:
    return frozenset(), b""


def quality(document: Document) -> float:
    """Rate a source in 0..1: what people wrote counts 1, what was extracted with losses 0.8, bare data 0.6."""
    if document.language in DATA_LANGUAGES:
        return 0.6
    return 0.8 if document.warnings else 1.0
