"""Runs a test collection in BEIR's layout through the real pipeline. Called by `app` for `mneme eval --beir`."""

import csv
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from assistant.domain.errors import ReadError
from assistant.domain.memory import RecallQuery, RecallResult
from assistant.eval.metrics import mean, ndcg, percentile, recall, reciprocal_rank
from assistant.eval.workbench import Workbench
from assistant.memory.recall import RetrieverName

CHUNKS_PER_QUERY = 300
"""Hits fetched per query, enough for 100 documents of several chunks."""
PER_FOLDER = 1000


async def run_beir(
    bench: Workbench, folder: Path, uses: Sequence[RetrieverName], progress: Callable[[str], None]
) -> list[dict[str, float]]:
    """Index a collection once and return its figures for each retriever; raises ReadError when files are missing or malformed.

    Every judged query counts; a document's score is that of its best chunk; equal texts share a rank order.
    """
    queries = {row["_id"]: row["text"] for row in _rows(folder / "queries.jsonl")}
    judged = {query: relevant for query, relevant in _judgements(folder).items() if query in queries}
    with tempfile.TemporaryDirectory(prefix="mneme-eval-") as place:
        corpus = Path(place) / "corpus"
        names = _write_corpus(folder / "corpus.jsonl", corpus)
        if not names:
            raise _malformed(folder / "corpus.jsonl", "it holds no document")
        progress(f"indexing {len(names)} documents")
        indexed = await bench.remember(corpus)
        if indexed.failed:
            progress(f"{len(indexed.failed)} documents were not indexed: {indexed.failed[0]}")
        counts = {
            "chunks": float(indexed.chunks),
            "chunks_per_s": round(indexed.chunks / indexed.ready_s, 1) if indexed.ready_s else 0.0,
            "queries": float(len(judged)),
            "documents": float(len(names)),
        }
        found: list[dict[str, float]] = []
        for use in uses:
            progress(f"asking {len(judged)} queries ({use})")
            found.append({**await _ask(bench, queries, judged, names, use), **counts})
        return found


async def _ask(
    bench: Workbench,
    queries: dict[str, str],
    judged: dict[str, dict[str, float]],
    names: dict[str, str],
    use: RetrieverName,
) -> dict[str, float]:
    scores: dict[str, list[float]] = {"ndcg@10": [], "recall@20": [], "recall@100": [], "mrr@10": []}
    took: list[float] = []
    for query_id, relevant in judged.items():
        result = await bench.recall(RecallQuery(text=queries[query_id], k=CHUNKS_PER_QUERY), use)
        took.append(result.took_ms)
        ranked = _documents(result, names)
        scores["ndcg@10"].append(ndcg(ranked, relevant, 10))
        scores["recall@20"].append(recall(ranked, relevant, 20))
        scores["recall@100"].append(recall(ranked, relevant, 100))
        scores["mrr@10"].append(reciprocal_rank(ranked, relevant, 10))
    return {
        **{key: round(mean(values), 4) for key, values in scores.items()},
        "query_p50_ms": round(percentile(took, 0.5), 2),
        "query_p95_ms": round(percentile(took, 0.95), 2),
    }


def _write_corpus(source: Path, into: Path) -> dict[str, str]:
    """Write each document as a text file named by the hash of its id; return document ids by file name."""
    names: dict[str, str] = {}
    for number, row in enumerate(_rows(source)):
        folder = into / f"{number // PER_FOLDER:04d}"
        folder.mkdir(parents=True, exist_ok=True)
        name = sha256(row["_id"].encode()).hexdigest()[:24] + ".txt"
        text = "\n\n".join(part for part in (row["title"], row["text"]) if part.strip())
        if text.strip():
            (folder / name).write_text(text, "utf-8", newline="")
        names[name] = row["_id"]
    return names


def _documents(result: RecallResult, names: dict[str, str]) -> list[str]:
    ranked: dict[str, None] = {}
    for hit in result.items:
        for cite in (hit.cite, *hit.also):
            ranked.setdefault(names[Path(cite.path).name])
    return list(ranked)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """Read the lines of a collection: `_id`, `title` (may be empty) and `text` of each."""
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                if line.strip():
                    row = json.loads(line)
                    yield {"_id": str(row["_id"]), "title": row.get("title") or "", "text": str(row["text"])}
    except KeyError as error:
        raise _malformed(path, f"a line lacks {error}") from error
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise _malformed(path, error) from error


def _judgements(folder: Path) -> dict[str, dict[str, float]]:
    path = next((p for p in (folder / "qrels.tsv", folder / "qrels" / "test.tsv") if p.exists()), folder / "qrels.tsv")
    judged: dict[str, dict[str, float]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)):
                if len(row) < 3 or (number == 0 and not _is_number(row[min(3, len(row) - 1)])):
                    continue
                query, document, grade = (row[0], row[2], row[3]) if len(row) > 3 else (row[0], row[1], row[2])
                judged.setdefault(query, {})[document] = float(grade)
    except (OSError, ValueError) as error:
        raise _malformed(path, error) from error
    return {query: relevant for query, relevant in judged.items() if any(gain > 0 for gain in relevant.values())}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _malformed(path: Path, error: Exception | str) -> ReadError:
    return ReadError(
        f"The test collection cannot be read: {path}: {error}.",
        kept="Nothing was indexed.",
        remedy="A collection is corpus.jsonl, queries.jsonl and qrels.tsv (or qrels/test.tsv).",
    )
