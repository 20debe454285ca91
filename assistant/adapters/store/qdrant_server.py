"""The one place where Mneme turns to a Qdrant server: which host, with which key, how often. Used by `qdrant_dense`."""

import ipaddress
import math
import os
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from assistant.adapters.store.qdrant_failures import explained, passing
from assistant.config.schema import Qdrant
from assistant.domain.errors import ConfigError, MnemeError

T = TypeVar("T")

DEFAULT_PORT = 6333
ENGINE_SILENCE = "ORT_DISABLE_TELEMETRY"
PAUSE_S = 0.2
"""Wait before the second attempt; doubled before each further one."""


@dataclass(frozen=True, slots=True)
class Address:
    """A checked address; `place` (host and port) is what errors name."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def place(self) -> str:
        """Host and port."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.scheme}://{self.place}{self.path}"


def checked_address(settings: Qdrant) -> Address:
    """Return the address that the settings name, where vectors and key may go. Raises ConfigError.

    Plain http is for this computer alone: on the way to another one anybody could read vectors and key.
    """
    try:
        parts = urlsplit(settings.url.strip())
        host, port = parts.hostname or "", parts.port or DEFAULT_PORT
    except ValueError:
        parts, host, port = urlsplit(""), "", DEFAULT_PORT
    if not host:
        raise ConfigError(
            "No Qdrant server is named.",
            kept="Nothing was sent.",
            remedy="Set qdrant.url to its address, such as https://host:6333, or choose another engine.",
        )
    if parts.scheme not in ("http", "https") or parts.username is not None or parts.query or parts.fragment:
        raise ConfigError(
            f"The address of the Qdrant server {host} is not a plain https address.",
            kept="Nothing was sent.",
            remedy="Write https://host:port; the API key belongs into the vault.",
        )
    if parts.scheme == "http" and not _here(host) and not settings.allow_plain_http:
        raise ConfigError(
            f"The Qdrant server {host} is another computer, and http would let others read vectors and key on the way.",
            kept="Nothing was sent.",
            remedy="Use https, or set qdrant.allow_plain_http where you trust the network.",
        )
    return Address(parts.scheme, host, port, parts.path.rstrip("/"))


def _here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _trust(ca_file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(Path(ca_file).expanduser()))
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            f"The certificate authority in {ca_file} cannot be read ({error}).",
            kept="Nothing was sent.",
            remedy="Name a PEM file in qdrant.ca_file.",
        ) from error


class Server(Protocol):
    """What `qdrant_dense` needs of a server; tests put qdrant-client's local mode behind it."""

    parallel: bool
    """Whether the client may be used on two threads at once."""

    def connect(self) -> Any:
        """Return a client; nothing is sent yet."""
        ...

    def call(self, work: Callable[[], T]) -> T:
        """Run a request that may be repeated. Raises StorageError and ConfigError."""
        ...

    def stop(self) -> None:
        """End the waiting between attempts, for closing."""
        ...


class QdrantServer:
    """A server or cluster reached over HTTP; only the host that the settings name is ever contacted.

    `api_key` comes from the vault. It is sent to that host alone and appears in no error, log or representation.
    """

    parallel = True

    def __init__(self, settings: Qdrant, api_key: str | None = None) -> None:
        self._settings = settings
        self._key = api_key or None
        self._place = ""
        self._stopped = threading.Event()

    def __repr__(self) -> str:
        return f"QdrantServer({self._place!r})"

    def connect(self) -> Any:
        """Return a client for the checked address; nothing is sent yet. Raises ConfigError."""
        address = checked_address(self._settings)
        self._place = address.place
        # Before the client is loaded: it loads fastembed, whose engine calls its maker unless the environment forbids it.
        os.environ[ENGINE_SILENCE] = "1"
        from qdrant_client import QdrantClient

        given = self._settings
        # The key as a header: the client warns of a key sent over http, which has been decided here already. Proxies and
        # certificates from the environment are left alone, since they would let another host read what is sent.
        return QdrantClient(
            url=address.url,
            timeout=math.ceil(given.timeout_seconds),
            headers={"api-key": self._key} if self._key else None,
            prefer_grpc=False,
            check_compatibility=False,
            trust_env=False,
            follow_redirects=False,
            verify=_trust(given.ca_file) if given.ca_file else True,
        )

    def call(self, work: Callable[[], T]) -> T:
        """Run an idempotent request, again when the server could not be reached. Raises StorageError and ConfigError."""
        for attempt in range(self._settings.retries + 1):
            try:
                return work()
            except MnemeError:
                raise
            except Exception as error:
                last = attempt == self._settings.retries
                if not passing(error) or last or self._stopped.wait(PAUSE_S * 2**attempt):
                    # Without its cause: what the client raised carries the request and, maybe, an echo of the key.
                    raise explained(error, self._place, self._settings.timeout_seconds, self._key) from None
        raise AssertionError("every attempt returns or raises")

    def stop(self) -> None:
        """End the waiting between attempts."""
        self._stopped.set()
