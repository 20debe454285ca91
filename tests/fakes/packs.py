"""Builds context packs for the tests of answering and of the critic."""

from assistant.domain.document import Span
from assistant.domain.memory import ContextPack, Evidence


def evidence(
    text: str, n: int = 1, *, span: Span | None = None, language: str = "en", scope: str = "", path: str = "", score: float = 0.8
) -> Evidence:
    lines = text.count("\n")
    return Evidence(
        n=n,
        chunk_id=f"mi_{n}",
        source_id=f"source {n}",
        path=path or f"/notes/file{n}.md",
        span=span or Span(unit="line", start=10, end=10 + lines),
        part=0,
        offset=100,
        text=text,
        scope=scope,
        language=language,
        digest=f"digest {n}",
        score=score,
        dense=None,
    )


def pack(*held: Evidence) -> ContextPack:
    return ContextPack(query="q", evidence=held, tokens=10, budget=1500)
