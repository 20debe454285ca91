"""What an evaluation needs of a throw-away memory; `app` builds one."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from assistant.domain.answer import Answer
from assistant.domain.document import Document
from assistant.domain.memory import RecallQuery, RecallResult
from assistant.memory.recall import RetrieverName


@dataclass(frozen=True, slots=True)
class Indexed:
    """What indexing a folder took: seconds until text was searchable, until all was ready, chunks, and failed files."""

    chunks: int
    searchable_s: float
    ready_s: float
    failed: tuple[str, ...]


class Looked(NamedTuple):
    """What a question of a golden set found, as it was put to recall, and which of the hits are right."""

    question: str
    result: RecallResult
    right: list[bool]


class Workbench(Protocol):
    """A memory of its own, filled through the real pipeline."""

    async def remember(self, folder: Path) -> Indexed:
        """Index a folder and wait until everything is ready."""
        ...

    async def recall(self, query: RecallQuery, use: RetrieverName) -> RecallResult:
        """Search with one or both indexes."""
        ...

    async def ask(self, question: str) -> Answer:
        """Answer a question."""
        ...

    async def reread(self, path: str) -> Document:
        """Extract a file anew, past everything that was remembered of it."""
        ...
