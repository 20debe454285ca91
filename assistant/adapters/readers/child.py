"""One reading process seen from Mneme: started, asked, watched and killed. Held by `pool`."""

import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import psutil

from assistant.adapters.readers.wire import FAILURE, READY, Request, read_frame, unpack_failure, write_frame
from assistant.domain.errors import ReaderCrashedError, ReaderLimitError, ReadError, ReaderTimeoutError

POLL_SECONDS = 0.2
START_SECONDS = 60.0
STDERR_LINES = 20
LOOK_EVERY = 50
OUT_OF_MEMORY = ("memory allocation of", "MemoryError", "out of memory", "std::bad_alloc", "Cannot allocate memory")
KEPT_VARIABLES = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "TEMP",
    "TMP",
    "SYSTEMROOT",
    "WINDIR",
    "LD_LIBRARY_PATH",
    "VIRTUAL_ENV",
)

Frame = tuple[bytes, bytes]


class Child:
    """A reading process; used by one thread at a time, `kill` by any."""

    def __init__(self, command: Sequence[str], memory_mb: int, max_frame: int) -> None:
        self._memory_mb = memory_mb
        self._max_frame = max_frame
        self._frames: queue.SimpleQueue[Frame | ReadError | None] = queue.SimpleQueue()
        self._told: deque[str] = deque(maxlen=STDERR_LINES)
        self.asked = 0
        try:
            self._process = subprocess.Popen(
                [*command, str(memory_mb)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_environment(),
                # Ctrl+C in a terminal is for Mneme, not for its readers; on Windows no console window flashes up.
                process_group=0 if sys.platform != "win32" else None,
                creationflags=0x08000200 if sys.platform == "win32" else 0,
            )
        except OSError as error:
            raise ReaderCrashedError(f"The reading process cannot be started: {error}.") from error
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._collect, self._drain)]
        for thread in self._threads:
            thread.start()
        try:
            self._await(START_SECONDS, threading.Event(), "to start")
        except ReadError:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def ask(self, request: Request, seconds: float, stop: threading.Event) -> Frame:
        """Return the answer's tag and payload. Raises ReadError; afterwards `alive` tells whether it can go on."""
        self.asked += 1
        try:
            write_frame(self._stdin, b"Q", request.encode())
        except (OSError, ValueError) as error:
            self.kill()
            raise ReaderCrashedError("The reading process is gone.") from error
        try:
            tag, payload = self._await(seconds, stop, "with the file")
        except ReadError:
            self.kill()
            raise
        if tag == FAILURE:
            error = unpack_failure(payload)
            if isinstance(error, ReaderLimitError):
                self.kill()  # what filled its memory may still be there
            raise error
        return tag, payload

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    @property
    def fit(self) -> bool:
        """Whether the process runs and, looked at every now and then, has not come to hold half of its memory for good."""
        if self.asked % LOOK_EVERY == 0 and self._resident() > self._memory_mb * 2**20 // 2:
            return False
        return self.alive

    def kill(self) -> None:
        """End the process and release its pipes and threads; safe to call twice and from any thread."""
        with contextlib.suppress(OSError):
            self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(10)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    def _await(self, seconds: float, stop: threading.Event, what: str) -> Frame:
        """Wait for a frame, looking at clock, memory and the wish to stop in between."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                frame = self._frames.get(timeout=max(0.0, min(POLL_SECONDS, deadline - time.monotonic())))
            except queue.Empty:
                if time.monotonic() >= deadline:
                    raise ReaderTimeoutError(
                        f"Reading took longer than {seconds:g} seconds and was stopped.",
                        remedy="Raise ingest.read_seconds if the file is worth the wait.",
                    ) from None
                if stop.is_set():
                    raise ReaderTimeoutError("Reading was stopped.") from None
                self._check_memory()
                continue
            if isinstance(frame, ReadError):
                raise frame
            if frame is None:
                raise self._death(what)
            return frame

    def _check_memory(self) -> None:
        """Systems without a memory cap for processes are watched from here."""
        if self._resident() > self._memory_mb * 2**20:
            raise _memory_error(self._memory_mb)

    def _resident(self) -> int:
        """Bytes of memory held by the process; 0 when it is gone."""
        try:
            return psutil.Process(self._process.pid).memory_info().rss
        except psutil.Error:
            return 0

    def _death(self, what: str) -> ReadError:
        code = self._process.wait(10)
        self._threads[1].join(5)
        told = " ".join(self._told)
        if any(word in told for word in OUT_OF_MEMORY):
            return _memory_error(self._memory_mb)
        last = self._told[-1][:200] if self._told else f"exit code {code}"
        return ReaderCrashedError(
            f"The reading process died while it was busy {what} ({last})."
            if what != "to start"
            else f"The reading process did not start ({last}).",
            kept="Other files are not affected.",
        )

    def _collect(self) -> None:
        """Bring frames from the process; runs on its own thread because pipes cannot be waited for with a deadline everywhere."""
        assert self._process.stdout is not None
        while True:
            try:
                frame = read_frame(self._process.stdout, self._max_frame)
            except ReadError as error:
                self._frames.put(error)
                return
            except (OSError, ValueError):
                frame = None
            if frame is None or frame[0] != READY or self.asked == 0:
                self._frames.put(frame)
            if frame is None:
                return

    def _drain(self) -> None:
        """Keep the last lines of standard error, so that a chatty library never blocks."""
        assert self._process.stderr is not None
        with contextlib.suppress(OSError, ValueError):
            while line := self._process.stderr.readline(4096):
                self._told.append(line.decode("utf-8", "replace").strip())


def _memory_error(memory_mb: int) -> ReaderLimitError:
    return ReaderLimitError(
        f"Reading the file needs more memory than {memory_mb} MiB.",
        remedy="Raise ingest.read_memory_mb if the file is worth it.",
    )


def _environment() -> dict[str, str]:
    """What a reading process needs and nothing else: no secrets, few threads, no bytecode written."""
    kept = {name: value for name in KEPT_VARIABLES if (value := os.environ.get(name))}
    root = str(Path(__file__).resolve().parents[3])
    return kept | {
        "PYTHONPATH": root,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "ORT_DISABLE_TELEMETRY": "1",
        "MALLOC_ARENA_MAX": "2",
        "RAYON_NUM_THREADS": "1",
        "TOKIO_WORKER_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
