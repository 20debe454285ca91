"""What is freed goes back to the system, and few heaps are opened; both do nothing where the system knows neither."""

import sys
from threading import Thread

import psutil
import pytest

from assistant.adapters.system.thrift import few_heaps, give_back

MIB = 1024 * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="only the GNU C library can be asked")
def test_freed_memory_of_another_thread_goes_back() -> None:
    few_heaps()
    kept: list[bytes] = []

    def fill() -> None:
        blocks = [bytes(50_000) for _ in range(2_000)]
        kept.append(blocks.pop())  # lies on top of the heap, so that nothing below goes back by itself

    thread = Thread(target=fill)
    thread.start()
    thread.join()
    before = psutil.Process().memory_info().rss
    give_back()
    assert psutil.Process().memory_info().rss <= before


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_nothing_happens(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    few_heaps()
    give_back()
