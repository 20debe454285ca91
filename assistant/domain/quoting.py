"""Quotes of evidence: where a stretch of it stands, and the numbered citation of it. Pure; used by answering and by tools."""

from assistant.domain.answer import Citation
from assistant.domain.document import Span
from assistant.domain.language import vocabulary
from assistant.domain.lines import line_range, line_starts
from assistant.domain.memory import Evidence, cite_at

_PROGRAM = vocabulary(
    """
    python javascript typescript tsx rust go java c cpp csharp ruby php bash sql css json yaml toml xml kotlin swift scala
    lua perl r dart haskell elixir erlang clojure julia zig powershell batch vue svelte graphql protobuf hcl cmake make
    dockerfile ini objc ocaml fsharp groovy nix vim asm solidity diff
    """
)


def is_code(evidence: Evidence) -> bool:
    """Tell source code from prose by the language the chunker gave it."""
    return evidence.language in _PROGRAM


def place(evidence: Evidence, start: int, end: int) -> Span:
    """Return the span of `evidence.text[start:end]`: lines counted from the evidence's own first line."""
    text = evidence.text[start:end]
    start += len(text) - len(text.lstrip())
    first, last = line_range(line_starts(evidence.text), start, max(start, end))
    span = evidence.span
    base = span.start if span.unit == "line" else span.line
    if base < 1:
        return span
    line, line_end = base + first - 1, base + last - 1
    if span.unit == "line":
        return span.model_copy(update={"start": line, "end": line_end})
    if span.unit == "cell" and (span.start, span.end) == (span.line, span.line_end):
        return span.model_copy(update={"start": line, "end": line_end, "line": line, "line_end": line_end})
    return span.model_copy(update={"line": line, "line_end": line_end})


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
