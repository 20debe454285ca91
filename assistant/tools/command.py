"""What a command of a tool is and what it may see. Commands change nothing: they return the changes they want."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.config import Acting
from assistant.domain.tool import Arguments, Outcome
from assistant.ports.acting import Archives, BlobStore, Files, Recalling, Repositories, Tell


@dataclass(frozen=True, slots=True)
class Sight:
    """All that a command may look at and use.

    `files` shows the disk as the steps before would leave it. `now` is the person's local time, `language` (en or ru) that of
    the request: texts in an Outcome are in it. `found` holds what earlier steps brought, by their ids.
    """

    files: Files
    blobs: BlobStore
    memory: Recalling
    archives: Archives
    repositories: Repositories
    settings: Acting
    now: datetime
    language: str
    tell: Tell
    found: Mapping[str, Outcome]

    def say(self, english: str, russian: str) -> str:
        """Return the text in the language of the request."""
        return russian if self.language == "ru" else english


class Command(Protocol):
    """One command: arguments that fit its schema in, wanted changes and findings out.

    Raises MnemeErrors. May be called again at any time: it only looks.
    """

    async def __call__(self, arguments: Arguments, sight: Sight) -> Outcome:
        """Work out what the command would do."""
        ...
