"""Copies a database into one with another key, or none, and compares every row. Called by `app` when a memory is converted."""

from itertools import zip_longest
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as untyped

from assistant.adapters.store.failures import damaged, guarded
from assistant.adapters.store.sqlite_database import REMEDY, STORE, Connection, unlock
from assistant.domain.errors import StorageError
from assistant.domain.secret import Secret

dbapi2: Any = untyped

AUTO_VACUUM_INCREMENTAL = 2
ROWS_AT_ONCE = 500


def convert(source: Path, source_key: Secret | None, target: Path, target_key: Secret | None) -> int:
    """Write `target` anew with what `source` holds and return the number of rows; blocking.

    `source` is read only, its log of writes brought in first. Raises StorageError, and then `target` is worth nothing.
    """
    with guarded(STORE, REMEDY):
        target.touch(mode=0o600)
        raw = dbapi2.connect(str(source), isolation_level=None)
        connection = Connection(raw)
        try:
            if source_key is not None:
                unlock(connection, source_key)
            connection.rows("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.rows("ATTACH ? AS target KEY ?", (str(target), f"x'{target_key.reveal().hex()}'" if target_key else ""))
            connection.rows(f"PRAGMA target.auto_vacuum = {AUTO_VACUUM_INCREMENTAL}")
            connection.rows("SELECT sqlcipher_export('target')")
            return sum(_compared(raw, table) for table in _tables(connection))
        finally:
            connection.close()


def _tables(connection: Connection) -> list[str]:
    """Return the tables of the source, after checking that the copy has the same tables, indexes and triggers."""
    here, there = (
        connection.rows(f"SELECT type, name, tbl_name, sql FROM {place}.sqlite_schema ORDER BY type, name")
        for place in ("main", "target")
    )
    if here != there:
        raise damaged(STORE, "the copy has other tables", REMEDY)
    complaints = connection.rows("PRAGMA target.integrity_check(1)")
    if complaints != [("ok",)]:
        raise damaged(STORE, f"the copy: {complaints[0][0]}", REMEDY)
    return [str(name) for kind, name, _, _ in here if kind == "table"]


def _compared(raw: Any, table: str) -> int:
    """Compare a table with its copy row by row, in the order both were written; return the number of rows."""
    quoted = table.replace('"', '""')
    # Without an index both are read in the order of the table itself, which the copy was filled in.
    here, there = (raw.cursor().execute(f'SELECT * FROM {place}."{quoted}" NOT INDEXED') for place in ("main", "target"))
    counted = 0
    for ours, theirs in zip_longest(
        iter(lambda: here.fetchmany(ROWS_AT_ONCE), []), iter(lambda: there.fetchmany(ROWS_AT_ONCE), [])
    ):
        if ours != theirs:
            raise StorageError(
                f"The copy of the {STORE} differs from it ({table}).",
                kept="The memory is as it was.",
                remedy="Check the drive, and try again.",
            )
        counted += len(ours)
    return counted
