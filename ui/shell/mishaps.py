"""What nobody expected, in slots, callbacks and threads: logged, told as a Failure, and the window goes on. Used by ui.main."""

import asyncio
import logging
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Signal

from ui.bridge import failure_of

log = logging.getLogger(__name__)


class Mishaps(QObject):
    """`happened` carries a Failure; it may be sent from any thread and arrives in the window's."""

    happened = Signal(object)

    @contextmanager
    def watched(self, loop: asyncio.AbstractEventLoop) -> Generator[None]:
        """Take what slots, callbacks of the loop and threads raise, until the end of the block."""
        slots, threads, before = sys.excepthook, threading.excepthook, loop.get_exception_handler()
        sys.excepthook = self._slot
        threading.excepthook = self._thread
        loop.set_exception_handler(self._callback)
        try:
            yield
        finally:
            sys.excepthook, threading.excepthook = slots, threads
            loop.set_exception_handler(before)

    def _slot(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self._tell("a slot", error)

    def _thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            self._tell("a thread", args.exc_value)

    def _callback(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            self._tell("the loop", error)
        else:
            log.warning("the loop reports something without an error")

    def _tell(self, where: str, error: BaseException) -> None:
        log.error("unexpected failure in %s", where, exc_info=error)
        if isinstance(error, Exception):
            self.happened.emit(failure_of(error))
