"""The text of files for commands that look into them; what is no text, or too much, has none. Used by the file and text tools."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from assistant.domain.change import Entry
from assistant.domain.errors import MnemeError
from assistant.tools.command import Sight
from assistant.tools.texts import MOST_TEXT, Text, decoded

_AT_ONCE = 16


async def looked_into(entry: Entry, sight: Sight, most: int = MOST_TEXT) -> Text | None:
    """Return a file's text with its encoding; None for larger ones, for binary ones, and for those that cannot be read."""
    if entry.stamp.kind != "file" or entry.stamp.size > most:
        return None
    try:
        return decoded(await sight.files.read(entry.path, most))
    except MnemeError:
        return None


async def text_of(entry: Entry, sight: Sight, most: int = MOST_TEXT) -> str | None:
    """Return a file's text alone, as above."""
    found = await looked_into(entry, sight, most)
    return None if found is None else found.text


async def many_texts(entries: Sequence[Entry], sight: Sight, most: int = MOST_TEXT) -> AsyncIterator[tuple[Entry, Text | None]]:
    """Yield the files in order with their texts, as above, a few read side by side; tells how far it is."""
    for start in range(0, len(entries), _AT_ONCE):
        sight.tell(start, len(entries), "")
        batch = entries[start : start + _AT_ONCE]
        for entry, text in zip(batch, await asyncio.gather(*(looked_into(one, sight, most) for one in batch)), strict=True):
            yield entry, text
        await asyncio.sleep(0)
