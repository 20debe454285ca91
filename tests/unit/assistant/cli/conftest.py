"""A command line over a scripted assistant: `mneme("ask", "why?")` gives exit code, stdout and stderr."""

import logging
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Literal, Protocol

import pytest
from click.testing import CliRunner, Result

from assistant.api.contract import Assistant
from assistant.api.views import Backup, EvalReport, MigrateReport
from assistant.app.converting import Converted
from assistant.app.environment import Environment, environment
from assistant.app.keys import Kept
from assistant.cli import do, encrypt, forget, models
from assistant.cli.doors import RetrieverName
from assistant.cli.main import cli
from assistant.config.schema import DenseEngine, SparseEngine
from assistant.domain.secret import Secret
from tests.fakes.assistant import FakeAssistant
from tests.fakes.keeping import MADE


class FakeDoors:
    """Leads to one scripted assistant; `refusals` are raised, one for each attempt to open the memory."""

    def __init__(self) -> None:
        self.assistant = FakeAssistant()
        self.refusals: list[Exception] = []
        self.opened = 0
        self.report = EvalReport(
            name="golden", retriever="hybrid", figures={"ndcg@10": 0.8, "recall@20": 0.9, "query_p95_ms": 20.0}
        )
        self.measured: list[tuple[str, Path, str]] = []
        self.asked_to_move: list[tuple[str | None, str | None]] = []
        self.moved = MigrateReport(
            moved=True, dense_before="edge", dense="edge", sparse_before="tantivy", sparse="fts5", lacking=2
        )
        self.converted: list[bool] = []
        self.put: list[str] = []
        self.kept: list[tuple[str, Secret | None]] = []
        self.changed = 0

    def environment(self, env: Mapping[str, str]) -> Environment:
        return environment(env)

    @asynccontextmanager
    async def connect(self, environment: Environment) -> AsyncGenerator[Assistant]:
        self.opened += 1
        if self.refusals:
            raise self.refusals.pop(0)
        yield self.assistant

    def throwaway(self, environment: Environment) -> AbstractAsyncContextManager[Assistant]:
        return self.connect(environment)

    async def evaluate(
        self,
        environment: Environment,
        kind: Literal["golden", "beir"],
        folder: Path,
        use: RetrieverName,
        tell: Callable[[str], None],
    ) -> EvalReport:
        self.measured.append((kind, folder, use))
        tell("asking 3 questions")
        return self.report.model_copy(update={"retriever": use})

    async def put_back(self, environment: Environment, file: str) -> Backup:
        self.put.append(file)
        return MADE

    async def change_passphrase(self, environment: Environment) -> None:
        self.changed += 1

    async def keep_secret(self, environment: Environment, name: Kept, secret: Secret | None) -> str:
        self.kept.append((name, secret))
        return "keyring"

    async def convert(self, environment: Environment, encrypt: bool) -> Converted:
        self.converted.append(encrypt)
        return Converted(encrypted=encrypt, changed=True, rows=7, vault="keyring" if encrypt else "", setting=True)

    async def migrate(
        self,
        environment: Environment,
        dense: DenseEngine | None,
        sparse: SparseEngine | None,
        tell: Callable[[str, int, int], None],
    ) -> MigrateReport:
        self.asked_to_move.append((dense, sparse))
        tell("text", 0, 3)
        tell("text", 3, 3)
        tell("clean up", 0, 0)
        return self.moved


class Run(Protocol):
    def __call__(self, *args: str, typed: str | None = None) -> Result: ...


@pytest.fixture
def doors() -> FakeDoors:
    return FakeDoors()


@pytest.fixture
def fake(doors: FakeDoors) -> FakeAssistant:
    return doors.assistant


@pytest.fixture
def mneme(doors: FakeDoors, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run a command; `typed` is what a person at a terminal answers, None means that nobody is there."""
    root = logging.getLogger()
    before = list(root.handlers)

    def run(*args: str, typed: str | None = None) -> Result:
        for room in (do, encrypt, forget, models):
            monkeypatch.setattr(room, "is_terminal", lambda: typed is not None)
        return CliRunner().invoke(cli, list(args), obj=doors, input=typed)

    yield run
    for handler in [one for one in root.handlers if one not in before]:
        root.removeHandler(handler)
        handler.close()
