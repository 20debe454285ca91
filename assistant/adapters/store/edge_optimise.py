"""The child process that quantises a copy of a shard; started by `edge_dense`, since the engine blocks all threads meanwhile.

`python -m assistant.adapters.store.edge_optimise FOLDER DIMENSIONS [POINTS] [erased]` exits with 0 when the copy was changed,
with 3 when there was nothing to do, with 1 and a line on stderr when it failed. It ends when its parent ends. From POINTS
points on it builds a graph as well; with `erased` no byte of a deleted point is left.
"""

import ctypes
import os
import signal
import sys
import threading
from pathlib import Path

import psutil

from assistant.adapters.store import edge_shard
from assistant.adapters.store.edge_erase import erase

CHANGED = 0
FAILED = 1
NOTHING = 3
ERASED = "erased"

_SET_PARENT_DEATH_SIGNAL = 1


def main(arguments: list[str]) -> int:
    """Optimise the shard in a folder nobody else has open; returns the exit status."""
    folder, dimensions, more = arguments[0], int(arguments[1]), arguments[2:]
    graph_from = next((int(one) for one in more if one != ERASED), None)
    end_with_parent()
    give_way()
    try:
        shard = edge_shard.load(folder, dimensions)
        graph = graph_from is not None and edge_shard.count(shard) >= graph_from
        if ERASED in more:
            shard.close()
            erase(Path(folder), dimensions, graph)
            return CHANGED
        if graph:
            shard.close()
            shard = edge_shard.load(folder, dimensions, graph=True)
        changed = bool(shard.optimize())
        shard.flush()
        shard.close()
    except Exception as error:
        # The parent turns this line into an error a person can act on.
        sys.stderr.write(f"{error}\n")
        return FAILED
    return CHANGED if changed else NOTHING


def end_with_parent() -> None:
    """Die when the parent does: at once on Linux, elsewhere when the pipe to it closes and the engine lets threads run."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    threading.Thread(target=_watch_pipe, daemon=True).start()


def _watch_pipe() -> None:
    while os.read(0, 1):
        pass
    os._exit(FAILED)


def give_way() -> None:
    """Run only where nothing else wants to."""
    lowest = psutil.IDLE_PRIORITY_CLASS if sys.platform == "win32" else 15
    psutil.Process().nice(lowest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
