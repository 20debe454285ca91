"""Protocols for having models: fetching their sources and turning them into what is run. Used by the models room."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from assistant.domain.models import ModelManifest, ModelSource

Progress = Callable[[str, float], None]


class ModelFetcher(Protocol):
    """Brings a model's files into a folder and checks them; the only room for network use in this issue."""

    async def fetch(self, source: ModelSource, into: Path, progress: Progress) -> None:
        """Put the files there; raises FetchError (offline, wrong hash, full disk). Consent is checked by the caller."""
        ...


class ModelConverter(Protocol):
    """Turns fetched weights into the files that the embedder loads."""

    async def convert(self, manifest: ModelManifest, raw: Path, into: Path, progress: Progress) -> None:
        """Write the loadable model; raises ModelError."""
        ...

    async def check(self, manifest: ModelManifest, folder: Path, reference: Path) -> None:
        """Compare with stored reference vectors; raises ModelError when they differ too much."""
        ...
