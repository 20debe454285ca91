"""A room over a few files, with what must never be touched beside it. Used by the tests of what must never happen."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import JsonValue

from assistant.domain.errors import MnemeError
from assistant.domain.plan import Proposal, Run
from tests.flows.random_deeds import Wants
from tests.flows.tree import look
from tests.unit.assistant.orchestrator.acting.conftest import Around

LIMIT_S = 20.0


class Stage(Around):
    """The room over some files, with a twin of its folder's name and a folder of others beside it; `wants` is what is asked."""

    def __init__(self, place: Path, threads: ThreadPoolExecutor) -> None:
        self.wants = Wants()
        super().__init__(place, threads, analyzer=self.wants)
        (self.root / "a.txt").write_text("old text of mine\n", "utf-8")
        (self.root / "in").mkdir()
        (self.root / "in" / "b.txt").write_text("old as well\n", "utf-8")
        self.outside = place / "outside"
        for other in (self.outside, place / "files-evil"):
            other.mkdir()
            (other / "a.txt").write_text("old text of somebody else\n", "utf-8")

    async def asked(self, tool: str, **arguments: JsonValue) -> Proposal | MnemeError:
        self.wants.steps = [(tool, arguments)]
        try:
            return await self.room.deeds.acting.plan("do it", "window")
        except MnemeError as error:
            return error

    async def done(self, proposal: Proposal, origin: str = "window") -> Run:
        assert proposal.preview is not None, proposal
        run = await self.room.deeds.acting.approve(proposal.id, proposal.preview.digest, origin)
        return await self.room.deeds.history.ended(run.id)

    async def refused(self, tool: str, **arguments: JsonValue) -> None:
        """Ask for something and try to approve it whatever came of it: nothing changes anywhere."""
        place = self.root.parent
        before = [look(one) for one in (self.root, self.outside, place / "files-evil")]
        found = await self.asked(tool, **arguments)
        assert isinstance(found, MnemeError) or found.state in ("denied", "conflict", "nothing", "ended"), found
        if isinstance(found, Proposal):
            with pytest.raises(MnemeError):
                await self.room.deeds.acting.approve(found.id, found.preview.digest if found.preview else "", "window")
        assert [look(one) for one in (self.root, self.outside, place / "files-evil")] == before
        assert not self.room.runs.runs
