"""Runs one command: opens the memory, reports failures with their exit code, logs what nobody expected. Used by all groups."""

import asyncio
import functools
import logging
import os
import sys
import time
import traceback
import warnings
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TextIO, TypeVar

import click

from assistant.api.contract import Assistant
from assistant.api.views import Event
from assistant.app.logs import QuietFile
from assistant.cli.doors import Composition, Doors
from assistant.cli.holding import Holding
from assistant.cli.output import Output, count
from assistant.cli.passphrase import TerminalPassphrase
from assistant.cli.terminal import agreed
from assistant.domain.errors import ClosingError, InUseError, MnemeError, PolicyDeniedError

if TYPE_CHECKING:
    from assistant.app.environment import Environment
    from assistant.app.leaving import Leaving

T = TypeVar("T")
P = ParamSpec("P")

FAILED, NOTHING_FOUND, DENIED, INTERRUPTED, READER_GONE = 1, 3, 4, 130, 141
PATIENCE_S = 20.0
"""How long to wait for a memory whose holder is just opening or closing it; on a busy machine the model takes its time."""
RETRY_S = 0.1
CUT = "It closes when that is over. Ctrl+C cuts it off; it can be finished later: mneme log --runs."
HOW = {
    "run": "“{what}” is carried out",
    "take back": "“{what}” is taken back",
    "undo": "“{what}” is taken back",
    "redo": "“{what}” is done again",
    "call": "{what}, which another Mneme asked for",
}
"""What is waited for, as a person reads it."""

log = logging.getLogger(__name__)


class Session:
    """What a command has: its output, the environment, and ways into the memory."""

    def __init__(self, doors: Doors, as_json: bool, verbose: bool) -> None:
        self.doors = doors
        self.out = Output(as_json)
        self.verbose = verbose
        self.interrupted = "Stopped."
        found = doors.environment(os.environ)
        passphrases = found.passphrases.or_from(TerminalPassphrase(self.out))
        self._held = Holding(self._waits)
        self.environment: Environment = replace(found, passphrases=passphrases, leaving=self._held.waits)
        self.log_file = self.environment.places.logs / "mneme.log"
        self._runner = asyncio.Runner()
        self._told: set[str] = set()
        _keep_logs(self.log_file, verbose, self.environment)

    def run(self, work: Callable[[Assistant], Awaitable[T]], *, again: bool = False) -> T:
        """Do `work` with the memory and close it; where others work through it that waits, and `close` tells of it.

        `again` lets it start over when the Mneme that held the memory closed. One that is about to close refuses what it
        has not begun: then the memory is waited for in any case.
        """
        return self._runner.run(self._work(work, again))

    def agreed(self, question: str) -> bool:
        """Ask a person."""
        return self._runner.run(agreed(self.out, question))

    def close(self) -> None:
        """Wait until the memory is closed, which waits for what others do through it; Ctrl+C cuts that short."""
        try:
            self._runner.run(self._held.closed())
        finally:
            self._runner.close()

    async def _work(self, work: Callable[[Assistant], Awaitable[T]], again: bool) -> T:
        until = time.monotonic() + PATIENCE_S
        while True:
            opened = False
            failure: MnemeError
            try:
                async with self._held.open(self.doors.connect(self.environment)) as assistant:
                    opened = True
                    try:
                        return await work(assistant)
                    except MnemeError as error:
                        failure = error  # the memory closes in order before anybody hears of it
            except InUseError as error:
                failure = error
            refused = isinstance(failure, ClosingError)
            lasting = not refused and ((opened and not again) or time.monotonic() > until)
            if not isinstance(failure, InUseError) or lasting:
                raise failure
            if refused:
                self._tell_once(f"{failure.what} Waiting until it has closed; Ctrl+C ends that.")
            if opened:
                until = time.monotonic() + PATIENCE_S
            await asyncio.sleep(RETRY_S)

    def _waits(self, leaving: "Leaving") -> None:
        """Tell what others do through this process, which waits for it before it closes."""
        for one in leaving.going:
            how = HOW[one.kind].format(what=" ".join(one.what.split()))
            so_far = f" ({one.done:,} of {count(one.total, 'change')})" if one.total else ""
            self._tell_once(f"Still under way in this Mneme: {how}", f"{so_far}. {CUT}")

    def _tell_once(self, text: str, more: str = "") -> None:
        if text not in self._told:
            self._told.add(text)
            self.out.note(("mneme: ", "yellow"), text + more)


async def attended(assistant: Assistant, job: Awaitable[T], hear: Callable[[Event], None]) -> T:
    """Await `job` while `hear` is told of every event."""

    async def listen() -> None:
        async for event in assistant.events():
            hear(event)

    values: list[T] = []
    failures: list[Exception] = []
    async with asyncio.TaskGroup() as group:
        listening = group.create_task(listen())
        try:
            values.append(await job)
        except Exception as error:  # raised below: a task group would wrap it
            failures.append(error)
        finally:
            listening.cancel()
    if failures:
        raise failures[0]
    return values[0]


def command(function: Callable[Concatenate[Session, P], int]) -> Callable[P, None]:
    """Give a click command `--json`, `--verbose` and a session, and turn its result or failure into an exit code."""

    @click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout and nothing else there.")
    @click.option("--verbose", is_flag=True, help="Show details of unexpected failures.")
    @click.pass_context
    @functools.wraps(function)
    def run(context: click.Context, /, *args: P.args, **kwargs: P.kwargs) -> None:
        as_json, verbose = bool(kwargs.pop("as_json")), bool(kwargs.pop("verbose"))
        context.exit(_guarded(_doors(context), as_json, verbose, lambda session: function(session, *args, **kwargs)))

    return run


def _doors(context: click.Context) -> Doors:
    return Composition() if context.obj is None else context.obj


def _guarded(doors: Doors, as_json: bool, verbose: bool, work: Callable[[Session], int]) -> int:
    """Do a command and close its memory; a failure is told before others are waited for."""
    session: Session | None = None

    def begun() -> int:
        nonlocal session
        session = Session(doors, as_json, verbose)
        return work(session)

    def ended() -> int:
        if session is not None:
            session.close()
        return 0

    code = FAILED
    try:
        code = _coded(begun, lambda: session, verbose)
    finally:
        code = _coded(ended, lambda: session, verbose) or code
    return code


def _coded(act: Callable[[], int], session: Callable[[], Session | None], verbose: bool) -> int:
    """Return the exit code of what is done, and tell a person of its failure."""
    try:
        return act()
    except MnemeError as error:
        Output().fail(error)
        return DENIED if isinstance(error, PolicyDeniedError) else FAILED
    except (KeyboardInterrupt, asyncio.CancelledError):
        held = session()
        Output().note("\nmneme: " + (held.interrupted if held else "Stopped."))
        return INTERRUPTED
    except BrokenPipeError:
        discard_output()
        return READER_GONE
    except click.ClickException:
        raise
    except Exception as error:  # the last line of defence: a person gets a sentence, the log gets the rest
        _unexpected(error, session(), verbose)
        return FAILED


def _unexpected(error: Exception, session: Session | None, verbose: bool) -> None:
    log.error("unexpected failure", exc_info=error)
    told = MnemeError(
        f"Something unexpected went wrong: {type(error).__name__}: {error}",
        kept="What was remembered before is kept.",
        remedy=f"Details are in {session.log_file}." if session else "`--verbose` shows details.",
    )
    out = Output()
    out.fail(told)
    if verbose:
        out.note("".join(traceback.format_exception(error)))


def discard_output() -> None:
    """Point stdout at nothing: its reader went away, and flushing at exit would complain."""
    sink = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(sink, sys.stdout.fileno())
    except (OSError, ValueError):  # not a real stream, so nothing will complain
        log.debug("stdout has no file descriptor")
    finally:
        os.close(sink)


def _keep_logs(file: Path, verbose: bool, environment: "Environment") -> None:
    """Send warnings and worse to the log file instead of the terminal; with `verbose` to both."""
    root = logging.getLogger()
    for handler in [held for held in root.handlers if isinstance(held, QuietFile | _Verbose)]:
        root.removeHandler(handler)
        handler.close()
    handlers: list[logging.Handler] = [QuietFile(file, environment)]
    if verbose:
        told = _Verbose(sys.stderr)
        told.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        told.addFilter(environment.redactor)
        handlers.append(told)
    else:
        warnings.simplefilter("ignore")
    for handler in handlers:
        handler.setLevel(logging.WARNING)
        root.addHandler(handler)


class _Verbose(logging.StreamHandler[TextIO]):
    """Log records on stderr."""
