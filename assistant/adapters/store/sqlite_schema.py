"""The tables of the record database as numbered migrations. Applied by `sqlite_database.Database` when it opens."""

from collections.abc import Callable
from typing import NamedTuple

from assistant.adapters.store.sqlite_chain import Statements, chain


class Migration(NamedTuple):
    """One step from the layout before it; `sql`, and then `work`, run in one transaction."""

    number: int
    name: str
    sql: tuple[str, ...]
    work: Callable[[Statements], None] | None = None


MIGRATIONS: tuple[Migration, ...] = (
    Migration(
        1,
        "sources, chunks, journal, vectors, audit",
        (
            """CREATE TABLE roots (path TEXT PRIMARY KEY, project TEXT NOT NULL, added TEXT NOT NULL) WITHOUT ROWID""",
            """CREATE TABLE sources (
                id TEXT PRIMARY KEY, path TEXT NOT NULL, root TEXT NOT NULL, project TEXT NOT NULL, state TEXT NOT NULL,
                reason TEXT NOT NULL, media TEXT NOT NULL, modality TEXT NOT NULL, language TEXT NOT NULL,
                size INTEGER NOT NULL, modified REAL NOT NULL, digest TEXT NOT NULL, quality REAL NOT NULL,
                chunks INTEGER NOT NULL, updated TEXT NOT NULL)""",
            "CREATE INDEX sources_path ON sources (path, id)",
            "CREATE INDEX sources_state ON sources (state)",
            """CREATE TABLE chunks (
                id TEXT PRIMARY KEY, source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
                ordinal INTEGER NOT NULL, part INTEGER NOT NULL, offset INTEGER NOT NULL, text TEXT NOT NULL,
                unit TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, label TEXT NOT NULL,
                line INTEGER NOT NULL, line_end INTEGER NOT NULL, modality TEXT NOT NULL, language TEXT NOT NULL,
                scope TEXT NOT NULL, symbols TEXT NOT NULL, digest TEXT NOT NULL, simhash INTEGER NOT NULL,
                tokens INTEGER NOT NULL)""",
            "CREATE INDEX chunks_source ON chunks (source_id, ordinal, id)",
            "CREATE INDEX chunks_language ON chunks (language, id)",
            """CREATE TABLE journal (
                seq INTEGER PRIMARY KEY AUTOINCREMENT, op TEXT NOT NULL, source_id TEXT NOT NULL, path TEXT NOT NULL,
                digest TEXT NOT NULL, at TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0)""",
            "CREATE INDEX journal_open ON journal (seq) WHERE done = 0",
            "CREATE INDEX journal_source ON journal (source_id)",
            """CREATE TRIGGER journal_keeps BEFORE DELETE ON journal
               BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
            "CREATE TABLE vectors (digest TEXT NOT NULL, model TEXT NOT NULL, vector BLOB NOT NULL)",
            "CREATE UNIQUE INDEX vectors_key ON vectors (digest, model)",
            """CREATE TABLE audit (
                seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, tool TEXT NOT NULL, origin TEXT NOT NULL,
                paths TEXT NOT NULL, writes INTEGER NOT NULL, network INTEGER NOT NULL, decision TEXT NOT NULL,
                rule TEXT NOT NULL, reason TEXT NOT NULL)""",
            """CREATE TRIGGER audit_keeps BEFORE DELETE ON audit
               BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
            """CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
               BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
        ),
    ),
    Migration(
        2,
        "what is sensitive in a chunk",
        ("ALTER TABLE chunks ADD COLUMN sensitive TEXT NOT NULL DEFAULT ''",),
    ),
    Migration(
        3,
        "vector spaces, confirmed questions",
        (
            """CREATE TABLE spaces (
                model TEXT PRIMARY KEY, dimensions INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
                done INTEGER NOT NULL, total INTEGER NOT NULL, recut INTEGER NOT NULL, figures TEXT NOT NULL,
                updated TEXT NOT NULL) WITHOUT ROWID""",
            "CREATE UNIQUE INDEX spaces_one_answers ON spaces (state) WHERE state = 'active'",
            "CREATE TABLE confirmed (id TEXT PRIMARY KEY, question TEXT NOT NULL, language TEXT NOT NULL, at TEXT NOT NULL)",
            """CREATE TABLE confirmed_places (
                case_id TEXT NOT NULL REFERENCES confirmed (id),
                source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
                path TEXT NOT NULL, quote TEXT NOT NULL, line INTEGER, line_end INTEGER, page INTEGER, cell TEXT)""",
            "CREATE INDEX confirmed_places_case ON confirmed_places (case_id)",
            "CREATE INDEX confirmed_places_source ON confirmed_places (source_id)",
            """CREATE TRIGGER confirmed_goes AFTER DELETE ON confirmed_places
               WHEN NOT EXISTS (SELECT 1 FROM confirmed_places WHERE case_id = OLD.case_id)
               BEGIN DELETE FROM confirmed WHERE id = OLD.case_id; END""",
        ),
    ),
    Migration(
        4,
        "watched roots",
        (
            "ALTER TABLE roots ADD COLUMN watched INTEGER NOT NULL DEFAULT 1",
            "ALTER TABLE roots ADD COLUMN device TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE roots ADD COLUMN forgotten TEXT NOT NULL DEFAULT ''",
        ),
    ),
    Migration(
        5,
        "what was looked up",
        (
            """CREATE TABLE recalled (
                seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, origin TEXT NOT NULL, kind TEXT NOT NULL,
                query TEXT NOT NULL)""",
            """CREATE TABLE recalled_sources (
                source_id TEXT NOT NULL, seq INTEGER NOT NULL REFERENCES recalled (seq), PRIMARY KEY (source_id, seq)
                ) WITHOUT ROWID""",
            "CREATE INDEX recalled_sources_seq ON recalled_sources (seq)",
            """CREATE TRIGGER recalled_keeps BEFORE DELETE ON recalled
               BEGIN SELECT RAISE(ABORT, 'the record of recalls is append-only'); END""",
        ),
    ),
    Migration(
        6,
        "what is measured while Mneme runs",
        (
            """CREATE TABLE measured (
                width INTEGER NOT NULL, start INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (width, start)
                ) WITHOUT ROWID""",
            "CREATE TABLE golden_runs (id TEXT PRIMARY KEY, at TEXT NOT NULL, data TEXT NOT NULL)",
            "CREATE TABLE tunings (id TEXT PRIMARY KEY, at TEXT NOT NULL, data TEXT NOT NULL)",
        ),
    ),
    Migration(
        7,
        "small facts",
        ("CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",),
    ),
    Migration(
        8,
        "what was forgotten, by keyed digests",
        (
            """CREATE TABLE tombstones (
                source_id TEXT NOT NULL, kind TEXT NOT NULL, mark TEXT NOT NULL, at TEXT NOT NULL,
                PRIMARY KEY (source_id, kind, mark)) WITHOUT ROWID""",
            "DROP TRIGGER audit_stays",
            """CREATE TRIGGER audit_stays
               BEFORE UPDATE OF seq, at, tool, origin, writes, network, decision, rule, reason ON audit
               BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
        ),
    ),
    Migration(
        9,
        "what ranking needs of a chunk, without its text",
        (
            """CREATE INDEX chunks_traits ON chunks
               (id, source_id, modality, language, digest, simhash, octet_length(text))""",
        ),
    ),
    Migration(
        10,
        "which request a recall belongs to",
        ("ALTER TABLE recalled ADD COLUMN correlation TEXT NOT NULL DEFAULT ''",),
    ),
    Migration(
        11,
        "what was done, standing permissions",
        (
            """CREATE TABLE runs (
                seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, run TEXT NOT NULL, log TEXT NOT NULL,
                erased INTEGER NOT NULL DEFAULT 0)""",
            """CREATE TABLE run_changes (
                run_id TEXT NOT NULL REFERENCES runs (id), n INTEGER NOT NULL, change TEXT NOT NULL,
                applied TEXT NOT NULL DEFAULT '', instead TEXT NOT NULL DEFAULT '', reverted INTEGER NOT NULL DEFAULT 0,
                forgotten INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (run_id, n)) WITHOUT ROWID""",
            """CREATE TABLE grants (
                id TEXT PRIMARY KEY, tool TEXT NOT NULL, scope TEXT NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL,
                expires TEXT NOT NULL, plan TEXT NOT NULL) WITHOUT ROWID""",
        ),
    ),
    Migration(
        12,
        "the audit as a chain",
        (
            "ALTER TABLE audit ADD COLUMN correlation TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT ''",
            "DROP TRIGGER audit_stays",
            """CREATE TRIGGER audit_stays
               BEFORE UPDATE OF seq, at, tool, origin, writes, network, decision, rule, correlation ON audit
               BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
            """CREATE TRIGGER audit_linked BEFORE UPDATE OF hash ON audit WHEN OLD.hash <> ''
               BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
        ),
        chain,
    ),
)
