"""Which sources fall into a stretch of time. Called by the service before a person forgets it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from assistant.domain.document import Source
from assistant.domain.upkeep import Dated
from assistant.ports.records import Journal

PAGE = 10_000


async def dated(sources: Sequence[Source], journal: Journal, since: datetime, until: datetime) -> list[Dated]:
    """Return the sources that were remembered, or whose files changed, from `since` to before `until`, ordered by path."""
    remembered: dict[str, datetime] = {}
    after = 0
    while entries := await journal.read(after, PAGE):
        after = entries[-1].seq
        remembered |= {e.source_id: e.at for e in entries if e.op == "remember" and since <= e.at < until}
    found: list[Dated] = []
    for source in sources:
        changed = datetime.fromtimestamp(source.modified, UTC) if source.modified > 0 else None
        if changed is not None and not since <= changed < until:
            changed = None
        if changed is not None or source.id in remembered:
            at = remembered.get(source.id)
            found.append(Dated(path=source.path, chunks=source.chunks, remembered=at, changed=changed))
    return sorted(found, key=lambda one: one.path)
