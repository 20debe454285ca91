"""Single passages that a person had erased: taken out of their files' memory, and kept out whenever those are read again.

Called by the service; the rules are asked by the pipeline.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.domain.document import Chunk, Source
from assistant.domain.errors import NotRememberedError
from assistant.domain.forgotten import StoneKind, Tombstone, marked, stretches, windows
from assistant.domain.left_out import NOTHING_LEFT, Places, without
from assistant.memory.embed import cache_keys
from assistant.memory.store import Prepared, Stores
from assistant.ports.forgetting import Tombstones

WORDS: tuple[StoneKind, ...] = ("words",)
PROOF: tuple[StoneKind, ...] = ("source", "chunk", "vector")

WriteText = Callable[[Sequence[Prepared]], Awaitable[list[Source]]]


@dataclass(frozen=True, slots=True)
class Graves:
    """Every tombstone of a memory, to be set again in records that were replaced by older ones."""

    stones: tuple[Tombstone, ...]
    key: bytes


class Passages:
    """Keeps the rules of what stays out, and rewrites what is remembered of a file without it."""

    def __init__(self, stores: Stores, stones: Tombstones, write_text: WriteText, now: Callable[[], datetime]) -> None:
        self._stores = stores
        self._stones = stones
        self._write_text = write_text
        self._now = now
        self._ruled: set[str] | None = None

    async def rules(self, source: str) -> tuple[frozenset[str], bytes]:
        """Return the marks of what stays out of a source, and their key; no marks when nothing does."""
        if self._ruled is None:  # asked for every file that is read, and hardly any has rules
            self._ruled = {stone.source_id for stone in await self._stones.standing(WORDS)}
        if source not in self._ruled:
            return frozenset(), b""
        stones = await self._stones.standing(WORDS, [source])
        return frozenset(stone.mark for stone in stones), await self._stones.key()

    async def sources_of(self, chunk_ids: Collection[str]) -> set[str]:
        """Return the ids of the sources of these passages; raises NotRememberedError when one of them is gone."""
        chunks = await self._stores.chunks.get(chunk_ids)
        if len(chunks) < len(set(chunk_ids)) or not chunks:
            raise NotRememberedError(
                "What you chose has changed since it was shown.", kept="Nothing was erased.", remedy="Search again and choose."
            )
        return {chunk.source_id for chunk in chunks.values()}

    async def erase(self, chunks: Sequence[Chunk]) -> list[Source]:
        """Take passages out of memory; return their sources, whose remaining passages may lack vectors.

        The rules come first: whatever happens afterwards, they keep the passages out.
        """
        key, at = await self._stones.key(), self._now()
        opened = [Tombstone(source_id=name, kind="open", mark="", at=at) for name in {chunk.source_id for chunk in chunks}]
        await self._stones.bury(
            opened
            + [
                Tombstone(source_id=chunk.source_id, kind="words", mark=mark, at=at)
                for chunk in chunks
                for mark in windows(chunk.text, key)
            ]
        )
        self._ruled = None
        doomed: dict[str, list[Chunk]] = defaultdict(list)
        for chunk in chunks:
            doomed[chunk.source_id].append(chunk)
        return await self._rewrite(doomed)

    async def unclean(self) -> list[str]:
        """Return the ids of sources whose forgotten passages may still have traces on the disk."""
        return [stone.source_id for stone in await self._stones.standing(("open",))]

    async def cleaned(self, source_ids: Collection[str]) -> None:
        """Note that no trace of the forgotten passages of these sources is left on the disk."""
        await self._stones.lift(source_ids, ("open",))

    async def enforce(self) -> list[Source]:
        """Take out what a kill left though its rules stand; return the sources it was still in."""
        return await self._rewrite({stone.source_id: [] for stone in await self._stones.standing(WORDS)})

    async def _rewrite(self, doomed: Mapping[str, Sequence[Chunk]]) -> list[Source]:
        sources = await self._stores.sources.get(doomed.keys())
        ready: list[Prepared] = []
        for source in sources.values():
            held = await self._stores.chunks.of_sources([source.id])
            places = _places(held, doomed[source.id], *await self.rules(source.id))
            if not places:
                continue
            gone = [chunk.text for chunk in doomed[source.id]] or [_cut(chunk, places) for chunk in held]
            kept = without(held, places, "\n".join(gone))
            reason = source.reason if kept else NOTHING_LEFT
            ready.append(Prepared(source.model_copy(update={"chunks": len(kept), "reason": reason}), tuple(kept)))
        written = await self._write_text(ready) if ready else []
        await self._bury_gone(ready, doomed)
        return written

    async def _bury_gone(self, ready: Sequence[Prepared], doomed: Mapping[str, Sequence[Chunk]]) -> None:
        """Set the stones of the proof: ids of passages, and keys of cached vectors that nothing remembered needs."""
        key, at = await self._stones.key(), self._now()
        for item in ready:
            left = {chunk.id for chunk in item.chunks}
            gone = [chunk for chunk in doomed[item.source.id] if chunk.id not in left]
            await self._stones.bury(stones_of(gone, key, at))

    async def lift(self, source_ids: Collection[str]) -> None:
        """Let files that are named themselves be remembered whole again: they are read anew."""
        named = await self._stores.sources.get(source_ids)
        ruled = {stone.source_id for stone in await self._stones.standing(WORDS, named.keys())}
        await self._stones.lift(named.keys() & ruled, (*WORDS, *PROOF))
        self._ruled = None
        unread = [named[name].model_copy(update={"modified": 0.0, "digest": ""}) for name in named.keys() & ruled]
        await self._stores.sources.put(unread)

    async def wanted(self, source_ids: Collection[str]) -> None:
        """Take away the proof of sources that are remembered again; what stays out of them stays out."""
        await self._stones.lift(source_ids, PROOF)

    async def graves(self) -> Graves:
        """Return everything that is kept of what was forgotten."""
        return Graves(tuple(await self._stones.standing((*WORDS, *PROOF))), await self._stones.key())

    async def restore(self, graves: Graves) -> None:
        """Set the stones again, under their own key, and take out what they keep out."""
        await self._stones.take_key(graves.key)
        await self._stones.bury(graves.stones)
        self._ruled = None
        await self.enforce()

    async def carry(self, moves: Sequence[tuple[str, str]]) -> None:
        """Let rules follow files that were moved: pairs of the id before and after."""
        for before, after in moves:
            await self._stones.carry(before, after)
        self._ruled = None

    async def returned(self) -> int:
        """Count remembered passages that hold what rules keep out: it must be none."""
        count = 0
        for name in {stone.source_id for stone in await self._stones.standing(WORDS)}:
            marks, key = await self.rules(name)
            held = await self._stores.chunks.of_sources([name])
            count += sum(bool(stretches(chunk.text, marks, key)) for chunk in held)
        return count


def stones_of(chunks: Sequence[Chunk], key: bytes, at: datetime) -> list[Tombstone]:
    """Return the stones that prove these chunks gone."""
    found = [Tombstone(source_id=chunk.source_id, kind="chunk", mark=marked(chunk.id, key), at=at) for chunk in chunks]
    return found + [
        Tombstone(source_id=chunk.source_id, kind="vector", mark=marked(name, key), at=at)
        for chunk in chunks
        for name in cache_keys([chunk])
    ]


def _places(held: Sequence[Chunk], doomed: Sequence[Chunk], marks: frozenset[str], key: bytes) -> Places:
    """Return where the parts of a source hold what goes: where it was chosen, and wherever its words stand again."""
    places: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for chunk in doomed:
        places[chunk.part].append((chunk.offset, chunk.offset + len(chunk.text)))
    for chunk in held:
        spans = [(chunk.offset + start, chunk.offset + end) for start, end in stretches(chunk.text, marks, key)]
        if spans:
            places[chunk.part] += spans
    return places


def _cut(chunk: Chunk, places: Places) -> str:
    """Return what of a chunk lies in these places."""
    return " ".join(
        chunk.text[max(0, start - chunk.offset) : max(0, end - chunk.offset)] for start, end in places.get(chunk.part, ())
    )
