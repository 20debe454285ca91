"""Asks the latest questions again, silently, so that the files, rows and vectors in use are in memory. Started by `app`."""

from contextlib import suppress

from assistant.domain.errors import MnemeError
from assistant.domain.memory import RecallQuery
from assistant.memory.service import Memory

LINES = 200
"""Lines of the record of recalls in which different questions are looked for."""


async def warm(memory: Memory, questions: int) -> None:
    """Recall up to `questions` different texts of the record, newest first; nothing of it is written down or shown."""
    with suppress(MnemeError):
        texts = dict.fromkeys(line.query for line in await memory.recalls(0, LINES) if line.query) if questions else {}
        for text in list(texts)[:questions]:
            await memory.recall(RecallQuery(text=text))
