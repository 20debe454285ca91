"""Plays adding, editing, forgetting, copying and restoring over the real command line, undisturbed or killed again and again."""

import asyncio
import os
import random
import shutil
import signal
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as untyped

from assistant.adapters.store.edge_dense import EdgeDense
from assistant.adapters.store.tantivy_sparse import TantivySparse
from tests.bench.invented import Prose
from tests.flows.cli import LIMIT_S, Mneme

dbapi2: Any = untyped

EPOCH = 1_700_000_000
MOMENTS = (
    "SELECT count(*) FROM journal",
    "SELECT count(*) FROM chunks",
    "SELECT count(*) FROM sources WHERE state = 'searchable'",
    "SELECT count(*) FROM vectors",
    "SELECT count(*) FROM sources WHERE state = 'ready'",
)
RECORDS = (
    "SELECT id, path, state, reason, media, modality, language, size, modified, digest, quality, chunks FROM sources ORDER BY id",
    "SELECT * FROM chunks ORDER BY id",
    "SELECT path, project FROM roots ORDER BY path",
    "SELECT count(*) FROM journal WHERE done = 0",
    "SELECT digest, model, vector FROM vectors ORDER BY digest, model",
)

UNCOUNTED = ("backup", "restore")
"""Commands that change no table by a row here and a row there."""

Step = tuple[Callable[[], None], tuple[str, ...]]


class Files:
    """A folder of English and Russian files that changes in steps, the same for the same seed, times of change included."""

    def __init__(self, place: Path, files: int, words: int, seed: int) -> None:
        self.place = place
        self._count = files
        self._words = words
        self._seed = seed
        self._other = Prose(seed + 2)
        self.gone = self._file(files // 2)
        prose = Prose(seed)
        self._texts = [
            prose.document(words) if number % 3 else f"# Заметка {number}\n\nНасос {number} стоит у скважины.\n"
            for number in range(files)
        ]

    def begin(self) -> None:
        """Write all files anew."""
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir(parents=True)
        for number, text in enumerate(self._texts):
            self._put(self._file(number), text)

    def churn(self, chance: random.Random) -> None:
        """Change a random quarter of the files: the last step undoes it."""
        for number in chance.sample(range(self._count), max(1, self._count // 4)):
            self._change(number, self._other)

    def settle(self) -> None:
        """Write what every run ends with: of the files that are left each third changed, the others as they began."""
        prose = Prose(self._seed + 1)
        for number, text in enumerate(self._texts):
            self._change(number, None if number % 3 == 1 else prose, text)

    def remove(self) -> None:
        """Take one file away for good."""
        self.gone.unlink(missing_ok=True)

    def steps(self) -> list[Step]:
        """Return what happens, in order: a change of the files, and the command that follows it."""
        add = ("add", str(self.place))
        keep: list[Step] = [(_nothing, ("backup",)), (_nothing, ("restore",))]
        return [(self.begin, add), (self.remove, ("forget", str(self.gone))), (self.settle, add), *keep]

    def _change(self, number: int, prose: Prose | None, text: str = "") -> None:
        """Write one file, unless it was taken away."""
        file = self._file(number)
        if file.exists():
            self._put(file, prose.document(self._words) if prose else text)

    def _file(self, number: int) -> Path:
        return self.place / f"{number:03}.md"

    def _put(self, file: Path, text: str) -> None:
        """Write a file with a time of change that depends on its text alone."""
        file.write_text(text, "utf-8")
        when = EPOCH + zlib.crc32(text.encode()) % 10_000_000
        os.utime(file, (when, when))


def _nothing() -> None:
    """Leave the files as they are."""


@dataclass
class Toll:
    """Where the kills fell: how long after the start of a process, and during which command."""

    kills: int = 0
    by_rows: int = 0
    by_command: dict[str, int] = field(default_factory=dict[str, int])


def undisturbed(mneme: Mneme, files: Files) -> dict[str, float]:
    """Play the scenario; return how long each command took at most, in seconds."""
    longest: dict[str, float] = {}
    for change, command in files.steps():
        change()
        began = time.monotonic()
        done = mneme(*command)
        assert done.code == 0, done.stderr
        longest[command[0]] = max(longest.get(command[0], 0.0), time.monotonic() - began)
    return longest


def killed(mneme: Mneme, files: Files, kills: int, chance: random.Random, longest: dict[str, float]) -> Toll:
    """Play the scenario, killing the commands `kills` times in all; before each new try some files change, so that there is work.

    Half of the kills fall at a random time after the start (which meets start-up, repairs and optimisation), half where a
    table has changed by a random number of rows.
    """
    toll = Toll()
    steps = files.steps()
    for place, (change, command) in enumerate(steps):
        change()
        due = kills * (place + 1) // len(steps)
        while toll.kills < due:
            _kill_once(mneme, command, chance, longest[command[0]], toll)
            if command[0] == "add":
                files.churn(chance)
        change()
        mneme(*command)  # a forgetting that an earlier start has finished finds nothing, and says so by its code
    return toll


def _kill_once(mneme: Mneme, command: tuple[str, ...], chance: random.Random, longest: float, toll: Toll) -> None:
    """Start a command and kill it; one that is done before its moment came does not count."""
    by_time = command[0] in UNCOUNTED or chance.random() < 0.5
    after = chance.uniform(0.0, longest)
    reached = _moment(mneme, chance)
    running = mneme.start(*command)
    until = time.monotonic() + after
    while running.poll() is None and not (time.monotonic() > until if by_time else reached()):
        time.sleep(0.02)
    if running.poll() is None:
        os.killpg(running.pid, signal.SIGKILL)
        toll.kills += 1
        toll.by_rows += not by_time
        toll.by_command[command[0]] = toll.by_command.get(command[0], 0) + 1
    running.communicate(timeout=LIMIT_S)


def _moment(mneme: Mneme, chance: random.Random) -> Callable[[], bool]:
    """Return a test of whether some table has changed by a random number of rows since now."""
    sql, more = chance.choice(MOMENTS), chance.randint(1, 10)
    before = _look(mneme, sql)
    return lambda: abs(_look(mneme, sql) - before) >= more


def _look(mneme: Mneme, sql: str) -> int:
    """Count rows beside the process that writes; 0 while there is nothing to count."""
    try:
        return int(rows(mneme, sql)[0][0])
    except dbapi2.Error:
        return 0


def rows(mneme: Mneme, sql: str) -> list[tuple[Any, ...]]:
    """Read from the record database beside whoever writes it."""
    connection = dbapi2.connect(f"file:{memory(mneme)}/records.db?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def held(mneme: Mneme) -> dict[str, object]:
    """Everything a memory holds but for times of writing."""
    return {**{sql: rows(mneme, sql) for sql in RECORDS}, **asyncio.run(_indexed(mneme))}


async def _indexed(mneme: Mneme) -> dict[str, object]:
    sparse = TantivySparse(memory(mneme) / "text")
    (vectors,) = [place for place in (memory(mneme) / "vectors").iterdir() if ".damaged-" not in place.name]
    (model,) = {str(row[0]) for row in rows(mneme, "SELECT DISTINCT model FROM vectors")}
    dense = EdgeDense(vectors, 384, model=model)
    try:
        return {"text rows": await sparse.ids(), "vectors": await dense.ids()}
    finally:
        await sparse.close()
        await dense.close()


def memory(mneme: Mneme) -> Path:
    """Return the folder of the memory itself."""
    return mneme.home / "data" / "memory"
