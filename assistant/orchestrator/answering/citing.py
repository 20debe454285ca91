"""Makes numbered citations of quotes: letter for letter, with the exact place. Used by `extract`."""

from assistant.domain.answer import Citation
from assistant.domain.memory import Evidence
from assistant.orchestrator.answering.passages import place


def cite(evidence: Evidence, start: int, end: int, n: int) -> Citation:
    """Return citation `n` of `evidence.text[start:end]`."""
    span = place(evidence, start, end)
    line, line_end = (span.start, span.end) if span.unit == "line" else (span.line, span.line_end)
    cell = f"{span.label or 'cell'} {span.start}" + (f"-{span.end}" if span.end != span.start else "")
    return Citation(
        n=n,
        path=evidence.path,
        line=line or None,
        line_end=line_end or None,
        page=span.start if span.unit == "page" else None,
        cell=cell if span.unit == "cell" else None,
        quote=evidence.text[start:end],
        hash=evidence.digest,
        chunk_id=evidence.chunk_id,
        scope=evidence.scope,
    )
