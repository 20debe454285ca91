"""What every BlobStore promises."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from assistant.adapters.acting.blob_frames import BLOCK, SealedFrames
from assistant.adapters.acting.disk_blobs import DiskBlobs
from assistant.domain.errors import BlobGoneError
from assistant.domain.secret import Secret
from assistant.ports.acting import BlobStore
from tests.fakes.acting import FakeBlobs

CONTENTS = [b"", b"a", b"one\r\n\0two", bytes(BLOCK), b"x" * (BLOCK + 1), b"y" * (3 * BLOCK)]


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


@pytest.fixture(params=["fake", "plain", "sealed"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path, pool: ThreadPoolExecutor) -> BlobStore:
    match request.param:
        case "plain":
            return DiskBlobs(tmp_path / "blobs", pool)
        case "sealed":
            return DiskBlobs(tmp_path / "blobs", pool, SealedFrames(Secret(bytes(range(32)))))
        case _:
            return FakeBlobs()


@pytest.mark.parametrize("content", CONTENTS, ids=len)
async def test_gives_back_what_was_put_under_its_sha256(blobs: BlobStore, content: bytes) -> None:
    digest = await blobs.put(content)
    assert digest == sha256(content).hexdigest()
    assert await blobs.get(digest) == content
    assert set(await blobs.held()) == {digest}


async def test_streams_are_kept_and_copied(blobs: BlobStore) -> None:
    content = b"z" * (2 * BLOCK + 7)
    digest = blobs.store(io.BytesIO(content))
    into = io.BytesIO()
    assert blobs.copy(digest, into) == len(content)
    assert into.getvalue() == content


async def test_the_same_contents_are_kept_once(blobs: BlobStore) -> None:
    await blobs.put(b"same")
    once = await blobs.held()
    assert await blobs.put(b"same") == sha256(b"same").hexdigest()
    assert await blobs.held() == once


async def test_what_was_given_up_is_gone_and_says_so(blobs: BlobStore) -> None:
    kept, given_up = await blobs.put(b"kept"), await blobs.put(b"given up")
    held = await blobs.held()
    assert await blobs.drop([given_up, given_up, "0" * 64]) == held[given_up]
    assert set(await blobs.held()) == {kept}
    with pytest.raises(BlobGoneError):
        await blobs.get(given_up)
    with pytest.raises(BlobGoneError):
        blobs.copy(given_up, io.BytesIO())
    assert await blobs.get(kept) == b"kept"


async def test_nothing_is_held_at_first(blobs: BlobStore) -> None:
    assert await blobs.held() == {}
    assert await blobs.drop(["0" * 64]) == 0
