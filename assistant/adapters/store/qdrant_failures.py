"""Turns what qdrant-client raises into errors a person can act on, never with the API key in them. Used by `qdrant_server`."""

import ssl
from typing import Any

from assistant.domain.errors import ConfigError, MnemeError, StorageError, UnreachableError

KEPT = "Everything written before is kept on this computer; the server only holds vectors."
SHOWN = 200
"""Most characters of a server's own words in a message."""

BUSY = frozenset({429, 502, 503, 504})
"""Answers after which the same request may well succeed."""

REFUSED = frozenset({401, 403})
MISSING = 404
FULL = frozenset({413, 507})


def passing(error: Exception) -> bool:
    """Tell whether trying again soon makes sense; a timeout is none of these, since somebody waits behind it."""
    import httpx
    from qdrant_client.common.client_exceptions import ResourceExhaustedResponse
    from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

    if isinstance(error, UnexpectedResponse):
        return error.status_code in BUSY
    if isinstance(error, ResponseHandlingException):
        source = error.source
        return isinstance(source, httpx.TransportError) and not isinstance(source, httpx.TimeoutException) and not _tls(source)
    return isinstance(error, ResourceExhaustedResponse)


def explained(error: Exception, host: str, seconds: float, secret: str | None) -> MnemeError:
    """Return the error to show for what a call to the server at `host` raised."""
    import httpx
    from qdrant_client.common.client_exceptions import ResourceExhaustedResponse
    from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

    if isinstance(error, UnexpectedResponse):
        return _answered(error.status_code or 0, _words(error, secret), host)
    if isinstance(error, ResourceExhaustedResponse):
        return _answered(429, _redacted(str(error), secret), host)
    source: Any = error.source if isinstance(error, ResponseHandlingException) else error
    if isinstance(source, httpx.TimeoutException):
        return UnreachableError(
            f"The Qdrant server {host} did not answer within {seconds:g} s.",
            kept=KEPT,
            remedy="Check the server and the network, or raise qdrant.timeout_seconds.",
        )
    if _tls(source):
        return UnreachableError(
            f"The Qdrant server {host} could not prove who it is ({_redacted(str(source), secret)}).",
            kept="Nothing was sent.",
            remedy="Check the address; for your own certificate authority, name its file in qdrant.ca_file.",
        )
    if isinstance(source, httpx.TransportError):
        return UnreachableError(
            f"The Qdrant server {host} cannot be reached ({_redacted(str(source) or type(source).__name__, secret)}).",
            kept=KEPT,
            remedy="Check that it runs and that qdrant.url names it.",
        )
    if isinstance(source, UnicodeError):
        return StorageError(
            "A name is not valid Unicode and cannot be sent to the Qdrant server.",
            kept="Nothing was changed.",
            remedy="Rename the folder.",
        )
    return UnreachableError(
        f"The Qdrant server {host} gave an answer that cannot be understood ({_redacted(str(source), secret)}).",
        kept=KEPT,
        remedy="Check that qdrant.url names a Qdrant server of version 1.10 or later.",
    )


def _answered(status: int, words: str, host: str) -> MnemeError:
    if status in REFUSED:
        return UnreachableError(
            f"The Qdrant server {host} refuses the API key (status {status}).",
            kept=KEPT,
            remedy="Put a valid key into the vault (`mneme secret set qdrant`) and start again.",
        )
    if status == MISSING:
        return StorageError(
            f"The collection is not on the Qdrant server {host} any more.",
            kept="The records are kept; the vectors can be made again.",
            remedy="Start Mneme again: it makes the collection anew and fills it.",
        )
    if status in FULL:
        return StorageError(
            f"The Qdrant server {host} has no room for this ({words}).",
            kept=KEPT,
            remedy="Free some space on the server and try again.",
        )
    if status in BUSY or status >= 500:
        return UnreachableError(
            f"The Qdrant server {host} failed (status {status}; {words}).",
            kept=KEPT,
            remedy="Look into the server's log; Mneme tries again later.",
        )
    if 300 <= status < 400:
        return ConfigError(
            f"The Qdrant server {host} sends elsewhere (status {status}), which Mneme does not follow.",
            kept="Nothing was sent there.",
            remedy="Name the final address in qdrant.url.",
        )
    return StorageError(f"The Qdrant server {host} refuses this (status {status}; {words}).", kept=KEPT)


def _tls(error: Exception) -> bool:
    """Tell whether the other side's certificate is the trouble: httpx hides that in the chain of causes."""
    at: BaseException | None = error
    while at is not None:
        if isinstance(at, ssl.SSLError):
            return True
        at = at.__cause__ or at.__context__
    return False


def _words(error: Any, secret: str | None) -> str:
    """What the server itself says, in its JSON or as plain text."""
    try:
        told = error.structured()["status"]["error"]
    except (ValueError, KeyError, TypeError):
        told = error.content.decode("utf-8", "replace")
    return _redacted(" ".join(str(told).split()), secret)


def _redacted(text: str, secret: str | None) -> str:
    """Leave out the key, which a server may echo, before anything is cut off."""
    if secret:
        text = text.replace(secret, "…")
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
