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
from assistant.cli.output import Output
from assistant.cli.passphrase import TerminalPassphrase
from assistant.domain.errors import InUseError, MnemeError, PolicyDeniedError

if TYPE_CHECKING:
    from assistant.app.environment import Environment

T = TypeVar("T")
P = ParamSpec("P")

FAILED, NOTHING_FOUND, DENIED, INTERRUPTED, READER_GONE = 1, 3, 4, 130, 141
PATIENCE_S = 20.0
"""How long to wait for a memory whose holder is just opening or closing it; on a busy machine the model takes its time."""
RETRY_S = 0.1

log = logging.getLogger(__name__)


class Session:
    """What a command has: its output, the environment, and ways into the memory."""

    def __init__(self, doors: Doors, as_json: bool, verbose: bool) -> None:
        self.doors = doors
        self.out = Output(as_json)
        self.verbose = verbose
        self.interrupted = "Stopped."
        found = doors.environment(os.environ)
        self.environment: Environment = replace(found, passphrases=found.passphrases.or_from(TerminalPassphrase(self.out)))
        self.log_file = self.environment.places.logs / "mneme.log"
        _keep_logs(self.log_file, verbose, self.environment)

    def run(self, work: Callable[[Assistant], Awaitable[T]], *, again: bool = False) -> T:
        """Do `work` with the memory and close it; `again` lets it start over when the Mneme that held the memory closed."""
        return asyncio.run(self._work(work, again))

    async def _work(self, work: Callable[[Assistant], Awaitable[T]], again: bool) -> T:
        until = time.monotonic() + PATIENCE_S
        while True:
            opened = False
            failure: MnemeError
            try:
                async with self.doors.connect(self.environment) as assistant:
                    opened = True
                    try:
                        return await work(assistant)
                    except MnemeError as error:
                        failure = error  # the memory closes in order before anybody hears of it
            except InUseError as error:
                failure = error
            if not isinstance(failure, InUseError) or (opened and not again) or time.monotonic() > until:
                raise failure
            if opened:
                until = time.monotonic() + PATIENCE_S
            await asyncio.sleep(RETRY_S)


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
    session: Session | None = None
    try:
        session = Session(doors, as_json, verbose)
        return work(session)
    except MnemeError as error:
        Output().fail(error)
        return DENIED if isinstance(error, PolicyDeniedError) else FAILED
    except (KeyboardInterrupt, asyncio.CancelledError):
        Output().note("\nmneme: " + (session.interrupted if session else "Stopped."))
        return INTERRUPTED
    except BrokenPipeError:
        discard_output()
        return READER_GONE
    except click.ClickException:
        raise
    except Exception as error:  # the last line of defence: a person gets a sentence, the log gets the rest
        _unexpected(error, session, verbose)
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
