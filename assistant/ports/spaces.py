"""Protocols of vector spaces and of the questions a person confirmed. Used by memory, eval and the façade."""

from collections.abc import Collection, Sequence
from typing import Protocol

from assistant.domain.spaces import ConfirmedCase, SpaceRecord
from assistant.ports.stores import DenseIndex, Optimisable, Rebuildable


class VectorStore(DenseIndex, Optimisable, Rebuildable, Protocol):
    """The vectors of one space; opens on first use."""


class SpaceRegistry(Protocol):
    """Which spaces there are and which one answers; every change is durable when the call returns."""

    async def all(self) -> list[SpaceRecord]:
        """Return every space, ordered by model."""
        ...

    async def put(self, record: SpaceRecord) -> None:
        """Add or replace a space by its model; putting an active one makes the one that was active a kept one."""
        ...

    async def delete(self, model: str) -> None:
        """Remove a space's record; an unknown one is ignored."""
        ...


class ConfirmedStore(Protocol):
    """Questions whose answers a person confirmed; places go with their sources, and a question with its last place."""

    async def put(self, case: ConfirmedCase) -> None:
        """Add or replace by id; places in sources that are not remembered are left out."""
        ...

    async def all(self) -> list[ConfirmedCase]:
        """Return every case, oldest first."""
        ...

    async def delete(self, case_ids: Collection[str]) -> None:
        """Remove cases; unknown ids are ignored."""
        ...

    async def of_sources(self, source_ids: Sequence[str]) -> list[str]:
        """Return the ids of the cases with a place in any of these sources."""
        ...
