"""The child process that makes a new base of a usearch shard; started by `usearch_dense`, which hands the rows over in files.

`python -m assistant.adapters.store.usearch_merge FOLDER DIMENSIONS` exits with 0 when the base is written and with 1 and a
line on stderr when it is not. The engine would let others run while it adds, but not while it saves: 0.8 s for a million vectors.
"""

import json
import sys
from pathlib import Path
from typing import Any, cast

import numpy as np

from assistant.adapters.store.edge_optimise import CHANGED, FAILED, end_with_parent, give_way
from assistant.adapters.store.usearch_base import FETCHED, Base, Codes, new_index, seal, seal_empty
from assistant.adapters.store.usearch_shard import Snapshot

JOB, ROWS = "job.json", "rows.npz"


def hand_over(folder: Path, live: Path, rows: Snapshot, kind: str, graph: bool) -> None:
    """Write into a new `folder` what the child needs besides the base in `live`. Raises OSError."""
    folder.mkdir(parents=True)
    np.savez(folder / ROWS, rows=rows.rows, ids=np.array(rows.ids, dtype="S16"), vectors=rows.vectors, codes=rows.codes)
    job = {"live": str(live), "kind": kind, "graph": graph, "names": rows.names}
    (folder / JOB).write_text(json.dumps(job), "ascii")


def merge(folder: Path, dimensions: int) -> None:
    """Write the base that was handed over into its folder, and remove what was handed over. Raises OSError, DamagedError."""
    job = cast(dict[str, Any], json.loads((folder / JOB).read_text("ascii")))
    with np.load(folder / ROWS, allow_pickle=False) as handed:
        kept, ids, vectors, codes = (handed[name] for name in ("rows", "ids", "vectors", "codes"))
    names = cast(list[list[str]], job["names"])
    if not len(kept) + len(ids):
        seal_empty(folder, job["kind"], len(names))
    else:
        base = Base(Path(job["live"]), dimensions, "vector index", "")
        ids = np.concatenate([base.ids[kept], ids])
        order = np.argsort(ids, kind="stable")
        index = new_index(dimensions, job["kind"], job["graph"])
        for start in range(0, len(order), FETCHED):
            part = order[start : start + FETCHED]
            old = part < len(kept)
            some = np.empty((len(part), dimensions), np.float32)
            some[old] = base.vectors(kept[part[old]])
            some[~old] = vectors[part[~old] - len(kept)]
            index.add(np.arange(start, start + len(part), dtype=np.uint64), some, copy=True, threads=1)
        codes, names = _fewer(np.concatenate([base.codes[kept], codes])[order], names)
        seal(folder, index, job["kind"], job["graph"], ids[order], codes, names)
    (folder / ROWS).unlink()
    (folder / JOB).unlink()


def main(arguments: list[str]) -> int:
    """Merge in the folder named first; returns the exit status."""
    end_with_parent()
    give_way()
    try:
        merge(Path(arguments[0]), int(arguments[1]))
    except Exception as error:
        # The parent turns this line into an error a person can act on.
        sys.stderr.write(f"{error}\n")
        return FAILED
    return CHANGED


def _fewer(codes: Codes, names: list[list[str]]) -> tuple[Codes, list[list[str]]]:
    """Give new codes to the texts that are still used: what was forgotten leaves its project's name as well."""
    columns: list[Codes] = []
    kept: list[list[str]] = []
    for field, texts in enumerate(names):
        used, fresh = np.unique(codes[:, field], return_inverse=True)
        columns.append(fresh.astype(np.uint32))
        kept.append([texts[int(code)] for code in used])
    return np.stack(columns, axis=1), kept


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
