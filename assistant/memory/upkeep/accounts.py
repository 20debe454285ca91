"""What the journal says of sources, against what the records say. Used by verification and by replay."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.document import Source
from assistant.ports.records import Journal

PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Accounts:
    """Sources with chunks that the journal knows nothing of, and those it says were forgotten."""

    unknown: tuple[Source, ...]
    forgotten: tuple[Source, ...]


async def accounts(journal: Journal, sources: Sequence[Source]) -> Accounts:
    """Read the whole journal; a source whose forgetting is not finished counts as neither."""
    last: dict[str, tuple[str, bool]] = {}
    after = 0
    while entries := await journal.read(after, PAGE):
        after = entries[-1].seq
        last |= {entry.source_id: (entry.op, entry.done) for entry in entries}
    held = [source for source in sources if source.chunks]
    unknown = tuple(source for source in held if source.id not in last)
    return Accounts(unknown, tuple(source for source in held if last.get(source.id) == ("forget", True)))
