"""Texts of Mneme's own among what is remembered: queued without a root, found again by the files they name. Of the service."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from assistant.domain.change import Change, ChangeKind
from assistant.domain.document import Source, SourceState
from assistant.domain.erasure import Doomed
from assistant.domain.own import DEEDS
from assistant.memory.ingest.discovery import source_id
from assistant.memory.store import Stores
from assistant.ports.content import FileWalker
from assistant.ports.forgetting import Tombstones

PROJECT = "mneme"
_MOVED = re.compile(r"^- (.+) → (.+)$", re.MULTILINE)
_SETTLED = frozenset({SourceState.READY, SourceState.SEARCHABLE, SourceState.EMBEDDING, SourceState.QUEUED})


class OwnSources:
    """Records of what Mneme wrote; reader and walker give the texts themselves."""

    def __init__(self, walker: FileWalker, stores: Stores, stones: Tombstones, now: Callable[[], datetime]) -> None:
        self._walker = walker
        self._stores = stores
        self._stones = stones
        self._now = now

    async def wanted(self, path: str) -> Source | None:
        """Record a text as one to be read; None when there is none, when it is known as it is, or was forgotten."""
        name = source_id(path)
        look = await self._walker.stat(path)
        if look is None or await self._stones.standing(("source",), [name]):
            return None
        held = (await self._stores.sources.get([name])).get(name)
        if held and held.state in _SETTLED and (held.size, held.modified) == (look.size, look.modified):
            return None
        source = held or Source(id=name, path=path, root=DEEDS, project=PROJECT, state=SourceState.QUEUED, updated=self._now())
        fresh = {"state": SourceState.QUEUED, "reason": "", "size": look.size, "modified": look.modified, "updated": self._now()}
        source = source.model_copy(update=fresh)
        await self._stores.sources.put([source])
        return source

    async def naming(self, paths: Sequence[str]) -> list[str]:
        """Return the paths of remembered texts that name one of these files, or one below, by its name now or a former one."""
        sources = {source.id: source for source in await self._stores.sources.find(DEEDS)}
        texts: dict[str, str] = {}
        for chunk in await self._stores.chunks.of_sources(list(sources)):
            texts[chunk.source_id] = texts.get(chunk.source_id, "") + chunk.text + "\n"
        doomed = Doomed(paths)
        newest_first = sorted(texts, key=lambda name: sources[name].modified, reverse=True)
        for name in newest_first:
            doomed.follow([Change(kind=ChangeKind.MOVE, path=old, to=new) for old, new in _MOVED.findall(texts[name])])
        return [sources[name].path for name in newest_first if doomed.named_in(texts[name])]
