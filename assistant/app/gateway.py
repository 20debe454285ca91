"""Lets a second Mneme (the command line) work through the one that holds the memory. Started by `app` in both.

The door is a local socket in a folder only this user can enter, or a named pipe on Windows; callers prove that they
know a fresh random key. Nothing listens on a network port.
"""

import asyncio
import json
import logging
import secrets
import shutil
import sys
import tempfile
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from operator import attrgetter
from pathlib import Path
from typing import Any, cast

from assistant.api.contract import Assistant
from assistant.app.protocol import LASTING, LOOKS, TICKET, closed, signatures
from assistant.domain.errors import ClosingError, MnemeError
from assistant.domain.plan import Undertaking

log = logging.getLogger(__name__)


class Gateway:
    """The listening side; requests run on the loop that holds the memory."""

    def __init__(self, assistant: Assistant, folder: Path, loop: asyncio.AbstractEventLoop) -> None:
        self._assistant = assistant
        self._ticket = folder / TICKET
        self._loop = loop
        self._signatures = signatures()
        self._key = secrets.token_bytes(32)
        self._room = Path(tempfile.mkdtemp(prefix="mneme-"))
        address = rf"\\.\pipe\mneme-{secrets.token_hex(8)}" if sys.platform == "win32" else str(self._room / "door")
        self._listener = Listener(address, authkey=self._key)
        self._closed = False
        self._leaving = False
        self._calls: list[str] = []
        self._works: set[Future[Any]] = set()
        self._thread = threading.Thread(target=self._listen, name="gateway", daemon=True)

    def open(self) -> None:
        """Start listening and leave the address for others of this user; on a full disk nobody else gets in."""
        self._thread.start()
        try:
            self._ticket.touch(mode=0o600)
            self._ticket.chmod(0o600)
            self._ticket.write_text(json.dumps({"address": str(self._listener.address), "key": self._key.hex()}), "utf-8")
        except OSError as error:
            log.warning("no other Mneme can work through this one: %s", error.strerror)

    def refuse_work(self) -> None:
        """Answer only what looks from now on: this process wants to close."""
        self._leaving = True

    def lasting(self) -> tuple[Undertaking, ...]:
        """Return the calls under way that must come to their end."""
        return tuple(Undertaking(kind="call", what=name) for name in tuple(self._calls) if name in LASTING)

    def busy(self) -> bool:
        """Tell whether any call is under way."""
        return bool(self._calls)

    def close(self) -> None:
        """Stop listening; safe to call twice. Requests under way are cut off."""
        if self._closed:
            return
        self._closed = True
        for work in tuple(self._works):
            work.cancel()
        self._ticket.unlink(missing_ok=True)
        if self._thread.is_alive():
            # Waking the listener shakes hands with it, which takes for ever where it has just stopped: that is not waited for.
            threading.Thread(target=self._knock, name="gateway-close", daemon=True).start()
            self._thread.join(timeout=2)
        self._listener.close()
        shutil.rmtree(self._room, ignore_errors=True)

    def _knock(self) -> None:
        try:
            Client(self._listener.address, authkey=self._key).close()
        except (OSError, EOFError, AuthenticationError):
            log.debug("the gateway's listener was gone already")

    def _listen(self) -> None:
        while not self._closed:
            try:
                link = self._listener.accept()
            except (OSError, EOFError, AuthenticationError):
                continue
            threading.Thread(target=self._serve, args=(link,), name="gateway-call", daemon=True).start()

    def _serve(self, link: Connection) -> None:
        with link:
            try:
                while not self._closed:
                    self._reply(link, json.loads(link.recv_bytes()))
            except (OSError, EOFError, ValueError):
                return

    def _reply(self, link: Connection, asked: dict[str, Any]) -> None:
        """Answer one request; it counts as under way until its answer was sent."""
        name = str(asked.get("method"))
        self._calls.append(name)
        try:
            link.send_bytes(self._answer(name, asked))
        finally:
            self._calls.remove(name)

    def _answer(self, name: str, asked: dict[str, Any]) -> bytes:
        try:
            if self._closed:
                raise closed()
            if self._leaving and name not in LOOKS:
                raise _closing()
            signature = self._signatures[name]
            arguments = {
                key: adapter.validate_python(asked["arguments"][key])
                for key, adapter in signature.arguments.items()
                if key in asked["arguments"]
            }
            method = cast(Callable[..., Awaitable[Any]], attrgetter(name)(self._assistant))
            return b'{"result":' + signature.result.dump_json(self._done(_call(method, arguments))) + b"}"
        except Exception as error:  # the caller gets the reason, the listener lives on
            if self._closed:  # whatever failed, it failed because its engines were being closed
                return _told(closed())
            if isinstance(error, MnemeError):
                return _told(error)
            log.exception("a request through the gateway failed")
            return _told(MnemeError(f"The open Mneme could not do this: {error!r}."))

    def _done(self, call: Coroutine[Any, Any, Any]) -> Any:
        """Let the loop make a call, and return its result; closing cancels it."""
        work = asyncio.run_coroutine_threadsafe(call, self._loop)
        self._works.add(work)
        try:
            return work.result()
        finally:
            self._works.discard(work)


def _told(error: MnemeError) -> bytes:
    facts = {"type": type(error).__name__, "what": error.what, "kept": error.kept, "remedy": error.remedy}
    return json.dumps({"error": facts}).encode()


def _closing() -> ClosingError:
    return ClosingError(
        "The Mneme that holds this memory is closing, and finishes first what others asked of it.",
        kept="Nothing of this was begun.",
        remedy="Try again when it has closed.",
    )


async def _call(method: Callable[..., Awaitable[Any]], arguments: dict[str, Any]) -> Any:
    return await method(**arguments)
