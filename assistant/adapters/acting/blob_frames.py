"""How contents lie in a file of the blob folder: as they are, or sealed in frames. Used by `disk_blobs`, on threads."""

import hashlib
import hmac
import json
import secrets
import struct
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from assistant.domain.secret import Secret

BLOCK = 2**20
"""Bytes of contents in one frame."""
MAGIC = b"MNEMEBL1"
ID_BYTES = 16
NONCE_BYTES = 12
TAG_BYTES = 16
DIGEST_BYTES = 32
LENGTH = struct.Struct("<I")
END_BYTES = LENGTH.size + NONCE_BYTES + DIGEST_BYTES + TAG_BYTES


class Frames(Protocol):
    """A way to write contents to a file. All raise OSError; reading raises ValueError for anything not written this way."""

    def name(self, digest: str) -> str:
        """Return the name of the file for contents with this sha256 (hex)."""
        ...

    def write(self, stream: BinaryIO, file: BinaryIO) -> str:
        """Write all that a stream gives; return its sha256."""
        ...

    def read(self, file: BinaryIO) -> Iterator[bytes]:
        """Yield the contents."""
        ...

    def digest(self, name: str, file: BinaryIO) -> str:
        """Return the sha256 of the contents without reading them all."""
        ...


class PlainFrames:
    """Contents as they are, under their own sha256."""

    def name(self, digest: str) -> str:
        """See Frames."""
        return digest

    def write(self, stream: BinaryIO, file: BinaryIO) -> str:
        """See Frames."""
        digest = hashlib.sha256()
        for block in _blocks(stream):
            digest.update(block)
            file.write(block)
        return digest.hexdigest()

    def read(self, file: BinaryIO) -> Iterator[bytes]:
        """See Frames."""
        while block := file.read(BLOCK):
            yield block

    def digest(self, name: str, file: BinaryIO) -> str:
        """See Frames."""
        return name


class SealedFrames:
    """AES-256-GCM over frames of a MiB, each bound to its file and its place; the last one holds the sha256.

    The name of the file is a keyed digest, so that nobody can test whether certain contents are kept.
    """

    def __init__(self, key: Secret) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._box = AESGCM(key.reveal())
        self._naming = hmac.new(key.reveal(), b"names", hashlib.sha256).digest()

    def name(self, digest: str) -> str:
        """See Frames."""
        return hmac.new(self._naming, digest.encode(), hashlib.sha256).hexdigest()

    def write(self, stream: BinaryIO, file: BinaryIO) -> str:
        """See Frames."""
        digest, mark, place = hashlib.sha256(), secrets.token_bytes(ID_BYTES), 0
        file.write(MAGIC + mark)
        for block in _blocks(stream):
            digest.update(block)
            self._put(file, block, mark, place)
            place += 1
        self._put(file, digest.digest(), mark, place, last=True)
        return digest.hexdigest()

    def read(self, file: BinaryIO) -> Iterator[bytes]:
        """See Frames."""
        mark = self._begin(file)
        place, frame = 0, _frame(file)
        while (following := _frame(file)) is not None:
            yield self._opened(frame, mark, place)
            place, frame = place + 1, following
        self._opened(frame, mark, place, last=True)

    def digest(self, name: str, file: BinaryIO) -> str:
        """See Frames."""
        mark = self._begin(file)
        end = file.seek(0, 2) - END_BYTES
        # Every frame but the last two is full, so the place of the last one follows from the length.
        full = LENGTH.size + NONCE_BYTES + BLOCK + TAG_BYTES
        place = -(-(end - len(MAGIC) - ID_BYTES) // full)
        file.seek(max(end, 0))
        return self._opened(_frame(file), mark, place, last=True).hex()

    def _begin(self, file: BinaryIO) -> bytes:
        head = file.read(len(MAGIC) + ID_BYTES)
        if len(head) < len(MAGIC) + ID_BYTES or not head.startswith(MAGIC):
            raise ValueError("not a sealed file")
        return head[len(MAGIC) :]

    def _put(self, file: BinaryIO, block: bytes, mark: bytes, place: int, *, last: bool = False) -> None:
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = nonce + self._box.encrypt(nonce, block, _bound(mark, place, last))
        file.write(LENGTH.pack(len(sealed)) + sealed)

    def _opened(self, frame: bytes | None, mark: bytes, place: int, *, last: bool = False) -> bytes:
        from cryptography.exceptions import InvalidTag

        if frame is None:
            raise ValueError("a frame is missing")
        try:
            return self._box.decrypt(frame[:NONCE_BYTES], frame[NONCE_BYTES:], _bound(mark, place, last))
        except InvalidTag as error:
            raise ValueError("not sealed here") from error


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield what a stream gives in full blocks but for the last; a stream may give less at a time."""
    block = b""
    while more := stream.read(BLOCK - len(block)):
        block += more
        if len(block) == BLOCK:
            yield block
            block = b""
    if block:
        yield block


def _frame(file: BinaryIO) -> bytes | None:
    """Read the next frame; None at the end."""
    head = file.read(LENGTH.size)
    if not head:
        return None
    size = LENGTH.unpack(head)[0] if len(head) == LENGTH.size else 0
    if not NONCE_BYTES + TAG_BYTES <= size <= NONCE_BYTES + BLOCK + TAG_BYTES:
        raise ValueError("not a frame")
    frame = file.read(size)
    if len(frame) < size:
        raise ValueError("a frame is cut")
    return frame


def _bound(mark: bytes, place: int, last: bool) -> bytes:
    return json.dumps([mark.hex(), place, last]).encode()
