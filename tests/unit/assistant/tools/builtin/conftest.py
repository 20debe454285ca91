"""What the tests of the tools that come with Mneme share."""

from pathlib import Path

import pytest

from tests.fakes.seeing import Toolbox


@pytest.fixture
def box(tmp_path: Path) -> Toolbox:
    """The real tools over an empty folder."""
    root = tmp_path / "home"
    root.mkdir()
    return Toolbox(root)
