"""What the tests of what must never happen share: the room with what must never be touched beside it, and its threads."""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.flows.hostile import LIMIT_S, Stage


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture
async def stage(tmp_path: Path, threads: ThreadPoolExecutor) -> AsyncIterator[Stage]:
    found = Stage(tmp_path.resolve(), threads)
    yield found
    await found.supervisor.close(LIMIT_S)
