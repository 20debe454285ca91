"""Protocols for keeping a memory safe: copies of its records, and what a person asks of its care. Fulfilled by `app`."""

from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from typing import Literal, Protocol

from assistant.domain.upkeep import Backup, Collected

IndexName = Literal["text", "vectors"]


class Backups(Protocol):
    """Sound copies of the record database. All raise StorageError; automatic ones lie in one folder and rotate."""

    async def create(self, target: str = "") -> Backup:
        """Write a checked copy while everything goes on: to `target`, which must not exist, or as an automatic one."""
        ...

    async def kept(self) -> list[Backup]:
        """List automatic copies, newest first."""
        ...

    async def examine(self, file: str) -> Backup:
        """Check a copy wholly; raises DamagedError for one that cannot be put back."""
        ...

    async def restore(self, file: str) -> None:
        """Replace the records by a copy's, in one transaction."""
        ...

    async def drop(self, keep: int, most_bytes: int) -> int:
        """Delete automatic copies beyond the newest `keep` or beyond so many bytes, oldest first; return the bytes freed."""
        ...


class Keeping(Protocol):
    """Care of the memory of this process as a whole."""

    async def rebuild(self, names: Collection[IndexName]) -> int:
        """Empty these indexes and fill them from records and cached vectors; return the chunks to write.

        Text is found again when this returns, vectors follow in the background; searching goes on with what there is.
        """
        ...

    async def back_up(self, target: str) -> Backup:
        """Copy the records, to `target` or ("") as an automatic backup."""
        ...

    async def backups(self) -> list[Backup]:
        """List automatic backups, newest first."""
        ...

    async def restore(self, file: str) -> Backup:
        """Put a backup back ("" the newest automatic one); what was forgotten since it was made stays forgotten.

        Checked first; the present state is backed up before it is replaced. Raises DamagedError.
        """
        ...

    async def collect(self) -> Collected:
        """Give back disk space: what no passage needs, and the oldest copies beyond the budget."""
        ...

    def forgetting(self) -> AbstractAsyncContextManager[list[str]]:
        """Delete automatic backups and set-aside files, and let none be made until the forgetting is over.

        Gives the paths of backups that a person wrote elsewhere and that are still there.
        """
        ...
