"""A stage: opens the real window, waits until it is shown and the core answers, closes it. Run as a child process."""

import asyncio
import sys
from typing import Any

import ui.main as window
from assistant.api.views import RecallQuery
from tests.bench.idling import REST_S, held
from tests.bench.lines import tell


class Watched(window.MainWindow):
    """The window, which says when it was shown and when its core first answered, and then closes."""

    def __init__(self, bridge: Any, *others: Any) -> None:
        super().__init__(bridge, *others)
        self._watched = bridge

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        tell(moment="shown")

    def attach(self) -> None:
        super().attach()
        self._watched.run(self._look())

    async def _look(self) -> None:
        await self._watched.assistant.status()
        tell(moment="status")
        await self._watched.assistant.recall(RecallQuery(text="which valve is open"))
        tell(moment="recall")
        await asyncio.sleep(REST_S)
        tell(resting=True, **held())
        self.close()


if __name__ == "__main__":
    window.MainWindow = Watched
    sys.exit(window.main())
