"""The vector indexes that the dense contract runs over, by name."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from assistant.adapters.store.edge_dense import EdgeDense
from assistant.adapters.store.sealed_dense import SealedDense
from assistant.adapters.store.usearch_dense import UsearchDense
from assistant.domain.secret import Secret
from assistant.ports.stores import DenseIndex, Optimisable, Rebuildable
from tests.contract.samples import DIMENSIONS
from tests.fakes.qdrant import URL, local_qdrant, real_qdrant
from tests.fakes.stores import FakeDense


class Index(DenseIndex, Optimisable, Rebuildable, Protocol):
    """What every adapter is."""


class Opener(Protocol):
    """Makes an index over a folder, not opened yet."""

    def __call__(self, folder: Path, dimensions: int = DIMENSIONS, model: str = "m@1") -> Index: ...


def edge(folder: Path, dimensions: int = DIMENSIONS, model: str = "m@1") -> EdgeDense:
    return EdgeDense(folder / "dense", dimensions, 3, model)


def usearch(folder: Path, dimensions: int = DIMENSIONS, model: str = "m@1") -> UsearchDense:
    return UsearchDense(folder / "dense", dimensions, 3, model)


def graphed(folder: Path, dimensions: int = DIMENSIONS, model: str = "m@1") -> UsearchDense:
    return UsearchDense(folder / "dense", dimensions, 3, model, graph_from=1)


def sealed(folder: Path, dimensions: int = DIMENSIONS, model: str = "m@1") -> SealedDense:
    return SealedDense(folder / "dense", dimensions, Secret(bytes(range(32))), model)


LASTING: dict[str, Opener] = {
    "edge": edge,
    "usearch": usearch,
    "usearch-graph": graphed,
    "qdrant": local_qdrant,
    "sealed": sealed,
}
"""Those that keep what they have: opened again over the same folder, they hold the same."""

if URL:
    LASTING["qdrant-server"] = real_qdrant

HERE = ("edge", "usearch", "usearch-graph", "sealed")
"""Those that keep files of their own, which a second process must not open."""


ALL: dict[str, Callable[[Path], DenseIndex]] = {"fake": lambda folder: FakeDense(), **LASTING}
