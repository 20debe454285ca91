"""Frames and messages between Mneme and its reading processes. Spoken by `child` and `worker`."""

import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import IO

from assistant.domain.errors import (
    EncryptedFileError,
    MnemeError,
    ReaderCrashedError,
    ReaderLimitError,
    ReadError,
    ReaderTimeoutError,
)

READY, DOCUMENT, PICTURE, FAILURE = b"R", b"D", b"P", b"E"
HEAD = struct.Struct(">cI")
FAILURES: Mapping[str, type[ReadError]] = {
    kind.code: kind for kind in (ReadError, ReaderCrashedError, ReaderTimeoutError, ReaderLimitError, EncryptedFileError)
}


@dataclass(frozen=True, slots=True)
class Request:
    """One file to read, or one page of it to draw; sizes in bytes, width in pixels."""

    path: str
    max_bytes: int
    max_output: int
    draw: bool = False
    page: int = 1
    quote: str = ""
    width: int = 0

    def encode(self) -> bytes:
        """ASCII JSON, so that names with undecodable bytes survive."""
        return json.dumps(asdict(self)).encode("ascii")

    @staticmethod
    def decode(payload: bytes) -> "Request":
        """The inverse of encode."""
        return Request(**json.loads(payload))


def write_frame(stream: IO[bytes], tag: bytes, payload: bytes = b"") -> None:
    """Send one message: a tag of one byte, the length, the payload."""
    stream.write(HEAD.pack(tag, len(payload)) + payload)
    stream.flush()


def read_frame(stream: IO[bytes], limit: int) -> tuple[bytes, bytes] | None:
    """Receive one message; None at the end of the stream. Raises ReaderLimitError for a payload above `limit` bytes."""
    head = _exactly(stream, HEAD.size)
    if head is None:
        return None
    tag, length = HEAD.unpack(head)
    if length > limit:
        raise ReaderLimitError("The file holds more text than the limit allows.")
    payload = _exactly(stream, length)
    return None if payload is None else (tag, payload)


def _exactly(stream: IO[bytes], length: int) -> bytes | None:
    pieces: list[bytes] = []
    while length:
        piece = stream.read(length)
        if not piece:
            return None
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)


def pack_failure(error: MnemeError) -> bytes:
    """Turn an error into a payload."""
    return json.dumps({"code": error.code, "what": error.what, "kept": error.kept, "remedy": error.remedy}).encode("ascii")


def unpack_failure(payload: bytes) -> ReadError:
    """Turn a payload into the error it was."""
    told = json.loads(payload)
    kind = FAILURES.get(str(told["code"]), ReadError)
    return kind(str(told["what"]), kept=str(told["kept"]), remedy=str(told["remedy"]))


def pack_picture(meta: Mapping[str, object], png: bytes) -> bytes:
    """Put a JSON object before the bytes of a picture."""
    head = json.dumps(meta).encode("ascii")
    return struct.pack(">I", len(head)) + head + png


def unpack_picture(payload: bytes) -> tuple[dict[str, object], bytes]:
    """The inverse of pack_picture."""
    (length,) = struct.unpack_from(">I", payload)
    return json.loads(payload[4 : 4 + length]), payload[4 + length :]
