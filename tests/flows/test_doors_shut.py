"""With a policy that denies everything no command of the command line changes anything: each one that acts ends with 4.

A command that is not in the table fails the test: every door is either shut by the policy or named as one that only tells.
"""

import asyncio
import io
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import click
import pytest

from assistant.adapters.store.sqlite_audit import SqliteAudit
from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_grants import SqliteGrants
from assistant.adapters.store.sqlite_runs import SqliteRuns
from assistant.app.holding import LOCK
from assistant.app.lifecycle import SEAL
from assistant.cli.main import cli, main
from assistant.domain.plan import AuditRecord, Decision, Grant

T = TypeVar("T")

NOTHING = """
[[rule]]
name = "nothing at all"
tool = "*.*"
origin = ["*"]
decision = "deny"
reason = "not today"
"""
DENIED = 4

ACTING: dict[str, tuple[str, ...]] = {
    "add": ("{docs}/more",),
    "recall": ("lease",),
    "ask": ("lease",),
    "do": ("move {docs}/a.md to {docs}/more", "--yes"),
    "undo": (),
    "redo": (),
    "finish": ("{cut}",),
    "grants": ("--revoke", "grant_1"),
    "confirm": ("lease", "-c", "1"),
    "watch": ("{docs}/more",),
    "unwatch": ("{docs}",),
    "retry": (),
    "forget": ("{docs}/a.md", "-y"),
    "encrypt": ("-y",),
    "secret set": ("qdrant",),
    "secret remove": ("qdrant",),
    "migrate": ("--sparse", "fts5"),
    "models install": ("all-MiniLM-L6-v2", "-y"),
    "models use": ("all-MiniLM-L6-v2",),
    "models compare": (),
    "models rollback": (),
    "models drop": ("m",),
    "models remove": ("all-MiniLM-L6-v2",),
    "eval": ("--mine",),
    "tune": (),
    "rebuild": ("--sparse",),
    "backup": ("{home}/copy.db",),
    "restore": (),
    "collect": (),
    "demo": (),
}
SEALED: dict[str, tuple[str, ...]] = {"decrypt": ("-y",), "passphrase": ()}
"""Commands that do something only where the memory is encrypted."""
TELLING: dict[str, tuple[str, ...]] = {
    "status": (),
    "log": (),
    "tools": (),
    "doctor": (),
    "verify": (),
    "models list": (),
    "health": (),
    "pause": (),
    "resume": (),
}
"""Commands that only tell how Mneme stands, or hold its own work."""


def commands(group: click.Command = cli, before: str = "") -> Iterator[str]:
    if isinstance(group, click.Group):
        for name, command in group.commands.items():
            yield from commands(command, f"{before} {name}".strip())
    else:
        yield before


def test_every_command_is_known_here() -> None:
    assert set(commands()) == {*ACTING, *SEALED, *TELLING}


class Place:
    """A home with one remembered file, and the commands over it."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self.cut = ""
        self.home, self.docs = folder / "home", folder / "docs"
        (self.docs / "more").mkdir(parents=True)
        (self.docs / "a.md").write_text("The lease ends on 30 June 2027.\n", "utf-8")
        (self.docs / "more" / "b.md").write_text("Green tea.\n", "utf-8")

    def run(self, name: str, *arguments: str) -> int:
        # Passphrases are taken out of the environment as soon as they are read.
        self._patch.setenv("MNEME_PASSPHRASE", "otter and heron")
        self._patch.setenv("MNEME_NEW_PASSPHRASE", "badger and falcon")
        self._patch.setattr(sys, "stdin", io.StringIO("a secret\n"))
        return main([*name.split(), *(argument.format(docs=self.docs, home=self.home, cut=self.cut) for argument in arguments)])

    def shut(self) -> None:
        (self.home / "config").mkdir(exist_ok=True)
        (self.home / "config" / "policy.toml").write_text(NOTHING, "utf-8")

    def files(self) -> dict[str, str]:
        """Digests of all files of the person, and of what Mneme keeps but for its records, logs and marks of running."""
        kept = {".db", ".db-wal", ".db-shm", ".log"}
        held = [path for path in self.home.rglob("*") if path.suffix not in kept and path.name not in (LOCK, SEAL)]
        return {
            str(path): sha256(path.read_bytes()).hexdigest()
            for path in (*held, *self.docs.rglob("*"))
            if path.is_file() and not path.is_relative_to(self.home / "logs")
        }

    def verdicts(self) -> list[AuditRecord]:
        return asyncio.run(self._recorded(lambda database: SqliteAudit(database).read(limit=1000)))

    def act(self) -> None:
        """Do something that can be undone, something that can be done again, and leave a run cut off and a permission."""
        for name in ("a", "b", "c"):
            assert self.run("do", f"create {{docs}}/{name}-new.md with the text «tea»", "--yes") == 0, name
        assert self.run("undo") == 0
        asyncio.run(self._recorded(self._cut_off))

    def settle(self) -> None:
        """Let Mneme write down what it remembers of these deeds, which each start goes on with, until nothing is left."""
        before: dict[str, str] = {}
        while before != (now := self.files()):
            before = now
            assert self.run("add", "{docs}") == 0

    async def _cut_off(self, database: Database) -> None:
        store = SqliteRuns(database)
        run = (await store.all())[-1]
        await store.save(run.model_copy(update={"state": "interrupted"}))
        self.cut = run.id
        await SqliteGrants(database).add(
            Grant(id="grant_1", tool="files.move", scope=str(self.docs), kind="always", at=datetime.now(UTC))
        )

    async def _recorded(self, work: Callable[[Database], Awaitable[T]]) -> T:
        database = Database(self.home / "data" / "memory" / "records.db")
        try:
            return await work(database)
        finally:
            await database.close()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    found = Place(tmp_path.resolve(), monkeypatch)
    monkeypatch.setenv("MNEME_HOME", str(found.home))
    monkeypatch.setenv("MNEME_SECURITY__VAULT", "passphrase")
    return found


def sources(place: Place, capsys: pytest.CaptureFixture[str]) -> object:
    capsys.readouterr()
    assert place.run("status", "--json", "--all") in (0, 2)
    return json.loads(capsys.readouterr().out)["sources"]


def test_with_a_policy_that_denies_everything_no_command_does_anything(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert place.run("add", "{docs}") == 0
    place.act()
    assert place.run("backup") == 0
    place.settle()
    held = sources(place, capsys)
    known = len(place.verdicts())
    place.shut()
    before = place.files()
    for name, arguments in ACTING.items():
        assert place.run(name, *arguments) == DENIED, f"{name}: {capsys.readouterr()}"
        assert place.files() == before, name
    for name, arguments in TELLING.items():
        assert place.run(name, *arguments) != DENIED, name
        assert place.files() == before, name
    assert sources(place, capsys) == held
    verdicts = place.verdicts()[:-known]
    assert {verdict.decision for verdict in verdicts} == {Decision.DENY}
    assert {verdict.rule for verdict in verdicts} == {"nothing at all"}
    # `demo` denies in a memory of its own.
    assert len(verdicts) >= len(ACTING) - 1


def test_the_same_where_the_memory_is_encrypted(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert place.run("add", "{docs}/a.md") == 0
    assert place.run("encrypt", "-y") == 0, capsys.readouterr()
    place.shut()
    before = place.files()
    for name, arguments in SEALED.items():
        assert place.run(name, *arguments) == DENIED, f"{name}: {capsys.readouterr()}"
        assert place.files() == before, name
