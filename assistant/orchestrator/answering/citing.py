"""Makes numbered citations of quotes: letter for letter, with the exact place. Used by `extract`."""

from assistant.domain.answer import Citation
from assistant.domain.memory import Evidence, cite_at
from assistant.orchestrator.answering.passages import place


def cite(evidence: Evidence, start: int, end: int, n: int) -> Citation:
    """Return citation `n` of `evidence.text[start:end]`."""
    return Citation(
        **cite_at(evidence.path, place(evidence, start, end)).model_dump(),
        n=n,
        quote=evidence.text[start:end],
        hash=evidence.digest,
        chunk_id=evidence.chunk_id,
        scope=evidence.scope,
        sensitive=evidence.sensitive,
    )
