"""Keeps a question within its filters: which sources, modalities and languages, and which words and phrases not."""

from collections.abc import Collection, Mapping

from assistant.domain.document import Chunk, Modality, Source
from assistant.domain.language import composed, stem, stems
from assistant.domain.memory import Scope
from assistant.memory.recall.exact import as_said, said_as
from assistant.memory.recall.hints import hinted
from assistant.ports.records import ChunkStore, SourceStore

SOURCES_PER_LOOK = 20
"""Sources whose chunks are loaded at a time when a question only filters."""


def narrowed(scope: Scope, modality: tuple[Modality, ...]) -> Scope | None:
    """Return the scope within these modalities as well (empty: all); None when nothing can be in both."""
    if not modality or not scope.modality:
        return scope.model_copy(update={"modality": scope.modality or modality})
    both = tuple(one for one in scope.modality if one in modality)
    return scope.model_copy(update={"modality": both}) if both else None


async def sources_within(scope: Scope, sources: SourceStore) -> dict[str, Source] | None:
    """Return the remembered sources by id that the scope's paths and times let through; None when it names neither.

    Looks at every source: some 10 µs each, paid by such questions alone.
    """
    if not scope.by_source:
        return None
    within = hinted(scope.paths) if scope.paths else None
    barred = hinted(scope.not_paths)
    return {
        source.id: source
        for source in await sources.find()
        if (within is None or within(source))
        and not barred(source)
        and (scope.since is None or source.modified >= scope.since)
        and (scope.until is None or source.modified < scope.until)
    }


async def newest(scope: Scope, sources: Collection[Source], chunks: ChunkStore, size: int) -> list[str]:
    """Return at most `size` ids of chunks that the scope lets through, those of the sources changed last first."""
    found: list[str] = []
    order = sorted(sources, key=lambda source: (-source.modified, source.path))
    for start in range(0, len(order), SOURCES_PER_LOOK):
        of = await chunks.of_sources([source.id for source in order[start : start + SOURCES_PER_LOOK]])
        clean = wanted(scope, {chunk.id: chunk for chunk in of})
        found += [
            chunk.id
            for chunk in of
            if chunk.id in clean
            and (not scope.languages or chunk.language in scope.languages)
            and (not scope.modality or chunk.modality in scope.modality)
        ]
        if len(found) >= size:
            break
    return found[:size]


def wanted(scope: Scope, chunks: Mapping[str, Chunk]) -> set[str]:
    """Return the ids of the chunks in no barred language that hold no barred phrase and no barred word in any of its forms."""
    barred = {stem(word) for word in scope.without}
    phrases = [said_as(phrase) for phrase in scope.without_phrases]
    found: set[str] = set()
    for key, chunk in chunks.items():
        if chunk.language in scope.not_languages or (barred and not barred.isdisjoint(stems(composed(chunk.text)))):
            continue
        said = as_said(chunk.text) if phrases else ""
        if not any(phrase.search(said) for phrase in phrases):
            found.add(key)
    return found
