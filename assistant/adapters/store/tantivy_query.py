"""Turns a SparseQuery into a query tree of Tantivy. Used by `tantivy_sparse` alone."""

from collections.abc import Mapping
from typing import Any

import tantivy as untyped

from assistant.adapters.store.sparse_query import FieldStem, Stems, runs, unwanted
from assistant.adapters.store.sparse_text import sound
from assistant.ports.stores import SparseQuery

tantivy: Any = untyped


def query_tree(schema: Any, query: SparseQuery, weighed: Mapping[FieldStem, float], stems: Stems) -> Any:
    """Return the tree to search with: what is asked for adds up, filters and unwanted words only let through."""
    make, boost = tantivy.Query.term_query, tantivy.Query.boost_query
    wanted = [boost(make(schema, field, stem, "freq"), weight) for (field, stem), weight in weighed.items()]
    wanted += [tantivy.Query.phrase_query(schema, "body", run) for run in runs(query, stems)]
    should, must, never = tantivy.Occur.Should, tantivy.Occur.Must, tantivy.Occur.MustNot
    tree = tantivy.Query.boolean_query([(should, one) for one in wanted])
    limits = [(must, tantivy.Query.const_score_query(one, 0.0)) for one in _filters(schema, query)]
    limits += [(never, make(schema, "body", stem, "freq")) for stem in unwanted(query, stems)]
    return tantivy.Query.boolean_query([(must, tree), *limits]) if limits else tree


def _filters(schema: Any, query: SparseQuery) -> list[Any]:
    of_set = tantivy.Query.term_set_query
    found: list[Any] = []
    if query.modality:
        found.append(of_set(schema, "modality", list(query.modality)))
    if query.languages:
        found.append(of_set(schema, "language", [sound(language) for language in query.languages]))
    if query.sources is not None:
        found.append(of_set(schema, "source", [sound(source) for source in query.sources]))
    return found
