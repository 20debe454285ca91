"""Lets a second Mneme (the command line) work through the one that holds the memory. Started by `app` in both.

The door is a local socket in a folder only this user can enter, or a named pipe on Windows; callers prove that they
know a fresh random key. Nothing listens on a network port.
"""

import asyncio
import inspect
import json
import logging
import secrets
import shutil
import sys
import tempfile
import threading
from collections.abc import Awaitable, Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from operator import attrgetter
from pathlib import Path
from typing import Any, cast, get_type_hints

from pydantic import TypeAdapter

from assistant.api.contract import Assistant
from assistant.domain import errors
from assistant.domain.errors import InUseError, MnemeError

log = logging.getLogger(__name__)

METHODS = (
    "estimate",
    "ingest",
    "progress",
    "pause",
    "recall",
    "ask",
    "status",
    "forget",
    "verify",
    "forgetting.within",
    "forgetting.files",
    "forgetting.passages",
    "forgetting.prove",
    "doctor",
    "models",
    "install_model",
    "remove_model",
    "upkeep.retry",
    "watching.watched",
    "watching.watch",
    "watching.unwatch",
    "watching.attend",
    "spaces.all",
    "spaces.start",
    "spaces.switch",
    "spaces.rollback",
    "spaces.drop",
    "spaces.compare",
    "quality.confirm",
    "quality.cases",
    "quality.withdraw",
    "quality.measure",
    "upkeep.rebuild",
    "upkeep.backup",
    "upkeep.backups",
    "upkeep.restore",
    "upkeep.collect",
    "upkeep.recalls",
    "upkeep.health",
    "quality.run",
    "quality.tune",
    "quality.apply_tuning",
    "quality.reset_tuning",
    "acting.plan",
    "acting.answer",
    "acting.edit",
    "acting.approve",
    "acting.deny",
    "acting.cancel",
    "acting.waiting",
    "acting.diff",
    "history.runs",
    "history.run",
    "history.ended",
    "history.undo",
    "history.redo",
    "history.resume",
    "history.worktree",
    "permissions.grants",
    "permissions.revoke",
    "permissions.audit",
    "permissions.tools",
)
"""What may be called from outside; `group.method` is a method of one of the façade's groups."""
TICKET = "gateway.json"


class Signature:
    """How the arguments and the result of one façade method travel as JSON."""

    def __init__(self, name: str) -> None:
        group, _, method = name.rpartition(".")
        owner = get_type_hints(getattr(Assistant, group).fget)["return"] if group else Assistant
        hints = get_type_hints(getattr(owner, method))
        self.result: TypeAdapter[Any] = TypeAdapter(hints.pop("return"))
        self.arguments: dict[str, TypeAdapter[Any]] = {key: TypeAdapter(hint) for key, hint in hints.items()}


def signatures() -> dict[str, Signature]:
    """Return the signatures of all methods that may be called from outside."""
    return {name: Signature(name) for name in METHODS}


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

    def close(self) -> None:
        """Stop listening; safe to call twice. Requests under way are cut off."""
        if self._closed:
            return
        self._closed = True
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
                    link.send_bytes(self._answer(link.recv_bytes()))
            except (OSError, EOFError):
                return

    def _answer(self, request: bytes) -> bytes:
        try:
            if self._closed:
                raise _closed()
            asked = json.loads(request)
            signature = self._signatures[asked["method"]]
            arguments = {
                key: adapter.validate_python(asked["arguments"][key])
                for key, adapter in signature.arguments.items()
                if key in asked["arguments"]
            }
            method = cast(Callable[..., Awaitable[Any]], attrgetter(asked["method"])(self._assistant))
            work = asyncio.run_coroutine_threadsafe(_call(method, arguments), self._loop)
            return b'{"result":' + signature.result.dump_json(work.result()) + b"}"
        except Exception as error:  # the caller gets the reason, the listener lives on
            if self._closed:  # whatever failed, it failed because its engines were being closed
                return _told(_closed())
            if isinstance(error, MnemeError):
                return _told(error)
            log.exception("a request through the gateway failed")
            return _told(MnemeError(f"The open Mneme could not do this: {error!r}."))


def _told(error: MnemeError) -> bytes:
    facts = {"type": type(error).__name__, "what": error.what, "kept": error.kept, "remedy": error.remedy}
    return json.dumps({"error": facts}).encode()


def _closed() -> InUseError:
    return InUseError(
        "The Mneme that holds this memory was closed while it worked on this.",
        kept="What it had finished is kept.",
        remedy="Try again.",
    )


async def _call(method: Callable[..., Awaitable[Any]], arguments: dict[str, Any]) -> Any:
    return await method(**arguments)


class RemoteCalls:
    """The calling side; one connection, one request at a time, on a thread."""

    def __init__(self, folder: Path) -> None:
        try:
            ticket = json.loads((folder / TICKET).read_text("utf-8"))
            self._link = Client(ticket["address"], authkey=bytes.fromhex(ticket["key"]))
        except (OSError, EOFError, ValueError, KeyError, AuthenticationError) as error:
            raise InUseError(
                "This memory is in use by another Mneme that does not answer.",
                kept="Nothing was changed.",
                remedy="Wait until it has finished, or close it, and try again.",
            ) from error
        self._signatures = signatures()

    async def call(self, method: str, *places: Any, **names: Any) -> Any:
        """Call a façade method in the other process; its MnemeErrors are raised here."""
        signature = self._signatures[method]
        arguments = {**dict(zip(signature.arguments, places, strict=False)), **names}
        request = {
            "method": method,
            "arguments": {key: signature.arguments[key].dump_python(value, mode="json") for key, value in arguments.items()},
        }
        reply = json.loads(await asyncio.to_thread(self._exchange, json.dumps(request).encode()))
        if "error" in reply:
            told = reply["error"]
            raise _kinds().get(told["type"], MnemeError)(told["what"], kept=told["kept"], remedy=told["remedy"])
        return signature.result.validate_python(reply["result"])

    def _exchange(self, request: bytes) -> bytes:
        try:
            self._link.send_bytes(request)
            return self._link.recv_bytes()
        except (OSError, EOFError) as error:
            raise _closed() from error

    def close(self) -> None:
        """Hang up."""
        self._link.close()


def _kinds() -> dict[str, type[MnemeError]]:
    return {name: kind for name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, MnemeError)}
