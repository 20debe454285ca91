"""Collects Python's garbage on the window's own thread only. Started by `ui.main`.

Left to itself the collector runs on whichever thread allocates, and a dead widget destroyed on a worker thread, or inside
a callback of its own, takes the process with it.
"""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1000


class Collector(QObject):
    """Looks every second whether a generation is due, by Python's own thresholds, and collects it here."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the oldest generation that is over its threshold; one call at most."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        due = [age for age, (count, threshold) in enumerate(zip(counts, thresholds, strict=True)) if count > threshold]
        if due:
            gc.collect(due[-1])

    def stop(self) -> None:
        """Hand collecting back to Python."""
        self._timer.stop()
        gc.enable()
