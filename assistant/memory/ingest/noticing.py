"""What changed on disk below the granted roots, and taking it into memory. Reached through the service by the watching."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from pathlib import Path

from assistant.domain.document import Root, Source, SourceState
from assistant.domain.errors import NotRememberedError, PathRefusedError
from assistant.memory.ingest.departures import Departures, rekeyed
from assistant.memory.ingest.discovery import Discovery, Move, Queued, Walked, any_within, is_within, source_id
from assistant.memory.store import Prepared, Stores, Writer
from assistant.ports.content import FileWalker

CONTENT = ("media", "modality", "language", "digest", "quality", "reason")
"""What a source that was moved takes along."""

REASONED = frozenset({SourceState.READY, SourceState.SEARCHABLE, SourceState.EMBEDDING})
"""States whose reason is what the reader had to say of the content."""

WriteText = Callable[[Sequence[Prepared]], Awaitable[list[Source]]]
Carry = Callable[[Sequence[tuple[str, str]]], Awaitable[None]]
"""Lets what is kept of forgotten passages follow files that were moved: pairs of the id before and after."""


class Noticing:
    """Looks without writing, then takes what was seen; both for several roots at once, so that moves between them show."""

    def __init__(
        self,
        walker: FileWalker,
        stores: Stores,
        writer: Writer,
        write_text: WriteText,
        discovery: Discovery,
        carry: Carry,
    ) -> None:
        self._walker = walker
        self._sources = stores.sources
        self._chunks = stores.chunks
        self._writer = writer
        self._write_text = write_text
        self._discovery = discovery
        self._carry = carry
        self._departures = Departures(walker, stores.sources, discovery)
        self._roots = asyncio.Lock()

    async def roots(self) -> list[Root]:
        """List the granted roots ordered by path."""
        return await self._sources.roots()

    async def watch(self, path: str, watched: bool) -> Root:
        """Follow, or follow no longer, the root at `path`, or around it; raises NotRememberedError."""
        async with self._roots:
            around = [root for root in await self._sources.roots() if is_within(path, root.path)]
            exact = next((root for root in around if root.path == path), None)
            if not around or (exact is None and not watched):
                raise NotRememberedError(
                    f"{path} is not among the watched folders.",
                    kept="Nothing was changed.",
                    remedy=f"It is part of {around[0].path}." if around else "`mneme watch` lists them.",
                )
            chosen = (exact or max(around, key=lambda root: len(root.path))).model_copy(update={"watched": watched})
            await self._sources.set_roots(add=[chosen])
            return chosen

    async def block(self, path: str) -> None:
        """Note that a person had `path` erased, so that watching the root around it does not bring it back."""
        async with self._roots:
            around = [root for root in await self._sources.roots() if root.path != path and is_within(path, root.path)]
            marked = [root.model_copy(update={"forgotten": (*root.forgotten, source_id(path))}) for root in around]
            await self._sources.set_roots(add=marked)

    async def unblock(self, paths: Collection[str]) -> None:
        """Take back what `block` noted of these paths: a person wants them again."""
        async with self._roots:
            marked = [root for root in await self._sources.roots() if root.forgotten]
            wanted = {source_id(path) for path in paths} if marked else set[str]()
            left = {root.path: tuple(name for name in root.forgotten if name not in wanted) for root in marked}
            changed = [
                root.model_copy(update={"forgotten": left[root.path]}) for root in marked if left[root.path] != root.forgotten
            ]
            await self._sources.set_roots(add=changed)

    async def look(self, changes: Mapping[str, Collection[str]]) -> Queued:
        """Judge what stands at these paths (by root; a root itself means all of it); nothing is written."""
        result = Queued()
        roots = await self._sources.roots()
        met: list[Root] = []
        for root in roots:
            paths = changes.get(root.path)
            if paths and root.watched:
                met.append(root)
                await self._look_at(root, [other for other in roots if other is not root], paths, result)
        await self._departures.settle(result, met)
        return result

    async def settle(self, result: Queued) -> None:
        """Decide what became of files that a walk of roots missed."""
        await self._departures.settle(result, await self._sources.roots())

    async def _look_at(self, root: Root, others: Sequence[Root], paths: Collection[str], result: Queued) -> None:
        inner = [other.path for other in others if is_within(other.path, root.path)]
        mine = [path for path in paths if is_within(path, root.path) and not any_within(path, inner)]
        vanished = ""
        try:
            found = await (self._walker.walk(root.path) if root.path in mine else self._walker.look(root.path, mine))
        except PathRefusedError as error:
            found, vanished, mine = [], error.what, [root.path]
        known = {path: source for path, source in (await self._known(mine)).items() if not any_within(path, inner)}
        found = [one for one in found if not any_within(one.path, inner) and (one.path in known or not _blocked(one.path, root))]
        self._discovery.judge(Walked(root.path, found, vanished), known, root, result)

    async def _known(self, paths: Collection[str]) -> dict[str, Source]:
        """Return the sources at or below these paths."""
        held = await self._sources.get([source_id(path) for path in paths])
        known = {source.path: source for source in held.values()}
        for path in paths:
            if path not in known:
                known |= {source.path: source for source in await self._sources.find(path)}
        return known

    async def take(self, seen: Queued) -> list[Source]:
        """Write down what was seen; return the sources to read (queued) and to embed (searchable).

        A moved file keeps its chunks under new ids; their vectors come from the cache. What was forgotten since it was
        seen is left out.
        """
        roots = {root.path: root for root in await self._sources.roots()}
        held = await self._sources.get({source.id for source in seen.records})

        def stays(source: Source) -> bool:
            root = roots.get(source.root)
            return root is not None and (source.id in held or not _blocked(source.path, root))

        await self._sources.put([rebased(source, held.get(source.id)) for source in seen.records if stays(source)])
        await self._empty([source for source in seen.excluded if source.chunks and stays(source)])
        moved = await self._move([move for move in seen.moved if stays(move.target)], seen.removed)
        await self._sources.delete(seen.ghosts)
        return [*filter(stays, seen.sources), *moved]

    async def _empty(self, sources: Sequence[Source]) -> None:
        if sources:
            await self._writer.drop([source.id for source in sources])
            await self._sources.put([source.model_copy(update={"chunks": 0, "digest": ""}) for source in sources])

    async def _move(self, moves: Sequence[Move], removed: Sequence[Source]) -> list[Source]:
        """Give the content of donors to their new places, then erase what is removed."""
        donors = await self._sources.get({move.donor.id for move in moves})
        held = await self._chunks.of_sources(donors.keys())
        ready: list[Prepared] = []
        unread: list[Source] = []
        for move in moves:
            known = move.donor.id in donors and donors[move.donor.id].digest == move.donor.digest
            chunks = tuple(rekeyed(chunk, move.target.id) for chunk in held if known and chunk.source_id == move.donor.id)
            content = {name: getattr(move.donor, name) for name in CONTENT}
            if move.donor.state not in REASONED:
                content["reason"] = ""
            target = move.target.model_copy(update={**content, "state": SourceState.READING, "chunks": len(chunks)})
            if chunks:
                ready.append(Prepared(target, chunks))
            else:
                unread.append(move.target)
        await self._carry([(move.donor.id, move.target.id) for move in moves])
        written = await self._write_text(ready) if ready else []
        gone = [source.id for source in removed]
        if gone:
            await self._writer.drop(gone, [chunk for item in ready for chunk in item.chunks])
            await self._sources.delete(gone)
        return [*unread, *(source for source in written if source.state is SourceState.SEARCHABLE)]

    async def stand(self, path: str) -> None:
        """Remember on which drive a root with files was seen."""
        presence = await self._walker.presence(path)
        async with self._roots:
            root = next((root for root in await self._sources.roots() if root.path == path), None)
            if root is not None and presence.there and not presence.empty and root.device != presence.device:
                await self._sources.set_roots(add=[root.model_copy(update={"device": presence.device})])


def rebased(record: Source, held: Source | None) -> Source:
    """Return a record with what has been remembered of its content since it was seen."""
    if held is None:
        return record
    return record.model_copy(update={name: getattr(held, name) for name in ("media", "modality", "language", "digest", "chunks")})


def _names(path: str, root: Root) -> set[str]:
    """Return the ids under which a path, or a folder of the root around it, may have been forgotten."""
    places = [
        place for place in (Path(path), *Path(path).parents) if place != Path(root.path) and is_within(str(place), root.path)
    ]
    return {source_id(str(place)) for place in places}


def _blocked(path: str, root: Root) -> bool:
    return bool(root.forgotten) and not _names(path, root).isdisjoint(root.forgotten)
