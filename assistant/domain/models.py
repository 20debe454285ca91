"""What a model is: manifest, sources with checksums, state. Used by the models room, its adapters and the recall."""

from typing import Literal

from pydantic import Field

from assistant.domain.base import Value

ModelState = Literal["installed", "available", "downloading"]


class ModelSource(Value):
    """Where a model can be had. `sha256` is of the wheel; `files` maps names inside to their sha256, "" where unknown.

    `checked_by` says in words what the checks are, for the person who is asked for consent. `size_bytes` is what is fetched.
    """

    kind: Literal["wheel", "hub", "folder"]
    name: str
    version: str = ""
    sha256: str = ""
    size_bytes: int = 0
    files: dict[str, str] = Field(default_factory=dict)
    checked_by: str = ""


class ModelManifest(Value):
    """A catalogue entry. `languages` are what the model knows: BCP-47 codes and programming languages, or "*".

    `max_tokens` bounds one input, special tokens included. `loader` is the engine's name of the model; where the engine
    does not list it, `pooling` tells how token vectors become one. A reranking model gives no vectors: `dimensions` is 0.
    `graph` is the file that is run, `extra` lies beside it.
    """

    id: str
    name: str
    kind: Literal["text-embedding", "reranking"]
    revision: str
    dimensions: int = 0
    max_tokens: int
    languages: tuple[str, ...]
    licence: str
    size_bytes: int
    loader: str
    pooling: Literal["", "mean", "cls"] = ""
    graph: str = "model.onnx"
    extra: tuple[str, ...] = ()
    query_prefix: str = ""
    document_prefix: str = ""
    sources: tuple[ModelSource, ...]

    def knows(self, language: str) -> bool:
        """Tell whether the model was trained on `language`; an unknown language ("") gets the benefit of the doubt."""
        return not language or language in self.languages or "*" in self.languages


class ModelStatus(Value):
    """A catalogue entry with its state on this machine."""

    id: str
    name: str
    state: ModelState
    dimensions: int
    languages: tuple[str, ...]
    licence: str
    size_bytes: int
    active: bool = False
