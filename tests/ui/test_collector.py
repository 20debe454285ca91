"""Garbage of the window is collected on the window's thread, and only there."""

import gc
import threading

from PySide6.QtWidgets import QApplication

from ui.shell import Collector


class Litter:
    """A cycle that tells which thread took it away."""

    def __init__(self, seen: list[str]) -> None:
        self.itself = self
        self.seen = seen

    def __del__(self) -> None:
        self.seen.append(threading.current_thread().name)


def test_litter_of_any_thread_is_collected_on_the_main_one(app: QApplication) -> None:
    seen: list[str] = []
    collector = Collector(app)
    try:
        assert not gc.isenabled()
        worker = threading.Thread(target=lambda: [Litter(seen) for _ in range(gc.get_threshold()[0] * 3)])
        worker.start()
        worker.join()
        assert not seen
        collector.collect()
        assert seen
    finally:
        collector.stop()
    assert set(seen) == {threading.main_thread().name}
    assert gc.isenabled()
