"""Starts and stops the process that optimises a copy of a shard. Used by `edge_dense`, on a thread of its own."""

import subprocess
import sys
import threading
from pathlib import Path

from assistant.adapters.store.edge_optimise import CHANGED, ERASED, NOTHING
from assistant.domain.errors import StorageError

MODULE = "assistant.adapters.store.edge_optimise"


class Optimiser:
    """One child process at a time; `kill` and `stop` may come from any thread."""

    def __init__(self, command: tuple[str, ...] = (sys.executable, "-m", MODULE), more: tuple[str, ...] = ()) -> None:
        """Run `command` with the shard's folder, the length of its vectors, and what `more` names."""
        self._command = command
        self._more = more
        self._guard = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False
        self._killed = False

    def run(self, shard: Path, dimensions: int, *, erased: bool = False) -> bool | None:
        """Optimise the shard in this folder and wait; returns whether it changed, None when stopped. Raises StorageError.

        With `erased` it also sees to it that nothing of deleted points is left.
        """
        with self._guard:
            if self._stopped:
                return None
            self._killed = False
            pipe = subprocess.PIPE
            self._process = process = subprocess.Popen(
                [*self._command, str(shard), str(dimensions), *self._more, *([ERASED] if erased else [])],
                stdin=pipe,
                stdout=subprocess.DEVNULL,
                stderr=pipe,
                text=True,
            )
        with process:
            # Not `communicate`: that would close the pipe by which the child knows that its parent lives.
            complaint = process.stderr.read() if process.stderr else ""
            status = process.wait()
        if self._killed:
            return None
        if status in (CHANGED, NOTHING):
            return status == CHANGED
        raise StorageError(
            f"The vector index could not be made smaller ({complaint.strip()[-300:] or f'status {status}'}).",
            kept="All vectors are kept and can be searched.",
            remedy="Free some disk space; Mneme tries again later.",
        )

    def kill(self) -> None:
        """End the running child, if there is one."""
        with self._guard:
            self._killed = True
            if self._process is not None and self._process.poll() is None:
                self._process.kill()

    def stop(self) -> None:
        """End the running child and start no other."""
        self._stopped = True
        self.kill()
