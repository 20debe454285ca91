"""The façade of a memory that another process holds: every call goes through its gateway. Built by `app.bootstrap`."""

import asyncio
import inspect
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection
from pathlib import Path
from typing import Any, cast

from assistant.api.contract import Forgetting, Quality, Spaces, Upkeep, Watching
from assistant.api.deeds import Acting, History, Permissions
from assistant.api.views import (
    Answer,
    Cite,
    Doctor,
    Estimate,
    Event,
    ForgetReport,
    ModelStatus,
    PreviewView,
    Progress,
    RecallQuery,
    RecallResult,
    Status,
    Ticket,
    VerifyReport,
)
from assistant.app.protocol import TICKET, closed, signatures
from assistant.domain import errors
from assistant.domain.errors import InUseError, MnemeError

HANG_UP_S = 0.2


class RemoteCalls:
    """The calling side: a request goes over a connection that is free, or a new one, and waits for its answer on a thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._free = [self._dialled()]
        self._left = False
        self._signatures = signatures()

    def _dialled(self) -> Connection:
        try:
            ticket = json.loads((self._folder / TICKET).read_text("utf-8"))
            return cast(Connection, Client(ticket["address"], authkey=bytes.fromhex(ticket["key"])))
        except (OSError, EOFError, ValueError, KeyError, AuthenticationError) as error:
            raise InUseError(
                "This memory is in use by another Mneme that does not answer.",
                kept="Nothing was changed.",
                remedy="Wait until it has finished, or close it, and try again.",
            ) from error

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
        link = self._free.pop() if self._free else self._dialled()
        try:
            link.send_bytes(request)
            while not link.poll(HANG_UP_S):  # a thread that waits in `recv_bytes` would not see that its caller has gone
                if self._left:
                    raise EOFError
            reply = link.recv_bytes()
        except (OSError, EOFError) as error:
            link.close()
            raise closed() from error
        self._free.append(link)
        return reply

    def close(self) -> None:
        """Hang up; a request under way is given up within HANG_UP_S, and goes on where it is worked on."""
        self._left = True
        while self._free:
            self._free.pop().close()


class RemoteGroup:
    """Stands for one group of the façade: whatever method of it is called, the gateway checks and calls."""

    def __init__(self, calls: RemoteCalls, name: str) -> None:
        self._calls = calls
        self._name = name

    def __getattr__(self, method: str) -> Callable[..., Awaitable[Any]]:
        return partial(self._calls.call, f"{self._name}.{method}")


class RemoteAssistant:
    """Fulfils `assistant.api.contract.Assistant` from outside; previews and events stay with the process that shows them."""

    def __init__(self, calls: RemoteCalls) -> None:
        self._calls = calls

    @property
    def forgetting(self) -> Forgetting:
        """See Assistant.forgetting."""
        return cast(Forgetting, RemoteGroup(self._calls, "forgetting"))

    @property
    def watching(self) -> Watching:
        """See Assistant.watching."""
        return cast(Watching, RemoteGroup(self._calls, "watching"))

    @property
    def upkeep(self) -> Upkeep:
        """See Assistant.upkeep."""
        return cast(Upkeep, RemoteGroup(self._calls, "upkeep"))

    @property
    def spaces(self) -> Spaces:
        """See Assistant.spaces."""
        return cast(Spaces, RemoteGroup(self._calls, "spaces"))

    @property
    def quality(self) -> Quality:
        """See Assistant.quality."""
        return cast(Quality, RemoteGroup(self._calls, "quality"))

    @property
    def acting(self) -> Acting:
        """See Assistant.acting."""
        return cast(Acting, RemoteGroup(self._calls, "acting"))

    @property
    def history(self) -> History:
        """See Assistant.history."""
        return cast(History, RemoteGroup(self._calls, "history"))

    @property
    def permissions(self) -> Permissions:
        """See Assistant.permissions."""
        return cast(Permissions, RemoteGroup(self._calls, "permissions"))

    async def estimate(self, paths: Sequence[str]) -> Estimate:
        """See Assistant.estimate."""
        return await self._calls.call("estimate", paths=paths)

    async def ingest(self, paths: Sequence[str], origin: str) -> Ticket:
        """See Assistant.ingest."""
        return await self._calls.call("ingest", paths=paths, origin=origin)

    async def progress(self) -> Progress:
        """See Assistant.progress."""
        return await self._calls.call("progress")

    async def pause(self, paused: bool) -> None:
        """See Assistant.pause."""
        await self._calls.call("pause", paused=paused)

    async def recall(self, query: RecallQuery, origin: str = "person") -> RecallResult:
        """See Assistant.recall."""
        return await self._calls.call("recall", query=query, origin=origin)

    async def ask(self, question: str, origin: str, secrets: bool = False) -> Answer:
        """See Assistant.ask."""
        return await self._calls.call("ask", question=question, origin=origin, secrets=secrets)

    async def status(self, under: str = "") -> Status:
        """See Assistant.status."""
        return await self._calls.call("status", under=under)

    async def preview(self, cite: Cite, quote: str, width: int) -> PreviewView:
        """Raises InUseError: pictures are shown where the memory is open."""
        raise InUseError("Previews are shown in the open window.", remedy=f"Look at {cite.path} there.")

    async def forget(self, path: str, origin: str) -> ForgetReport:
        """See Assistant.forget."""
        return await self._calls.call("forget", path=path, origin=origin)

    async def verify(self, full: bool = False) -> VerifyReport:
        """See Assistant.verify."""
        return await self._calls.call("verify", full=full)

    async def doctor(self) -> Doctor:
        """See Assistant.doctor."""
        return await self._calls.call("doctor")

    async def models(self) -> list[ModelStatus]:
        """See Assistant.models."""
        return await self._calls.call("models")

    async def install_model(self, model_id: str, consent: bool, local: str = "") -> ModelStatus:
        """See Assistant.install_model."""
        return await self._calls.call("install_model", model_id=model_id, consent=consent, local=local)

    async def remove_model(self, model_id: str) -> None:
        """See Assistant.remove_model."""
        await self._calls.call("remove_model", model_id=model_id)

    async def events(self) -> AsyncIterator[Event]:
        """Yield nothing until cancelled: facts are shown where the memory is open."""
        await asyncio.Event().wait()
        return
        yield


def _kinds() -> dict[str, type[MnemeError]]:
    return {name: kind for name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, MnemeError)}
