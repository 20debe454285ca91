"""Questions to the SQLite text index: the engine proposes rows, BM25 as Tantivy counts it ranks them. Used by `fts_sparse`."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence

from assistant.adapters.store.fts_schema import FIELDS, NATIVE
from assistant.adapters.store.sparse_query import (
    BM25_B,
    BM25_K1,
    FieldStem,
    attainable,
    rarity,
    runs,
    unwanted,
    weights,
)
from assistant.adapters.store.sparse_stems import stems
from assistant.adapters.store.sparse_text import sound, words
from assistant.adapters.store.sqlite_database import Connection, slices
from assistant.ports.stores import Scored, SparseQuery

CANDIDATES = 300
"""Fewest rows that the engine proposes for ranking; one and a half times what is asked for when that is more."""

ENOUGH = 2500
"""Rows that hold a rare word of the question after which common words alone make no row a candidate."""

LAST = "\U0010ffff"


def search(connection: Connection, query: SparseQuery, k: int) -> list[Scored]:
    """Return at most `k` rows, best first; scores are BM25, > 0."""
    weighed = weights(query, stems)
    if not weighed or k < 1:
        return []
    sums = {str(field): int(total) for field, total in connection.rows("SELECT field, words FROM sums")}
    holding = _holding(connection, weighed)
    if not holding:
        return []
    phrases = runs(query, stems)
    limits = list(_limits(query))
    # Texts are read after the choice: sorting would carry those of every row that matches.
    filtered = "".join(f" AND {column} IN (SELECT value FROM json_each(?))" for column, _ in limits)
    joined = "JOIN rows ON rows.id = words.rowid" if limits else ""
    rows = connection.rows(
        f"WITH chosen AS (SELECT words.rowid AS id FROM words {joined} WHERE words MATCH ?{filtered} ORDER BY {NATIVE} LIMIT ?) "
        "SELECT rows.chunk, rows.body, rows.symbols, rows.path FROM chosen JOIN rows ON rows.id = chosen.id",
        (
            _expression(weighed, holding, phrases, unwanted(query, stems)),
            *(values for _, values in limits),
            max(CANDIDATES, k + k // 2),
        ),
    )
    ranking = Ranking(weighed, phrases, holding, sums)
    most = attainable(weighed, sums["rows"], lambda key: holding.get(key, 0))
    scored = sorted(((ranking.score(texts), str(chunk)) for chunk, *texts in rows), key=lambda hit: (-hit[0], hit[1]))
    return [Scored(chunk, score, min(1.0, score / most)) for score, chunk in scored[:k] if score > 0]


def frequencies(connection: Connection, asked: Collection[str]) -> dict[str, int]:
    """Return in how many bodies each word stands; one of several parts where its whole is."""
    wholes = {word: [stem for whole in words(sound(word))[:1] for stem in stems(whole)] for word in asked}
    holding = _holding(connection, {("body", stem) for found in wholes.values() for stem in found})
    return {word: min((holding.get(("body", stem), 0) for stem in found), default=0) for word, found in wholes.items()}


def beginning(connection: Connection, prefix: str) -> dict[str, int]:
    """Return the stems of bodies that begin so, with the number of bodies that hold each."""
    first = sound(prefix).lower()
    found = connection.rows("SELECT term, doc FROM held WHERE term >= ? AND term < ? AND col = 'body'", (first, first + LAST))
    return {str(term): int(rows) for term, rows in found}


def _holding(connection: Connection, keys: Collection[FieldStem]) -> dict[FieldStem, int]:
    """Return the number of rows that hold each (field, stem), without those that none holds."""
    found: dict[FieldStem, int] = {}
    for marks, part in slices(stem for _, stem in keys):
        held = connection.rows(f"SELECT col, term, doc FROM held WHERE term IN ({marks})", part)
        found |= {(field, stem): int(rows) for field, stem, rows in held if (field, stem) in keys}
    return found


def _limits(query: SparseQuery) -> Iterator[tuple[str, str]]:
    """Yield each column that is restricted with the list of its values as JSON."""
    if query.modality:
        yield "modality", json.dumps(query.modality)
    if query.languages:
        yield "language", json.dumps([sound(language) for language in query.languages])
    if query.sources is not None:
        yield "source", json.dumps([sound(source) for source in query.sources])


def _expression(
    weighed: Collection[FieldStem],
    holding: Mapping[FieldStem, int],
    phrases: Sequence[Sequence[str]],
    without: Collection[str],
) -> str:
    """Return what the engine is to match: any of the words, none of the unwanted ones. Stems are \\w and dots: quoting holds.

    Words are looked up by rarity; once ENOUGH rows hold one of them, commoner ones only help to rank those rows. A word
    asked of every field is looked up once, since the engine counts its rows anew for each mention.
    """
    held: dict[str, int] = {}
    for (_, stem), rows in holding.items():
        held[stem] = held.get(stem, 0) + rows
    rare = [f'body : "{" ".join(run)}"' for run in phrases]
    common: list[str] = []
    met = 0
    for stem in sorted(held, key=lambda stem: (held[stem], stem)):
        fields = [field for field in FIELDS if (field, stem) in weighed]
        where = "" if len(fields) == len(FIELDS) else f"{{{' '.join(fields)}}} : "
        (rare if met < ENOUGH else common).append(f'{where}"{stem}"')
        met += held[stem]
    wanted = f"({' OR '.join(rare)})"
    if common:
        wanted = f"({wanted} AND ({' OR '.join([*rare, *common])}))"
    barred = [f'body : "{stem}"' for stem in sorted(without)]
    return f"{wanted} NOT ({' OR '.join(barred)})" if barred else wanted


class Ranking:
    """BM25 of one question: each field's words for themselves, and phrases in bodies, as Tantivy adds them up."""

    def __init__(
        self,
        weighed: Mapping[FieldStem, float],
        phrases: Sequence[Sequence[str]],
        holding: Mapping[FieldStem, int],
        sums: Mapping[str, int],
    ) -> None:
        rows = sums["rows"]
        self._averages = [max(sums[field], 1) / max(rows, 1) for field in FIELDS]
        self._worth = [
            [
                (_among([stem]), weighed[where, stem] * rarity(rows, held) * (BM25_K1 + 1))
                for (where, stem), held in holding.items()
                if where == field
            ]
            for field in FIELDS
        ]
        self._phrases = [
            (_among(run), sum(rarity(rows, holding.get(("body", stem), 0)) for stem in run) * (BM25_K1 + 1)) for run in phrases
        ]

    def score(self, texts: Sequence[str]) -> float:
        """Return the score of a row by its analysed fields, in their order."""
        total = 0.0
        for place, text in enumerate(texts):
            worth = self._worth[place]
            if not text or not worth:
                continue
            norm = BM25_K1 * (1 - BM25_B + BM25_B * (text.count(" ") + 1) / self._averages[place])
            # Counting in the text is several times faster than cutting it, and some 300 rows are ranked for a question.
            spread = f" {text.replace(' ', '  ')} "
            for pattern, value in (*worth, *self._phrases) if place == 0 else worth:
                if seen := spread.count(pattern):
                    total += value * seen / (seen + norm)
        return total


def _among(stems: Sequence[str]) -> str:
    """Return stems in a row as they are counted: each between blanks of its own, so that neighbours share none."""
    return f" {'  '.join(stems)} "
