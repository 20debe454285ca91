"""Protocols for the machine around Mneme: clock, ids, events, tasks, audit. Used by every room."""

from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from assistant.domain.events import Event
from assistant.domain.plan import Action, AuditRecord, Verdict
from assistant.domain.secret import Secret


class Clock(Protocol):
    """Time."""

    def now(self) -> datetime:
        """Return the wall-clock time in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""
        ...


class PowerSource(Protocol):
    """Where the machine's power comes from."""

    def on_battery(self) -> bool:
        """Tell whether it runs on battery; False where that cannot be known. Blocking, some milliseconds."""
        ...


class IdSource(Protocol):
    """New identifiers."""

    def new(self, prefix: str) -> str:
        """Return `prefix` + "_" + a sortable unique id."""
        ...


class EventSink(Protocol):
    """Where facts are published; never blocks and never raises."""

    def publish(self, event: Event) -> None:
        """Hand the fact to all subscribers. May be called from the loop's thread only."""
        ...


class TaskHandle(Protocol):
    """A supervised background task."""

    def cancel(self) -> None:
        """Ask the task to stop."""
        ...

    async def wait(self) -> None:
        """Wait until the task has ended, however it ended."""
        ...


class TaskRunner(Protocol):
    """The one place where background tasks are started; failures are logged and reported as events."""

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> TaskHandle:
        """Run a coroutine in the background."""
        ...

    def keep(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> TaskHandle:
        """Run `work` in the background, and begin it anew whenever it fails; what waits for it is not lost."""
        ...


@dataclass(frozen=True, slots=True)
class Following:
    """How changes below a root are learnt: by notices of the system, or else by scans, with the reason.

    `full` tells that the system would take no more watches, which a person can change.
    """

    notices: bool
    reason: str = ""
    full: bool = False


class FolderWatch(Protocol):
    """Notices of the file system about what changes below roots. Links are not followed, ignored folders not looked into."""

    async def follow(self, roots: Collection[str]) -> Mapping[str, Following]:
        """Follow exactly these files and folders from now on; a change after this returns is told. Raises WatchError."""
        ...

    async def changes(self) -> Mapping[str, Collection[str]]:
        """Wait for changes; return paths by root, the root itself where anything below it may have changed.

        Inside .git only HEAD and index.lock are told. Raises WatchError when notices may have been lost for good.
        """
        ...

    async def close(self) -> None:
        """Stop; safe to call twice."""
        ...


class AuditSink(Protocol):
    """An append-only record of verdicts."""

    async def record(self, action: Action, verdict: Verdict, at: datetime) -> None:
        """Write one line; raises StorageError."""
        ...

    async def redact(self, paths: Sequence[str]) -> None:
        """Put digests in the place of these paths, and of those below them, in every line; it can still be checked."""
        ...


class AuditLog(Protocol):
    """The record of verdicts, to be read and checked. All raise StorageError."""

    async def read(self, before: int = 0, limit: int = 100) -> list[AuditRecord]:
        """List lines, newest first, those numbered below `before` (0: from the newest)."""
        ...

    async def count(self) -> int:
        """Count the lines."""
        ...

    async def check(self) -> list[int]:
        """Return the numbers of lines that were changed, put in or taken out, in order."""
        ...


class SecretVault(Protocol):
    """Named secrets where the system, or a passphrase, protects them: never in the clear on disk.

    All calls raise VaultError when the vault cannot be used (locked, refused, gone, wrong passphrase), and then change nothing.
    """

    @property
    def kind(self) -> str:
        """A stable name of the kind of vault: "keyring" or "passphrase"."""
        ...

    async def get(self, name: str) -> Secret | None:
        """Return a secret, None when there is none of this name."""
        ...

    async def put(self, name: str, secret: Secret) -> None:
        """Keep a secret, replacing one of the same name."""
        ...

    async def delete(self, name: str) -> None:
        """Remove a secret; an unknown name is ignored."""
        ...


class PassphraseSource(Protocol):
    """Where a passphrase comes from: the environment, a terminal, the window."""

    @property
    def possible(self) -> bool:
        """Tell whether anybody is there to give one."""
        ...

    async def passphrase(self, asked: Literal["known", "again", "new"]) -> Secret | None:
        """Return a passphrase, None when nobody gives one; "again" after a wrong one, "new" for one that is chosen now."""
        ...
