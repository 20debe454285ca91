"""Holds texts against their digests, vectors of the index against cached ones, and words against the text index.

Called by verification, and by rebuilding, which makes anew what differs.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

import numpy as np

from assistant.domain.document import SourceState, chunk_id
from assistant.domain.errors import DamagedError
from assistant.memory.embed import cache_key, embedded_text, takes_part
from assistant.memory.store import Stores
from assistant.ports.content import Embedder
from assistant.ports.records import ChunkLine, VectorCache
from assistant.ports.stores import Optimisable, SparseQuery, Vector

PAGE = 500
SAMPLE = 20_000
"""Vectors compared unless all are asked for."""
PROBED = 200
"""Chunks whose words are looked up unless more are asked for."""
WORDS = 3
MOST_ROWS = 1000
"""Hits of one word in one source: where there are more, the word tells nothing."""
SAME = 0.999
"""Cosine from which two vectors are the same one: an engine that halves its numbers stays above .99999."""
ALIKE = 0.95
"""Cosine from which two vectors may be of one text: an int8 model rounds by all that it embeds at once (.98 and more seen)."""

# Words that any analyser leaves whole: letters of one script, with nothing but spaces and stops around them.
_WORD = re.compile(r"(?<![^\s.,;:!?()\"'])(?:[A-Za-z]{5,20}|[А-Яа-я]{5,20})(?![^\s.,;:!?()\"'])")

Tell = Callable[[int, int], None]
"""Hears how many chunks of how many were looked at."""


def unheard(_done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass
class Contents:
    """What was looked at, and the chunks that differ: by id, their source (`torn`), or the key of the cached vector (`bent`).

    `alike` are those whose vector may have been computed at another time than the cached one.
    """

    texts: int = 0
    torn: dict[str, str] = field(default_factory=dict[str, str])
    vectors: int = 0
    bent: dict[str, str] = field(default_factory=dict[str, str])
    alike: dict[str, str] = field(default_factory=dict[str, str])
    probed: int = 0
    unfound: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Looking:
    """What contents are compared with: `held` hands out the vectors of the index; without a model there are none.

    Without `probe` no words are looked up.
    """

    stores: Stores
    embedder: Embedder | None
    cache: VectorCache
    held: Optimisable | None
    probe: bool = True


async def contents(look: Looking, full: bool = False, tell: Tell = unheard) -> Contents:
    """Look at every text; at vectors and words of a sample spread evenly, or (`full`) at every vector and ten times the words."""
    total = (await look.stores.chunks.totals()).chunks
    probed = PROBED * 10 if full else PROBED
    each_page = 1 if full else max(1, -(-total // SAMPLE))
    each_chunk = max(1, total // probed)
    found, after, number, seen = Contents(), 0, 0, 0
    tell(0, total)
    while lines := await look.stores.chunks.lines(after, PAGE, texts=True):
        after = lines[-1].place
        found.texts += len(lines)
        found.torn |= {line.chunk_id: line.source_id for line in lines if _torn(line)}
        if number % each_page == 0:
            await _vectors(look, lines, found)
        if look.probe:
            await _words(look, lines[-seen % each_chunk :: each_chunk], found)
        number, seen = number + 1, seen + len(lines)
        tell(min(seen, total), total)
    if found.alike:
        found.bent |= await _unexplained(look, found.alike)
    return found


async def mend(look: Looking) -> int:
    """Take away what differs, so that the next replay makes it anew; return how many chunks that were.

    A torn text is read again from its file, a vector computed again, a text row written again from the records.
    """
    try:
        found = await contents(look, full=True)
    except DamagedError:  # an index that cannot be asked is written anew as a whole
        found = await contents(replace(look, held=None, probe=False), full=True)
    stores = look.stores
    sources = await stores.sources.get(set(found.torn.values()))
    unread = {"state": SourceState.QUEUED, "digest": "", "modified": 0.0}
    await stores.sources.put([source.model_copy(update=unread) for source in sources.values()])
    if found.bent:
        await look.cache.erase(found.bent.values())
        if stores.dense is not None:
            await stores.dense.delete(found.bent)
            await stores.dense.commit()
    if found.unfound:
        await stores.sparse.delete(found.unfound)
        await stores.sparse.commit()
    return len(found.torn) + len(found.bent) + len(found.unfound)


def _torn(line: ChunkLine) -> bool:
    """Tell whether a text is not the one its digest was made of, or an id not that of its place and text."""
    digest = sha256(line.text.encode("utf-8", "surrogatepass")).hexdigest()
    return digest != line.digest or line.chunk_id != chunk_id(line.source_id, line.part, line.offset, line.digest)


async def _vectors(look: Looking, lines: Sequence[ChunkLine], found: Contents) -> None:
    if look.embedder is None or look.held is None:
        return
    keys = {line.chunk_id: cache_key(embedded_text(line)) for line in lines if takes_part(line, look.embedder)}
    cached = await look.cache.get(look.embedder.model, set(keys.values()))
    held = await look.held.vectors([name for name, key in keys.items() if key in cached])
    found.vectors += len(held)
    for name, vector in held.items():
        cosine = _cosine(vector, cached[keys[name]])
        if cosine < SAME:
            (found.alike if cosine >= ALIKE else found.bent)[name] = keys[name]


async def _unexplained(look: Looking, alike: Mapping[str, str]) -> dict[str, str]:
    """Return those of which no other chunk of the same text holds the cached vector.

    A text that two files share is embedded anew when one of them went and a third came: the second keeps the older vector.
    """
    assert look.embedder is not None
    assert look.held is not None
    cached, after = await look.cache.get(look.embedder.model, set(alike.values())), 0
    keys = set(cached)
    while lines := await look.stores.chunks.lines(after, PAGE, texts=True):
        after = lines[-1].place
        twins = {line.chunk_id: key for line in lines if (key := cache_key(embedded_text(line))) in keys}
        held = await look.held.vectors([name for name in twins if name not in alike])
        keys -= {twins[name] for name, vector in held.items() if _cosine(vector, cached[twins[name]]) >= SAME}
    return {name: key for name, key in alike.items() if key in keys}


def _cosine(one: Vector, other: Vector) -> float:
    """Return the cosine of two vectors; -1 where one is not finite or of another length."""
    if one.shape != other.shape:
        return -1.0
    lengths = float(np.linalg.norm(one)) * float(np.linalg.norm(other))
    cosine = float(one @ other) / lengths if lengths else 0.0
    return cosine if np.isfinite(cosine) else -1.0


async def _words(look: Looking, lines: Sequence[ChunkLine], found: Contents) -> None:
    """Look up the longest words of chunks, each by itself among the rows of their source."""
    for line in lines:
        words = sorted(set(_WORD.findall(line.text)), key=len)[-WORDS:]
        if not words:
            continue
        found.probed += 1
        for word in words:
            query = SparseQuery(word, sources=frozenset({line.source_id}))
            hits = await look.stores.sparse.search(query, MOST_ROWS)
            if len(hits) < MOST_ROWS and line.chunk_id not in {hit.chunk_id for hit in hits}:
                found.unfound.append(line.chunk_id)
                break
