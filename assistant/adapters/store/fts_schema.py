"""The tables of the SQLite text index, and its own score. Used by `fts_sparse`."""

from assistant.adapters.store.sparse_query import TEXT_BOOSTS
from assistant.adapters.store.sparse_text import VERSION
from assistant.adapters.store.sqlite_schema import Migration

FIELDS = ("body", "symbols", "path")

MIGRATIONS: tuple[Migration, ...] = (
    Migration(
        1,
        "rows and their words",
        (
            # The stems are kept beside the index: it needs them to take a row out again, and ranking counts in them.
            """CREATE TABLE rows (
                id INTEGER PRIMARY KEY, chunk TEXT NOT NULL UNIQUE, source TEXT NOT NULL, modality TEXT NOT NULL,
                language TEXT NOT NULL, body TEXT NOT NULL, symbols TEXT NOT NULL, path TEXT NOT NULL)""",
            "CREATE TABLE sums (field TEXT PRIMARY KEY, words INTEGER NOT NULL) WITHOUT ROWID",
            "INSERT INTO sums VALUES ('rows', 0), ('body', 0), ('symbols', 0), ('path', 0)",
            # Stems come separated by blanks, and this tokenizer takes every other character of theirs as it is.
            """CREATE VIRTUAL TABLE words USING fts5(
                body, symbols, path, content='rows', content_rowid='id', tokenize="ascii tokenchars '._'")""",
            # Postings of a deleted row leave the file at once instead of at some later merge.
            "INSERT INTO words (words, rank) VALUES ('secure-delete', 1)",
            "CREATE VIRTUAL TABLE held USING fts5vocab(words, col)",
            f"CREATE TABLE analyser AS SELECT {VERSION} AS version",
        ),
    ),
)

NATIVE = "bm25(words, {}, {}, {})".format(*(TEXT_BOOSTS[field] for field in FIELDS))
"""The engine's own score, less than 0 and best first: it has no weight for each word, so it only chooses candidates."""
