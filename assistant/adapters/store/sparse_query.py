"""What a question weighs in each field of a text index, the same for every engine. Used by `tantivy_sparse` and `fts_sparse`."""

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from assistant.adapters.store.sparse_text import asked, sound, words
from assistant.ports.stores import SparseQuery

FieldStem = tuple[str, str]
Stems = Callable[[str], Sequence[str]]
"""Returns the stems of a word, usually one."""

MOST_TERMS = 200
"""Different stems of one question that are looked up; whole pages pasted as a question would take seconds otherwise."""

TEXT_BOOSTS = {"body": 1.0, "symbols": 0.6, "path": 0.25}
"""What a plain word of the question counts for in each field: the text first, names it defines, where it lies."""

SYMBOL_BOOSTS = {"body": 0.5, "symbols": 1.5, "path": 0.25}
"""The same for words given as code symbols."""

PATH_BOOSTS = {"path": 1.0}
"""The same for words given as file hints."""

BM25_K1 = 1.2
BM25_B = 0.75
"""The constants that both engines have built in."""


def weights(query: SparseQuery, stems: Stems) -> dict[FieldStem, float]:
    """Return the boost of each (field, stem) to look up; user text never meets a query parser."""
    found: defaultdict[FieldStem, float] = defaultdict(float)
    # The words of a phrase count for those rows too that hold them apart.
    _weigh(found, asked(sound(" ".join([query.text, *query.phrases]))), TEXT_BOOSTS, stems)
    _weigh(found, [word for text in query.symbols for word in words(sound(text))], SYMBOL_BOOSTS, stems)
    _weigh(found, [word for text in query.paths for word in words(sound(text))], PATH_BOOSTS, stems)
    for text, share in query.instead:
        _weigh(found, words(sound(text)), {field: boost * share for field, boost in TEXT_BOOSTS.items()}, stems)
    return dict(found)


def runs(query: SparseQuery, stems: Stems) -> list[list[str]]:
    """Return the stems of each phrase in the order in which a body holds them; a phrase of one word is a word."""
    found = [[stem for word in words(sound(text)) for stem in stems(word)][:MOST_TERMS] for text in query.phrases]
    return [run for run in found if len(run) > 1]


def unwanted(query: SparseQuery, stems: Stems) -> set[str]:
    """Return the stems that no found body may hold; of a name of several parts the whole, since the parts are other words."""
    return {stem for text in query.without for word in words(sound(text))[:1] for stem in stems(word)}


def rarity(rows: int, holding: int) -> float:
    """Return BM25's weight of a word that `holding` of `rows` rows hold; never negative."""
    return math.log(1 + (rows - holding + 0.5) / (holding + 0.5))


def attainable(weighed: Mapping[FieldStem, float], rows: int, holding: Callable[[FieldStem], int]) -> float:
    """Return the BM25 of a body in which every asked stem is so frequent that one more adds nothing."""
    total = sum(weight * rarity(rows, holding(key)) * (BM25_K1 + 1) for key, weight in weighed.items() if key[0] == "body")
    return max(total, sys.float_info.min)


def _weigh(found: defaultdict[FieldStem, float], given: Iterable[str], boosts: Mapping[str, float], stems: Stems) -> None:
    counted = Counter(stem for word in given for stem in stems(word))
    for stem, times in list(counted.items())[:MOST_TERMS]:
        for field, boost in boosts.items():
            found[field, stem] += boost * times
