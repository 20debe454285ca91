"""Runs the golden set: does recall find the answering passage, does the answer cite it, does Mneme know when it does not know.

Called by `app` for `mneme eval --golden`.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assistant.domain.answer import Answer, Citation
from assistant.domain.base import Value
from assistant.domain.document import Document
from assistant.domain.errors import ReadError
from assistant.domain.lines import line_range, line_starts
from assistant.domain.memory import Cite, Hit
from assistant.eval.metrics import mean, ndcg, percentile, reciprocal_rank
from assistant.eval.metrics import recall as recall_at
from assistant.eval.workbench import Looked, Workbench
from assistant.memory.recall import RetrieverName
from assistant.orchestrator.intent import analyse

RELEVANT = "answer"


class GoldenAnswer(Value):
    """A passage that answers: `text` stands letter for letter in the file (or in its extracted text) at the place."""

    path: str
    text: str
    line: int | None = None
    line_end: int | None = None
    page: int | None = None
    cell: int | None = None


class GoldenCase(Value):
    """A question; any one of its answers is enough, and without answers Mneme should abstain."""

    id: str
    lang: str
    question: str
    answers: tuple[GoldenAnswer, ...]
    answerable: bool
    kind: str


@dataclass(slots=True)
class Outcome:
    """What happened to one case."""

    case: GoldenCase
    ranked: list[str]
    answer: Answer
    took_ms: float
    cited_right: int
    broken: list[str]


async def run_golden(
    bench: Workbench, folder: Path, use: RetrieverName, progress: Callable[[str], None]
) -> tuple[dict[str, float], list[str]]:
    """Return figures (overall, and per language with a `lang.` prefix) and what went wrong, a line each."""
    cases = read_cases(folder / "cases.jsonl")
    corpus = (folder / "corpus").resolve()
    progress("indexing the golden corpus")
    indexed = await bench.remember(corpus)
    progress(f"asking {len(cases)} questions")
    documents: dict[str, Document] = {}

    async def document(path: str) -> Document:
        if path not in documents:
            documents[path] = await bench.reread(path)
        return documents[path]

    outcomes: list[Outcome] = []
    for case in cases:
        places = [(corpus / found.path, found, await document(str(corpus / found.path))) for found in case.answers]
        query = analyse(case.question).query
        result = await bench.recall(query.model_copy(update={"k": 20}), use)
        answer = await bench.ask(case.question)
        cites = [_cite_of(citation) for citation in answer.citations]
        outcomes.append(
            Outcome(
                case=case,
                ranked=[_judge(hit, places, rank) for rank, hit in enumerate(result.items)],
                answer=answer,
                took_ms=result.took_ms,
                cited_right=sum(_any_match(cite, places) for cite in cites),
                broken=[c.path for c in answer.citations if not holds(c, await document(c.path))],
            )
        )
    failures = [f"not indexed: {reason}" for reason in indexed.failed]
    failures += [f"{o.case.id}: a citation does not hold in {path}" for o in outcomes for path in o.broken]
    return figures(outcomes), failures


async def golden_recall(bench: Workbench, folder: Path) -> dict[str, float]:
    """Return what recall alone finds of the answerable questions: enough to compare two models, in a fraction of the time."""
    found = await golden_hits(bench, folder, 20)
    ranks = [[RELEVANT if right else f"other {rank}" for rank, right in enumerate(one.right)] for one in found]
    took = [one.result.took_ms for one in found]
    measured = {**_ranked(ranks), "query_p50_ms": percentile(took, 0.5), "query_p95_ms": percentile(took, 0.95)}
    return {**{key: round(value, 4) for key, value in measured.items()}, "questions": float(len(found))}


async def golden_hits(bench: Workbench, folder: Path, k: int) -> list[Looked]:
    """Return the first `k` hits of each answerable question, and which of them answer it."""
    cases = [case for case in read_cases(folder / "cases.jsonl") if case.answerable]
    corpus = (folder / "corpus").resolve()
    await bench.remember(corpus)
    documents: dict[str, Document] = {}
    asked: list[Looked] = []
    for case in cases:
        places: list[tuple[Path, GoldenAnswer, Document]] = []
        for found in case.answers:
            path = str(corpus / found.path)
            documents[path] = documents.get(path) or await bench.reread(path)
            places.append((Path(path), found, documents[path]))
        query = analyse(case.question).query.model_copy(update={"k": k})
        result = await bench.recall(query, "hybrid")
        right = [_judge(hit, places, rank) == RELEVANT for rank, hit in enumerate(result.items)]
        asked.append(Looked(query.text, result, right))
    return asked


def read_cases(path: Path) -> list[GoldenCase]:
    """Read the questions; raises ReadError naming the file."""
    try:
        rows: list[dict[str, Any]] = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        return [GoldenCase.model_validate(row) for row in rows]
    except (OSError, ValueError, ValidationError) as error:
        raise ReadError(f"The golden set cannot be read: {path}: {error}.", kept="Nothing was indexed.") from error


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return all figures of a run, rounded to four digits."""
    found: dict[str, float] = dict(_retrieval([o for o in outcomes if o.case.answerable]))
    answerable = [o for o in outcomes if o.case.answerable]
    hopeless = [o for o in outcomes if not o.case.answerable]
    answered = [o for o in answerable if not o.answer.abstained]
    citations = sum(len(o.answer.citations) for o in answered)
    everything = sum(len(o.answer.citations) for o in outcomes)
    found |= {
        "citation_precision": sum(o.cited_right for o in answered) / citations if citations else 0.0,
        "citations_held": 1.0 - sum(len(o.broken) for o in outcomes) / everything if everything else 1.0,
        "answered_rightly": mean([float(o.cited_right > 0) for o in answered]),
        "abstention_recall": mean([float(o.answer.abstained) for o in hopeless]),
        "abstention_wrong": mean([float(o.answer.abstained) for o in answerable]),
        "query_p50_ms": percentile([o.took_ms for o in outcomes], 0.5),
        "query_p95_ms": percentile([o.took_ms for o in outcomes], 0.95),
        "questions": float(len(outcomes)),
    }
    for lang in sorted({o.case.lang for o in outcomes}):
        part = [o for o in answerable if o.case.lang == lang]
        found |= {f"{lang}.{key}": value for key, value in _retrieval(part).items()}
    return {key: round(value, 4) for key, value in found.items()}


def _retrieval(outcomes: Sequence[Outcome]) -> dict[str, float]:
    return _ranked([o.ranked for o in outcomes])


def _ranked(ranks: Sequence[list[str]]) -> dict[str, float]:
    wanted = {RELEVANT: 1.0}
    return {
        "recall@20": mean([recall_at(ranked, wanted, 20) for ranked in ranks]),
        "ndcg@10": mean([ndcg(ranked, wanted, 10) for ranked in ranks]),
        "mrr@10": mean([reciprocal_rank(ranked, wanted, 10) for ranked in ranks]),
    }


def _judge(hit: Hit, places: Sequence[tuple[Path, GoldenAnswer, Document]], rank: int) -> str:
    """Name the first hit on any answer RELEVANT; further ones add nothing, since one answer is enough."""
    return RELEVANT if any(_any_match(cite, places) for cite in (hit.cite, *hit.also)) else f"other {rank}"


def _any_match(cite: Cite, places: Sequence[tuple[Path, GoldenAnswer, Document]]) -> bool:
    return any(cite.path == str(path) and _overlaps(cite, answer, document) for path, answer, document in places)


def _overlaps(cite: Cite, answer: GoldenAnswer, document: Document) -> bool:
    if answer.page is not None:
        return cite.page == answer.page
    if answer.cell is not None:
        return cite.cell is not None and cite.cell.rpartition(" ")[2].partition("-")[0] == str(answer.cell)
    first, last = (answer.line, answer.line_end or answer.line) if answer.line else _find(answer.text, document)
    if first is None or last is None or cite.line is None:
        return False
    return cite.line <= last and (cite.line_end or cite.line) >= first


def _find(text: str, document: Document) -> tuple[int | None, int | None]:
    """Return the lines of a text in an extracted document, whatever its white space."""
    words = text.split()
    for part in document.parts:
        starts, squeezed, offsets = line_starts(part.text), "", list[int]()
        for at, letter in enumerate(part.text):
            if not letter.isspace():
                squeezed += letter
                offsets.append(at)
        at = squeezed.find("".join(words))
        if at >= 0:
            return line_range(starts, offsets[at], offsets[at + len("".join(words)) - 1] + 1)
    return None, None


def _cite_of(citation: Citation) -> Cite:
    return Cite(**citation.model_dump(include=set(Cite.model_fields)))


def holds(citation: Citation, document: Document) -> bool:
    """Tell whether the quote stands letter for letter at the cited place of the document as it is now."""
    for part in document.parts:
        if citation.page not in (None, part.number) and part.kind == "page":
            continue
        starts = line_starts(part.text)
        at = part.text.find(citation.quote)
        while at >= 0:
            if citation.line is None or line_range(starts, at, at + len(citation.quote)) == (
                citation.line,
                citation.line_end,
            ):
                return True
            at = part.text.find(citation.quote, at + 1)
    return False
