"""What acting works with, in memory: a BlobStore in a dictionary."""

from collections.abc import Collection
from hashlib import sha256
from typing import BinaryIO

from assistant.domain.errors import BlobGoneError


class FakeBlobs:
    """BlobStore; `kept` are the contents by digest, to look into and to take away from."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def put(self, content: bytes) -> str:
        return self._keep(content)

    async def get(self, digest: str) -> bytes:
        return self._kept(digest)

    def store(self, stream: BinaryIO) -> str:
        return self._keep(stream.read())

    def copy(self, digest: str, into: BinaryIO) -> int:
        return into.write(self._kept(digest))

    async def drop(self, digests: Collection[str]) -> int:
        return sum(len(self.kept.pop(digest, b"")) for digest in digests)

    async def held(self) -> dict[str, int]:
        return {digest: len(content) for digest, content in self.kept.items()}

    def _keep(self, content: bytes) -> str:
        digest = sha256(content).hexdigest()
        self.kept[digest] = content
        return digest

    def _kept(self, digest: str) -> bytes:
        if digest not in self.kept:
            raise BlobGoneError(f"The contents {digest[:12]} are not kept any more.")
        return self.kept[digest]
