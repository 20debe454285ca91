"""The log file of a process: rotating, quiet when it cannot be written, without what files, questions and errors say.

Set up by the command line for a command and by the window for its run.
"""

import copy
import faulthandler
import logging
import re
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import IO, Final, cast

from assistant.app.environment import Environment

LOG_BYTES: Final = 1_000_000
BACKUPS: Final = 2
OWN: Final = ("assistant", "ui")
ROOT: Final = Path(__file__).resolve().parents[2]

_HOLE = re.compile(r"%[^a-zA-Z%]*[a-zA-Z]")

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class DiscreetFormatter(logging.Formatter):
    """Writes errors as class, code and stack, and nothing that other packages say: both may quote files, questions and paths.

    `textless` leaves out whatever Mneme's own messages were filled with, too: the log of an encrypted memory is plain text.
    """

    def __init__(self, textless: bool = False) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._textless = textless

    def format(self, record: logging.LogRecord) -> str:
        """Return one record; what other handlers make of it stays theirs."""
        copied = copy.copy(record)
        copied.exc_text = None
        if record.name.partition(".")[0] not in OWN:
            copied.msg, copied.args = "(message withheld)", None
        elif self._textless and copied.args:
            copied.msg, copied.args = _HOLE.sub("…", str(copied.msg)), None
        return super().format(copied)

    def formatException(self, ei: ExcInfo) -> str:
        """Return the stacks of an error and its causes without any message."""
        return "\n".join(_told(ei[1], set())) if ei[1] is not None else ""


def _told(error: BaseException, seen: set[int]) -> list[str]:
    seen.add(id(error))
    lines: list[str] = []
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in seen:
        lines += [*_told(cause, seen), "which led to:"]
    lines.append("Traceback (most recent call last):")
    lines += [
        f"  {_inside(frame.filename)}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    code = getattr(error, "code", "")
    number = getattr(error, "errno", None)
    lines.append(f"{named(error)}{f' [{code}]' if isinstance(code, str) and code else ''}{f' errno {number}' if number else ''}")
    if isinstance(error, BaseExceptionGroup):
        for member in cast("BaseExceptionGroup[BaseException]", error).exceptions:
            lines += ["which holds:", *_told(member, seen)]
    return lines


def named(error: BaseException) -> str:
    """Return the class of an error with its module, nothing of what it says."""
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _inside(file: str) -> str:
    """Return a source file as seen from Mneme or from its packages: the folders above may name a person."""
    parts = Path(file).parts
    if "site-packages" in parts:
        return "/".join(parts[parts.index("site-packages") + 1 :])
    return "/".join(parts[len(ROOT.parts) :] if parts[: len(ROOT.parts)] == ROOT.parts else parts[-2:])


class QuietFile(RotatingFileHandler):
    """Creates its folder when there is something to write, and never disturbs anybody when it cannot."""

    def __init__(self, file: Path, env: Environment | None = None) -> None:
        super().__init__(file, maxBytes=LOG_BYTES, backupCount=BACKUPS, delay=True, encoding="utf-8")
        self.setFormatter(DiscreetFormatter(textless=env is not None and env.settings.security.encrypt_at_rest))
        if env is not None:
            self.addFilter(env.redactor)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        try:
            Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
            super().emit(record)
        except OSError:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Stay silent: a full or read-only disk is reported by whoever works with it."""


class Logbook:
    """The window's log: `mneme.log` for what went wrong, `crash.log` for the stacks of a process that dies."""

    def __init__(self, folder: Path, level: int = logging.WARNING, env: Environment | None = None) -> None:
        self.file = folder / "mneme.log"
        self._handler = QuietFile(self.file, env)
        self._handler.setLevel(level)
        self._crashes: IO[str] | None = None
        logging.getLogger().addHandler(self._handler)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._crashes = (folder / "crash.log").open("a", encoding="utf-8")
            if self._crashes.tell() > LOG_BYTES:
                self._crashes.truncate(0)
        except OSError:
            return
        faulthandler.enable(self._crashes)

    def close(self) -> None:
        """Stop writing."""
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()
        if self._crashes is not None:
            faulthandler.disable()
            self._crashes.close()
            self._crashes = None
