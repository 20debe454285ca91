"""Settings and places. `app` and `cli` load them; rooms receive only the section they need."""

from assistant.config.load import load
from assistant.config.places import Places, places
from assistant.config.schema import (
    Acting,
    Answering,
    Chunking,
    Embedding,
    EngineChoice,
    Index,
    Ingest,
    Interface,
    Recall,
    Security,
    Settings,
)

__all__ = [
    "Acting",
    "Answering",
    "Chunking",
    "Embedding",
    "EngineChoice",
    "Index",
    "Ingest",
    "Interface",
    "Places",
    "Recall",
    "Security",
    "Settings",
    "load",
    "places",
]
