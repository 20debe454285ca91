"""The text index over Tantivy: BM25 on stemmed words and split identifiers. Built by `app`, used as SparseIndex."""

import shutil
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import tantivy as untyped

from assistant.adapters.store.lane import Lane
from assistant.adapters.store.sparse_query import attainable, weights
from assistant.adapters.store.sparse_text import LONGEST, VERSION, sound, words
from assistant.adapters.store.tantivy_query import query_tree
from assistant.ports.stores import Scored, SparseQuery, SparseRow

tantivy: Any = untyped

STORE = "text index"
REMEDY = "Nothing is lost: close Mneme, delete the folder `text` in its memory and start again; it is rebuilt from the records."

HEAP_BYTES = 50_000_000
"""Memory of the writer before it starts a segment; one thread, since a second costs as much again and waits for the model."""

ROWS_PER_TURN = 500
"""Rows written before other calls get their turn on the writing thread."""

IDS_PER_TURN = 2000
"""Ids read before a question gets its turn: 4 ms. A million in one go would let it wait for seconds."""


class TantivySparse:
    """The SparseIndex in `folder`, with a writing and a reading thread so that no query waits for a commit.

    Opens on first use or by `open`. Raises StorageError (disk, damage, another layout) and InUseError (another process
    writes to this folder).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writing = Lane(STORE, REMEDY)
        self._reading = Lane(STORE, REMEDY)
        self._schema: Any = None
        self._analyser: Any = None
        self._index: Any = None
        self._writer: Any = None

    async def open(self) -> None:
        """Open or create; later calls do nothing."""
        if self._index is None:
            await self._writing.run(self._open)

    async def upsert(self, rows: Sequence[SparseRow]) -> None:
        """Add or replace rows by chunk id; visible to `search` after `commit`."""
        for start in range(0, len(rows), ROWS_PER_TURN):
            part = rows[start : start + ROWS_PER_TURN]
            await self._writing.run(lambda part=part: self._upsert(part))

    async def delete(self, chunk_ids: Collection[str]) -> None:
        """Remove rows; visible after `commit`; unknown ids are ignored."""
        if chunk_ids:
            await self._writing.run(lambda: self._delete(chunk_ids))

    async def search(self, query: SparseQuery, k: int) -> list[Scored]:
        """Return at most `k` rows with any of the words, best first; scores are BM25, > 0."""
        await self.open()
        return await self._reading.run(lambda: self._search(query, k))

    async def frequencies(self, words: Collection[str]) -> dict[str, int]:
        """Return in how many committed bodies each word stands, by its stem; 0 for unknown ones."""
        await self.open()

        def count() -> dict[str, int]:
            searcher = self._index.searcher()
            return {word: self._frequency(searcher, word) for word in words}

        return await self._reading.run(count)

    async def beginning(self, prefix: str) -> dict[str, int]:
        """Return the stems that begin so with the number of bodies that hold each; for two letters of many words 1 to 10 ms."""
        await self.open()
        return await self._reading.run(lambda: dict(self._index.searcher().terms_with_prefix("body", sound(prefix).lower())))

    async def count(self) -> int:
        """Return the number of committed rows, without listing them."""
        await self.open()
        return int(await self._reading.run(lambda: self._index.searcher().num_docs))

    async def ids(self) -> set[str]:
        """Return every committed chunk id, as one commit left them; questions get their turn in between."""
        await self.open()
        searcher, places = await self._reading.run(self._everything)
        found: set[str] = set()
        for start in range(0, len(places), IDS_PER_TURN):
            part = places[start : start + IDS_PER_TURN]
            found.update(await self._reading.run(lambda part=part: [searcher.doc(place).get_first("id") for place in part]))
        return found

    async def commit(self) -> None:
        """Make everything written so far searchable and durable."""
        await self._writing.run(self._commit)

    async def reset(self) -> None:
        """Throw the index away, damaged or not, and start empty: the first step of a rebuild."""
        await self._reading.run(lambda: None)
        await self._writing.run(self._reset)

    async def close(self) -> None:
        """Commit and release files, threads and locks; safe to call twice."""
        await self._reading.close(lambda: None)
        await self._writing.close(self._close)

    def _open(self) -> None:
        if self._index is not None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        filters = tantivy.Filter
        analyser = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).filter(filters.remove_long(LONGEST * 4))
        for step in (filters.lowercase(), filters.ascii_fold(), filters.stemmer("russian"), filters.stemmer("english")):
            analyser = analyser.filter(step)
        self._analyser = analyser.build()
        self._schema = _schema()
        # The engine refuses a folder whose schema differs, and the analyser's version is part of ours.
        index = tantivy.Index(self._schema, path=str(self._folder), reuse=True)
        index.register_tokenizer(_analyser_name(), self._analyser)
        index.config_reader("manual")
        self._index = index

    def _ready_writer(self) -> Any:
        self._open()
        if self._writer is None:
            # The engine's lock goes with its process, so a killed one never blocks the next.
            self._writer = self._index.writer(heap_size=HEAP_BYTES, num_threads=1)
        return self._writer

    def _upsert(self, rows: Sequence[SparseRow]) -> None:
        # The last of equal ids stands; all documents are made before the first is written, so that odd text changes nothing.
        documents = {row.chunk_id: _document(row) for row in rows}
        writer = self._ready_writer()
        for chunk_id, document in documents.items():
            writer.delete_documents_by_term("id", chunk_id)
            writer.add_document(document)

    def _delete(self, chunk_ids: Collection[str]) -> None:
        writer = self._ready_writer()
        for chunk_id in chunk_ids:
            writer.delete_documents_by_term("id", chunk_id)

    def _commit(self) -> None:
        if self._writer is not None:
            self._writer.commit()
            self._index.reload()

    def _search(self, query: SparseQuery, k: int) -> list[Scored]:
        weighed = weights(query, self._analyser.analyze)
        if not weighed or k < 1:
            return []
        tree = query_tree(self._schema, query, weighed, self._analyser.analyze)
        searcher = self._index.searcher()
        hits = searcher.search(tree, limit=k, count=False).hits
        most = attainable(weighed, searcher.num_docs, lambda key: searcher.doc_freq(*key))
        return [
            Scored(searcher.doc(place).get_first("id"), float(score), min(1.0, float(score) / most))
            for score, place in hits
            if score > 0
        ]

    def _frequency(self, searcher: Any, word: str) -> int:
        # A word of several parts is held where its whole is: the parts are words of their own.
        stems = [stem for whole in words(sound(word))[:1] for stem in self._analyser.analyze(whole)]
        return min((searcher.doc_freq("body", stem) for stem in stems), default=0)

    def _everything(self) -> tuple[Any, list[Any]]:
        searcher = self._index.searcher()
        if not searcher.num_docs:
            return searcher, []
        hits = searcher.search(tantivy.Query.all_query(), limit=searcher.num_docs, count=False).hits
        return searcher, [place for _, place in hits]

    def _reset(self) -> None:
        self._index = self._writer = None
        if self._folder.is_dir():
            shutil.rmtree(self._folder)
        else:
            self._folder.unlink(missing_ok=True)
        self._open()

    def _close(self) -> None:
        writer, self._writer = self._writer, None
        try:
            if writer is not None:
                writer.commit()
                writer.wait_merging_threads()
        finally:
            self._index = None


def _analyser_name() -> str:
    return f"words{VERSION}"


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("source", "modality", "language"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    # Places of words in the body alone, for phrases: 85 bytes a chunk, and no slower to write or to search.
    for name, option in (("body", "position"), ("symbols", "freq"), ("path", "freq")):
        builder.add_text_field(name, tokenizer_name=_analyser_name(), index_option=option)
    return builder.build()


def _document(row: SparseRow) -> Any:
    document = tantivy.Document()
    document.add_text("id", row.chunk_id)
    document.add_text("source", row.source_id)
    document.add_text("modality", row.modality)
    document.add_text("language", row.language)
    for name, text in (("body", row.body), ("symbols", row.symbols), ("path", row.path)):
        document.add_text(name, " ".join(words(sound(text))))
    return document
