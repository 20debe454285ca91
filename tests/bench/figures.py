"""Writes the quality tables of README: `make figures COLLECTIONS=DIR` runs every collection in DIR and the golden set."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from assistant.app.environment import Environment, environment
from assistant.app.evaluation import compare_beir, evaluate_golden
from assistant.memory.recall import RetrieverName
from tests.bench.report import ROOT, put

RETRIEVERS: tuple[RetrieverName, ...] = ("sparse", "dense", "hybrid")
LANGUAGES = {"en": "English", "ru": "Russian", "code": "code"}


def say(text: str) -> None:
    """Show progress, apart from what is written."""
    print(text, file=sys.stderr)


async def collections_table(env: Environment, folder: Path) -> str:
    """Return nDCG@10 and recall@20 of each retriever on each collection, as a Markdown table."""
    rows = [
        "| collection | documents | queries | " + " | ".join(f"{name} nDCG@10 / recall@20" for name in RETRIEVERS) + " |",
        "|---|---|---|" + "---|" * len(RETRIEVERS),
    ]
    for place in sorted(path for path in folder.iterdir() if (path / "corpus.jsonl").exists()):
        say(place.name)
        reports = await compare_beir(env, place, RETRIEVERS, say)
        cells = [f"{report.figures['ndcg@10']:.3f} / {report.figures['recall@20']:.3f}" for report in reports]
        seen = reports[0].figures
        rows.append(f"| {place.name} | {seen['documents']:.0f} | {seen['queries']:.0f} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


async def golden_table(env: Environment) -> str:
    """Return the figures of the golden set, by language, and those of its answers."""
    report = await evaluate_golden(env, ROOT / "golden", "hybrid", say)
    seen = report.figures
    rows = ["| golden set | recall@20 | nDCG@10 | MRR@10 |", "|---|---|---|---|"]
    rows += [
        f"| {name} | {seen[f'{key}.recall@20']:.3f} | {seen[f'{key}.ndcg@10']:.3f} | {seen[f'{key}.mrr@10']:.3f} |"
        for key, name in LANGUAGES.items()
    ]
    rows.append(f"| all | {seen['recall@20']:.3f} | {seen['ndcg@10']:.3f} | {seen['mrr@10']:.3f} |")
    rows += [
        "",
        "| answers without a language model | |",
        "|---|---|",
        f"| citations that hold letter for letter | {seen['citations_held']:.1%} |",
        f"| answers with a citation at the right place | {seen['answered_rightly']:.1%} |",
        f"| citations at the right place, of all given | {seen['citation_precision']:.1%} |",
        f"| unanswerable questions it declines | {seen['abstention_recall']:.1%} |",
        f"| answerable questions it declines | {seen['abstention_wrong']:.1%} |",
    ]
    return "\n".join(rows)


def main() -> None:
    """Run what was asked for and write the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.figures", description=__doc__)
    parser.add_argument("collections", type=Path, nargs="?", help="folder of test collections in BEIR's layout")
    chosen = parser.parse_args()
    env = environment(os.environ)
    put("golden", asyncio.run(golden_table(env)))
    if chosen.collections:
        put("collections", asyncio.run(collections_table(env, chosen.collections)))


if __name__ == "__main__":
    main()
