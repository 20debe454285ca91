"""What the command line needs of the composition root, and the real thing; tests bring their own."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from assistant.api.contract import Assistant
from assistant.api.views import Backup, EvalReport, MigrateReport
from assistant.config.schema import DenseEngine, SparseEngine

if TYPE_CHECKING:
    from assistant.app.converting import Converted
    from assistant.app.environment import Environment
    from assistant.app.keys import Kept
    from assistant.domain.secret import Secret

RetrieverName = Literal["hybrid", "dense", "sparse"]


class Doors(Protocol):
    """Ways into a memory. All raise MnemeErrors."""

    def environment(self, env: Mapping[str, str]) -> Environment:
        """Read settings and places."""
        ...

    def connect(self, environment: Environment) -> AbstractAsyncContextManager[Assistant]:
        """Open the memory in this process, or work through the Mneme that holds it; raises InUseError."""
        ...

    def throwaway(self, environment: Environment) -> AbstractAsyncContextManager[Assistant]:
        """Open an empty memory that vanishes afterwards, with the installed model."""
        ...

    async def evaluate(
        self,
        environment: Environment,
        kind: Literal["golden", "beir"],
        folder: Path,
        use: RetrieverName,
        tell: Callable[[str], None],
    ) -> EvalReport:
        """Measure on a golden set or a test collection in a throw-away memory."""
        ...

    async def migrate(
        self,
        environment: Environment,
        dense: DenseEngine | None,
        sparse: SparseEngine | None,
        tell: Callable[[str, int, int], None],
    ) -> MigrateReport:
        """Move the memory to other engines; nobody else may have it open."""
        ...

    async def convert(self, environment: Environment, encrypt: bool) -> Converted:
        """Encrypt the memory, or keep it as plain text again; nobody else may have it open."""
        ...

    async def change_passphrase(self, environment: Environment) -> None:
        """Let another passphrase open the vault."""
        ...

    async def keep_secret(self, environment: Environment, name: Kept, secret: Secret | None) -> str:
        """Put a secret into the vault, or remove it (None); return the kind of vault."""
        ...

    async def put_back(self, environment: Environment, file: str) -> Backup:
        """Replace records that cannot be opened by a backup ("" the newest); they are set aside."""
        ...


class Composition:
    """The doors of `assistant.app`. Its modules load when first used: help texts and wrong usage do not wait for them."""

    def environment(self, env: Mapping[str, str]) -> Environment:
        """See Doors.environment."""
        from assistant.app.environment import environment

        return environment(env)

    def connect(self, environment: Environment) -> AbstractAsyncContextManager[Assistant]:
        """See Doors.connect."""
        from assistant.app.bootstrap import connect

        return connect(environment)

    @asynccontextmanager
    async def throwaway(self, environment: Environment) -> AsyncGenerator[Assistant]:
        """See Doors.throwaway."""
        from assistant.app.evaluation import throwaway

        async with throwaway(environment) as parts:
            yield parts.assistant

    async def evaluate(
        self,
        environment: Environment,
        kind: Literal["golden", "beir"],
        folder: Path,
        use: RetrieverName,
        tell: Callable[[str], None],
    ) -> EvalReport:
        """See Doors.evaluate."""
        from assistant.app.evaluation import evaluate_beir, evaluate_golden

        run = evaluate_beir if kind == "beir" else evaluate_golden
        return await run(environment, folder, use, tell)

    async def put_back(self, environment: Environment, file: str) -> Backup:
        """See Doors.put_back."""
        from assistant.app.keeping import put_back

        return await put_back(environment, file)

    async def change_passphrase(self, environment: Environment) -> None:
        """See Doors.change_passphrase."""
        from assistant.app.keys import change_passphrase

        await change_passphrase(environment)

    async def keep_secret(self, environment: Environment, name: Kept, secret: Secret | None) -> str:
        """See Doors.keep_secret."""
        from assistant.app.keys import keep_secret

        return await keep_secret(environment, name, secret)

    async def convert(self, environment: Environment, encrypt: bool) -> Converted:
        """See Doors.convert."""
        from assistant.app.converting import converted

        return await converted(environment, encrypt)

    async def migrate(
        self,
        environment: Environment,
        dense: DenseEngine | None,
        sparse: SparseEngine | None,
        tell: Callable[[str, int, int], None],
    ) -> MigrateReport:
        """See Doors.migrate."""
        from assistant.app.migration import migrate

        return await migrate(environment, dense, sparse, tell)
