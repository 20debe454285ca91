"""Verifying, mending and tidying a memory as a whole. Reached as `Memory.care`."""

from collections.abc import Callable, Collection

from assistant.domain.upkeep import Comparison, VerifyReport
from assistant.memory.store import AllSpaces, Engines
from assistant.memory.upkeep.collect import unused
from assistant.memory.upkeep.contents import Looking, Tell, mend, unheard
from assistant.memory.upkeep.verify import Around, counted, verify

CENSUS_CHUNKS = 20_000
"""Chunks up to which counts are compared id by id."""


class Care:
    """What is done about all stores together; `engines` tells what memory works with at this moment."""

    def __init__(self, engines: Callable[[], Engines], spaces: AllSpaces) -> None:
        self._engines = engines
        self._spaces = spaces
        self.doubtful = False
        """The last verification found a disagreement: the next start must look at everything."""

    async def verify(self, full: bool = False, tell: Tell = unheard) -> VerifyReport:
        """Compare all stores: vectors and words of a sample, or (`full`) wholly; `tell` hears how far it is."""
        engines = self._engines()
        around = Around(engines.upkeep, engines.confirmed, engines.audit, dict(self._spaces.beside))
        report = await verify(self._looking(), around, full, tell)
        self.doubtful = not report.ok
        return report

    async def mend(self) -> int:
        """Take texts, vectors and text rows away that are not what they were made of; the next `replay` makes them anew."""
        return await mend(self._looking())

    async def counted(self) -> tuple[Comparison, ...]:
        """Compare the counts of all stores, the cheap way: no integrity check, and no lists of a large memory."""
        engines = self._engines()
        vectors = await engines.optimisable.count() if engines.optimisable else 0
        return await counted(engines.stores, engines.embedder, vectors, CENSUS_CHUNKS)

    async def collect(self, installed: Collection[str] = ()) -> int:
        """Drop cached vectors that no passage needs, or of a model with neither a space nor its files; return how many."""
        engines = self._engines()
        models = {*installed, *self._spaces.beside, *([engines.embedder.model] if engines.embedder else [])}
        return await unused(engines.stores, engines.cache, models)

    async def compact(self) -> None:
        """Take deleted rows and freed pages off the disk."""
        engines = self._engines()
        if engines.optimisable is not None:
            await engines.optimisable.optimise()
        await engines.upkeep.scrub()

    async def complaints(self) -> list[str]:
        """Run the short integrity check of the records; return complaints."""
        return await self._engines().upkeep.check(short=True)

    def _looking(self) -> Looking:
        engines = self._engines()
        return Looking(engines.stores, engines.embedder, engines.cache, engines.optimisable)
