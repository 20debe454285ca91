"""A command at a terminal of its own: what it shows, and what a person types. POSIX only."""

import os
import select
import signal
import subprocess
import sys
from types import TracebackType
from typing import Self

from tests.flows.cli import LIMIT_S, ROOT, Mneme


class Terminal:
    """Runs one command; use it as a context, which kills what is left of it."""

    def __init__(self, mneme: Mneme, *args: str) -> None:
        self._screen, inner = os.openpty()
        self.shown = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "assistant.cli.main", *args],
            cwd=ROOT,
            env={**mneme.environment, "COLUMNS": "1000"},
            stdin=inner,
            stdout=inner,
            stderr=inner,
            start_new_session=True,
        )
        os.close(inner)

    def __enter__(self) -> Self:
        """See ended, which is what a test does with it."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Leave nothing running."""
        if self.process.poll() is None:
            self.kill()
        self.process.wait(LIMIT_S)
        os.close(self._screen)

    def until(self, text: str) -> None:
        """Wait until something new was shown; it counts as read then. Fails when the command ends first."""
        while text not in self.shown:
            assert self._read(), f"the command ended; it showed:\n{self.shown}"
        self.shown = self.shown.partition(text)[2]

    def type(self, text: str) -> None:
        """Type something."""
        os.write(self._screen, text.encode())

    def interrupt(self) -> None:
        """Do what Ctrl+C does."""
        self.process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """End the process as a crash does."""
        os.killpg(self.process.pid, signal.SIGKILL)

    def ended(self) -> int:
        """Wait for the end and return the exit code; the rest of what was shown is in `shown`."""
        while self._read():
            pass
        return self.process.wait(LIMIT_S)

    def _read(self) -> bool:
        """Take in what is shown next; False at the end. Fails when nothing comes for too long."""
        ready, _, _ = select.select([self._screen], [], [], LIMIT_S)
        assert ready, f"nothing happens; it showed:\n{self.shown}"
        try:
            data = os.read(self._screen, 65536)
        except OSError:  # how Linux tells that the other side has closed
            return False
        self.shown += data.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(data)
