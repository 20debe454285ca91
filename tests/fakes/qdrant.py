"""Stands in for a Qdrant server: qdrant-client's local mode, or a real one where MNEME_TEST_QDRANT_URL names it."""

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from assistant.adapters.store.qdrant_dense import QdrantDense
from assistant.config.schema import Qdrant

T = TypeVar("T")

URL = os.environ.get("MNEME_TEST_QDRANT_URL", "")
KEY = os.environ.get("MNEME_TEST_QDRANT_KEY")


class LocalServer:
    """The client's own engine in a folder, or in memory: one thread, no network."""

    parallel = False

    def __init__(self, location: str = ":memory:") -> None:
        self._location = location

    def connect(self) -> Any:
        from qdrant_client import QdrantClient

        if self._location == ":memory:":
            return QdrantClient(self._location)
        return QdrantClient(path=self._location)

    def call(self, work: Callable[[], T]) -> T:
        # It warns of what a stand-in lacks: payload indexes and search parameters.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return work()

    def stop(self) -> None:
        pass


def local_qdrant(folder: Path, dimensions: int = 8, model: str = "m@1", **settings: Any) -> QdrantDense:
    """A QdrantDense over the local mode, kept in `folder`."""
    server = LocalServer(str(folder / "server"))
    return QdrantDense(Qdrant(**settings), folder / "own", dimensions, model, batch=3, server=server)


def real_qdrant(folder: Path, dimensions: int = 8, model: str = "m@1") -> QdrantDense:
    """A QdrantDense on the server that the environment names, in a collection of its own."""
    settings = Qdrant(url=URL, collection_prefix="mneme-test", allow_plain_http=True)
    return QdrantDense(settings, folder / "own", dimensions, model, KEY, batch=3)
