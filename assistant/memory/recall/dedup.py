"""Folds near-duplicate hits into the best one. Pure; called by the retriever."""

from collections.abc import Mapping, Sequence

from assistant.domain.simhash import distance
from assistant.ports.records import Candidate


def fold(ranked: Sequence[str], chunks: Mapping[str, Candidate], bits: int, k: int) -> list[tuple[str, list[str]]]:
    """Return at most `k` (chunk id, ids folded into it), keeping order.

    Two chunks are duplicates when their texts are equal, or when their SimHashes differ in at most `bits` bits and
    they are of like length; a chunk is compared with those kept before it, so the best-ranked one always stays.
    """
    kept: list[tuple[str, list[str]]] = []
    for chunk_id in ranked:
        chunk = chunks[chunk_id]
        twin = next((folded for other, folded in kept if _alike(chunks[other], chunk, bits)), None)
        if twin is not None:
            twin.append(chunk_id)
        elif len(kept) < k:
            kept.append((chunk_id, []))
        else:
            break
    return kept


def _alike(one: Candidate, other: Candidate, bits: int) -> bool:
    if one.digest == other.digest:
        return True
    shorter, longer = sorted((one.size, other.size))
    return shorter * 10 >= longer * 9 and distance(one.simhash, other.simhash) <= bits
