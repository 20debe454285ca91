"""`python -m tests.bench`: speed, start and memory, as ratios of one run. `make bench` calls it; MNEME_HOME holds the model."""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from assistant.app.environment import environment
from tests.bench.report import Row, as_json, markdown, put, table
from tests.bench.sizes import FULL, QUICK
from tests.bench.stages import Stage, run

NOTES = [
    "Text is invented from the golden corpus's words by a seeded chain; nothing is downloaded.",
    "Pipeline and bare loop take turns in one process, round by round; the bare loop embeds the same texts sorted by length.",
    "The memories that are asked hold real text in the record database and the text index, written by the real writer; their "
    "vectors are random unit vectors put straight through it, since the model would need half an hour for them.",
    "Queries are Memory.recall with k=20 and the embedding of the question included, one at a time, after a warm-up; bare means "
    "embedding, vector search and text search alone, side by side, with the same number of candidates.",
    "Peak memory is what the process and its reading and quantising children hold together; shared pages count in each.",
]


def main(argv: list[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--quick", action="store_true", help="tiny sizes: shows that the benchmark works, measures nothing")
    parser.add_argument("--large", type=int, metavar="CHUNKS", help="fill one memory with so many chunks straight and ask that")
    parser.add_argument("--write", action="store_true", help="write the table into README as well")
    chosen = parser.parse_args(argv)
    models = environment(os.environ).places.models
    with tempfile.TemporaryDirectory(prefix="mneme-bench-") as place:
        at = Path(place).resolve()
        rows = _million(at, models, chosen.large) if chosen.large else _measure(at, models, chosen.quick)
    print(as_json(rows, NOTES) if chosen.json else markdown(rows, NOTES))
    if chosen.write:
        put("million" if chosen.large else "speed", table(rows))
    return 0


def _measure(place: Path, models: Path, quick: bool) -> list[Row]:
    sizes = QUICK if quick else FULL
    rows = [Row("load", "Load of the machine before the run, per core", _load(), "", "1 means busy: figures are noisy above")]
    home = place / "home"
    (home / "data").mkdir(parents=True)
    (home / "data" / "models").symlink_to(models, target_is_directory=True)
    _say("indexing")
    size = "quick" if quick else "full"
    rows += _indexing(run("tests.bench.indexing", place / "indexing", size, home=home))
    _say("indexing chunks of 128 tokens")
    shorter = {"MNEME_CHUNKING__MAX_TOKENS": "128"}
    rows += _sustained(run("tests.bench.indexing", place / "shorter", size, home=home, settings=shorter))
    _say("making small files searchable")
    rows += _texts(run("tests.bench.texts", place / "texts", sizes.small_files, home=home))
    if not quick:
        rows += _starting("empty", "an empty memory", home)
    filled = 0
    for size in sizes.memories:
        _say(f"filling a memory with {size:,} chunks")
        run("tests.bench.filling", place / "files", filled, size, home=home)
        filled = size
        _say(f"asking {size:,} chunks")
        rows += _asking(size, "", run("tests.bench.asking", sizes.queries, sizes.warm_up, "as it is", home=home))
    _say(f"quantising and asking {filled:,} chunks")
    rows += _asking(filled, "quantised", run("tests.bench.asking", sizes.queries, sizes.warm_up, "optimise", home=home))
    rows += _idling(filled, run("tests.bench.idling", home=home))
    rows += _starting("full", f"{filled:,} chunks", home)
    _say("asking while indexing")
    return rows + _contending(filled, run("tests.bench.contending", place / "new", *sizes.contended, home=home))


def _million(place: Path, models: Path, chunks: int) -> list[Row]:
    """Fill one large memory straight and ask it; a run of its own, since it takes some ten minutes and 6 GB of disk."""
    home = place / "home"
    (home / "data").mkdir(parents=True)
    (home / "data" / "models").symlink_to(models, target_is_directory=True)
    _say(f"filling a memory with {chunks:,} chunks")
    filled = run("tests.bench.million", place / "files", chunks, home=home, settings={"MNEME_INDEX__DENSE_BATCH": "1000"})
    rows = [Row("million_filled", f"Filling {chunks:,} chunks straight", filled.last("filled")["filled_s"], "s", "")]
    _say("quantising and asking")
    rows += _asking(chunks, "quantised", run("tests.bench.asking", FULL.queries, FULL.warm_up, "optimise", home=home))
    rows += _idling(chunks, run("tests.bench.idling", home=home))
    _say("asking while indexing")
    return rows + _contending(chunks, run("tests.bench.contending", place / "new", *FULL.contended, home=home))


def _indexing(stage: Stage) -> list[Row]:
    rounds = [line for line in stage.lines if "round" in line]
    chunks, files = sum(line["chunks"] for line in rounds), sum(line["files"] for line in rounds)
    ready, bare = sum(line["ready_s"] for line in rounds), sum(line["bare_s"] for line in rounds)
    searchable = sum(line["searchable_s"] for line in rounds)
    return [
        Row("chunks", "Chunks indexed", chunks, "", f"{files} files, {len(rounds)} rounds"),
        Row("pipeline_ratio", "Pipeline over the bare embedding loop", *_ratio(rounds)),
        Row("pipeline_rate", "Pipeline, all included", chunks / ready, "chunks/s", f"bare loop {chunks / bare:.1f} chunks/s"),
        Row("searchable_share", "Time until all text is searchable, share of the whole", searchable / ready, "%", ""),
        Row("searchable_s", "Time until all text of a round is searchable", searchable / len(rounds), "s", ""),
        Row(
            "peak_indexing",
            "Peak memory while indexing",
            stage.peaks.get("pipeline", 0.0),
            "MiB",
            "aim 1,536 MiB or less; two readers included",
        ),
    ]


def _sustained(stage: Stage) -> list[Row]:
    rounds = [line for line in stage.lines if "round" in line]
    chunks, ready = sum(line["chunks"] for line in rounds), sum(line["ready_s"] for line in rounds)
    tokens = sum(line["tokens"] for line in stage.lines if "tokens" in line) / chunks
    return [
        Row("short_rate", "Pipeline, chunks cut at 128 tokens", chunks / ready, "chunks/s", f"{tokens:.0f} tokens on average"),
        Row("short_hour", "The same in an hour", chunks / ready * 3600, "chunks", "aim 200,000 or more"),
        Row("short_ratio", "Pipeline over the bare embedding loop, chunks cut at 128 tokens", *_ratio(rounds)),
    ]


def _ratio(rounds: list[dict[str, Any]]) -> tuple[float, str, str]:
    """Return value, unit and reading of the ratio; in the first round the readers have still to start."""
    each = [line["bare_s"] / line["ready_s"] for line in rounds]
    return median(each), "", f"aim 0.9 or more; median of {len(each)} rounds, {min(each):.2f} to {max(each):.2f}"


def _texts(stage: Stage) -> list[Row]:
    cold, warm = (next(line for line in stage.lines if line.get("text") == name) for name in ("cold", "warm"))
    cost = f"aim 1,000 or more; {warm['cpu_s'] / warm['chunks'] * 1e6:.0f} µs of the processor a chunk, readers apart"
    return [
        Row("text_chunks", "Chunks made searchable, before vectors", warm["chunks"] / warm["seconds"], "chunks/s", cost),
        Row("text_files", "Files made searchable, before vectors", warm["files"] / warm["seconds"], "files/s", ""),
        Row("text_cold", "The first files of a session made searchable", cold["seconds"], "s", f"{cold['chunks']} chunks"),
    ]


def _contending(size: int, stage: Stage) -> list[Row]:
    told = stage.last("contended")
    idle, busy = f"{told['idle_p95']:.1f} ms without indexing", told["busy_p95"]
    return [
        Row(f"busy_{size}_p95", f"Query P95 while the pipeline indexes, {size:,} chunks", busy, "ms", idle),
        Row(f"busy_{size}_ratio", "The same over that without indexing", busy / told["idle_p95"], "", "aim 2 or less"),
    ]


def _idling(size: int, stage: Stage) -> list[Row]:
    told = stage.last("idle")
    aim = "aim 400 MiB or less; " if size <= 100_000 else ""
    shown = f"{aim}{told['pss']:.0f} MiB with shared pages in part, {told['own']:.0f} MiB of its own"
    return [Row(f"idle_{size}", f"Memory at rest without a window, {size:,} chunks", told["rss"], "MiB", shown)]


def _asking(size: int, state: str, stage: Stage) -> list[Row]:
    told = stage.last("asked")
    name = f"{size:,} chunks" + (f", {state}" if state else "")
    key = f"query_{size}" + (f"_{state}" if state else "")
    aim = {100_000: "aim 25 ms or less", 1_000_000: "aim 80 ms or less"}.get(size, "") if state else ""
    split = ", ".join(f"{part} {ms:.1f}" for part, ms in told["parts"].items())
    rows = [
        Row(f"{key}_p50", f"Query P50, {name}", told["p50"], "ms", f"at the median, partly side by side: {split}"),
        Row(f"{key}_p95", f"Query P95, {name}", told["p95"], "ms", aim),
        Row(f"{key}_over_bare", f"Query over bare search, P50, {name}", told["p50"] / told["bare_p50"], "", ""),
        Row(f"{key}_peak", f"Peak memory while asking, {name}", stage.peaks.get("asking", 0.0), "MiB", ""),
    ]
    if told["optimised_s"]:
        rows.append(Row(f"{key}_optimise", f"Quantising, {name}", told["optimised_s"], "s", "in a child process"))
    return rows


def _starting(key: str, name: str, home: Path) -> list[Row]:
    _say(f"starting on {name}")
    window = run("tests.bench.window", home=home)
    status = run("assistant.cli.main", "status", home=home)
    moments = {line["moment"]: line["at"] for line in window.lines if "moment" in line}
    rest = window.last("resting")
    shown = f"{rest['pss']:.0f} MiB with shared pages in part, {rest['own']:.0f} MiB of its own"
    return [
        Row(f"window_rest_{key}", f"Memory at rest with a window, {name}", rest["rss"], "MiB", shown),
        Row(f"window_{key}", f"Start to window, {name}", moments["shown"], "s", f"status after {moments['status']:.2f} s"),
        Row(f"usable_{key}", f"Start to usable window, {name}", moments["recall"], "s", "shown, listed, and a search answered"),
        Row(f"status_{key}", f"`mneme status`, {name}", status.seconds, "s", ""),
        Row(f"window_peak_{key}", f"Peak memory of the window at start, {name}", max(window.peaks.values()), "MiB", ""),
    ]


def _load() -> float:
    return psutil.getloadavg()[0] / (psutil.cpu_count() or 1)


def _say(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
