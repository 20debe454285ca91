"""What was done, in the record database: runs, and one row for each of their changes. Built by `app`, used as RunStore."""

from collections.abc import Sequence
from typing import NamedTuple

from assistant.adapters.store.sqlite_database import Connection, Database
from assistant.domain.base import Value
from assistant.domain.change import Applied, Change, Stamp
from assistant.domain.erasure import Doomed, digests, erased, is_forgotten, wordless
from assistant.domain.plan import Run, RunLog

_BEGIN = """INSERT INTO runs (id, run, log) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET run = excluded.run, log = excluded.log, erased = 0"""
_PLANNED = "INSERT INTO run_changes (run_id, n, change) VALUES (?, ?, ?)"
# The change that happened is kept beside the planned one only where it is another; what was forgotten takes no mark.
_MARK = """INSERT INTO run_changes (run_id, n, change, applied, instead) VALUES (?, ?, '', ?, ?)
    ON CONFLICT (run_id, n) DO UPDATE SET applied = excluded.applied, reverted = 0,
        instead = CASE WHEN change = excluded.instead THEN '' ELSE excluded.instead END
    WHERE forgotten = 0"""
_REVERT = "UPDATE run_changes SET reverted = 1 WHERE run_id = ? AND n = ? AND applied <> ''"
_BLOBS = """SELECT json_extract(change, '$.blob') FROM run_changes WHERE change <> ''
    UNION SELECT json_extract(applied, '$.blob') FROM run_changes WHERE applied <> ''
    UNION SELECT json_extract(instead, '$.blob') FROM run_changes WHERE instead <> ''"""


class _Row(NamedTuple):
    n: int
    change: str
    applied: str
    instead: str
    reverted: int
    forgotten: int


class _Done(Value):
    """What stands in the column `applied`: an Applied without its number and its change."""

    after: Stamp | None = None
    trash: str = ""
    blob: str = ""


class SqliteRuns:
    """The RunStore over the record database. Raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, run: Run, log: RunLog) -> None:
        """Write down what is about to happen; on disk when this returns."""

        def work(connection: Connection) -> None:
            connection.rows(_BEGIN, (run.id, _json(run), _frame(log)))
            connection.rows("DELETE FROM run_changes WHERE run_id = ?", (run.id,))
            connection.many(_PLANNED, [(run.id, n, _json(change)) for n, change in enumerate(log.preview.changes)])
            _mark(connection, run.id, log.applied, log.reverted)

        await self._database.write(work, durable=True)

    async def mark(self, run_id: str, applied: Sequence[Applied] = (), reverted: Sequence[int] = ()) -> None:
        """Add changes that happened (in place of earlier ones of their number) and numbers of those taken back."""
        if applied or reverted:
            await self._database.write(lambda connection: _mark(connection, run_id, applied, reverted))

    async def save(self, run: Run, *, durable: bool = True) -> None:
        """Replace the state of a run."""

        def work(connection: Connection) -> None:
            erased_before = connection.rows("SELECT erased FROM runs WHERE id = ?", (run.id,))
            if erased_before:
                kept = wordless(run) if erased_before[0][0] else run
                connection.rows("UPDATE runs SET run = ? WHERE id = ?", (_json(kept), run.id))

        await self._database.write(work, durable=durable)

    async def get(self, run_id: str) -> tuple[Run, RunLog] | None:
        """Return a run with its log."""
        return await self._database.read(lambda connection: _whole(connection, run_id))

    async def all(self, before: str = "", limit: int = 100) -> list[Run]:
        """List runs, newest first, those begun before the run `before`."""
        sql = "SELECT run FROM runs WHERE ? = '' OR seq < (SELECT seq FROM runs WHERE id = ?) ORDER BY seq DESC LIMIT ?"
        values = (before, before, max(0, limit))
        return await self._database.read(lambda c: [Run.model_validate_json(row[0]) for row in c.rows(sql, values)])

    async def forget(self, paths: Sequence[str]) -> set[str]:
        """Take everything about these paths, and those below them, out of all runs, which can then no longer undo it.

        Return the digests of contents that no run needs any more.
        """
        doomed = Doomed(paths)

        def work(connection: Connection) -> set[str]:
            freed: set[str] = set()
            # Newest first: a file that a run moved is known to earlier runs under its former name.
            for (run_id,) in connection.rows("SELECT id FROM runs ORDER BY seq DESC"):
                freed |= _erase(connection, str(run_id), doomed)
            if freed:
                freed -= {str(row[0]) for row in connection.rows(_BLOBS)}
            return freed

        return await self._database.write(work, durable=True) if paths else set()


def _mark(connection: Connection, run_id: str, applied: Sequence[Applied], reverted: Sequence[int]) -> None:
    connection.many(_MARK, [(run_id, done.n, _applied(done), _json(done.change)) for done in applied])
    connection.many(_REVERT, [(run_id, n) for n in reverted])


def _whole(connection: Connection, run_id: str) -> tuple[Run, RunLog] | None:
    held = connection.rows("SELECT run, log FROM runs WHERE id = ?", (run_id,))
    if not held:
        return None
    rows = _rows(connection, run_id)
    frame = RunLog.model_validate_json(held[0][1])
    planned = tuple(Change.model_validate_json(row.change) for row in rows if row.change)
    log = RunLog(
        preview=frame.preview.model_copy(update={"changes": planned}),
        applied=tuple(_done(row) for row in rows if row.applied),
        reverted=tuple(row.n for row in rows if row.reverted),
        times=frame.times,
    )
    return Run.model_validate_json(held[0][0]), log


def _erase(connection: Connection, run_id: str, doomed: Doomed) -> set[str]:
    """Erase in one run; return the digests that it named and names no more."""
    if not _concerned(connection, run_id, doomed):
        return set()
    whole = _whole(connection, run_id)
    left = erased(*whole, doomed) if whole else None
    if whole is None or left is None:
        return set()
    run, log = left
    connection.rows("UPDATE runs SET run = ?, log = ?, erased = 1 WHERE id = ?", (_json(run), _frame(log), run_id))
    before, after = _by_number(whole[1]), _by_number(log)
    sql = """UPDATE run_changes SET change = ?, applied = ?, instead = ?, reverted = ?, forgotten = ?
        WHERE run_id = ? AND n = ?"""
    for n, held_before in before.items():
        change, done = after.get(n, (None, None))
        if (change, done) == held_before:
            continue
        gone = (done is None and held_before[1] is not None) or (change is not None and is_forgotten(change))
        instead = _json(done.change) if done and done.change != change else ""
        held = (_json(change) if change else "", _applied(done) if done else "", instead)
        connection.rows(sql, (*held, int(n in log.reverted), int(gone), run_id, n))
    return digests(whole[1]) - digests(log)


def _by_number(log: RunLog) -> dict[int, tuple[Change | None, Applied | None]]:
    planned, applied = dict(enumerate(log.preview.changes)), {done.n: done for done in log.applied}
    return {n: (planned.get(n), applied.get(n)) for n in sorted({*planned, *applied})}


def _concerned(connection: Connection, run_id: str, doomed: Doomed) -> bool:
    """Look at the names alone: most runs have nothing to do with what is forgotten, and need not be read wholly."""
    names = "SELECT json_extract({0}, '$.path'), json_extract({0}, '$.to') FROM run_changes WHERE run_id = ? AND {0} <> ''"
    for column in ("change", "instead"):
        for path, to in connection.rows(names.format(column), (run_id,)):
            if doomed.concerns(path) or doomed.concerns(to or ""):
                return True
    run = connection.rows("SELECT run FROM runs WHERE id = ?", (run_id,))[0][0]
    return doomed.named_in_run(Run.model_validate_json(run))


def _rows(connection: Connection, run_id: str) -> list[_Row]:
    sql = "SELECT n, change, applied, instead, reverted, forgotten FROM run_changes WHERE run_id = ? ORDER BY n"
    return [_Row(*row) for row in connection.rows(sql, (run_id,))]


def _done(row: _Row) -> Applied:
    done = _Done.model_validate_json(row.applied)
    change = Change.model_validate_json(row.instead or row.change)
    return Applied(n=row.n, change=change, after=done.after, trash=done.trash, blob=done.blob)


def _applied(done: Applied) -> str:
    return done.model_dump_json(exclude={"n", "change"}, exclude_defaults=True)


def _frame(log: RunLog) -> str:
    """Return a log without what stands in rows of its own."""
    return log.model_dump_json(exclude={"applied": True, "reverted": True, "preview": {"changes"}})


def _json(value: Value) -> str:
    return value.model_dump_json(exclude_defaults=True)
