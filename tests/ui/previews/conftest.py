"""Garbage is collected between these tests only: a dead window collected inside its own callback takes the process with it."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def no_collection_inside_callbacks() -> Iterator[None]:
    """Hold the collector until the windows of the test are destroyed."""
    gc.disable()
    yield
    gc.enable()
