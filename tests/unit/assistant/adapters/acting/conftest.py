from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.contract.trees import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A root on disk with everything that acts on it; beside it a folder "outside" that must never change."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text("secret")
    with ThreadPoolExecutor(2) as pool:
        yield Desk(tmp_path, pool, own=[str(tmp_path / "root" / "mneme")])
