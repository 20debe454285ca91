"""Sources that wait, by priority and then by arrival. Used by the scheduler, once for reading and once for embedding."""

import heapq
import itertools
from collections.abc import Collection

from assistant.domain.document import Source


class Waiting:
    """A queue that holds each source once: of one that is put in again, only the newest record comes out."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Source]] = []
        self._newest: dict[str, int] = {}
        self._serial = itertools.count()

    def __len__(self) -> int:
        return len(self._newest)

    def __contains__(self, source_id: str) -> bool:
        return source_id in self._newest

    def push(self, source: Source, priority: int) -> None:
        """Put a source in; a lower number comes out first."""
        serial = next(self._serial)
        self._newest[source.id] = serial
        heapq.heappush(self._heap, (priority, serial, source))

    def pop(self) -> Source:
        """Take out the first; raises IndexError when nothing waits."""
        while True:
            _, serial, source = heapq.heappop(self._heap)
            if self._newest.get(source.id) == serial:
                del self._newest[source.id]
                return source

    def withdraw(self, source_ids: Collection[str]) -> dict[str, Source]:
        """Take these out, wherever they stand; return those that waited."""
        waiting = [item for item in self._heap if self._newest.get(item[2].id) == item[1]]
        gone = {source.id: source for _, _, source in waiting if source.id in source_ids}
        self._heap = [item for item in waiting if item[2].id not in gone]
        heapq.heapify(self._heap)
        for source_id in gone:
            del self._newest[source_id]
        return gone
