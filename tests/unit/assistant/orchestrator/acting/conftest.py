"""A room that acts on real files, with a policy as it comes with Mneme."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.bus import Supervisor
from assistant.policy import OffLimits, PolicyEngine, Rule, read_rules
from assistant.ports.acting import IntentAnalyzer, Tell, Workspace
from tests.fakes.acting_room import ActingRoom, acting_room
from tests.fakes.acting_stores import FakeGrants
from tests.fakes.audit import FakeAudit
from tests.fakes.runtime import FakeClock, FakeIds, RecordingEvents

SHIPPED = Path(__file__).resolve().parents[5] / "configs" / "policy.toml"


def silent(_step: str) -> Tell:
    """A teller for each step that says nothing."""
    return lambda _done, _total, _text: None


def as_it_is(workspace: Workspace) -> Workspace:
    return workspace


class Around:
    """What a test of acting looks at: the rooms, the events, the record of verdicts, the standing permissions."""

    def __init__(
        self,
        place: Path,
        threads: ThreadPoolExecutor,
        wrap: Callable[[Workspace], Workspace] = as_it_is,
        rules: Sequence[Rule] | None = None,
        analyzer: IntentAnalyzer | None = None,
    ) -> None:
        self.events, self.clock, self.ids = RecordingEvents(), FakeClock(), FakeIds()
        self.audit, self.grants = FakeAudit(), FakeGrants()
        self.supervisor = Supervisor(self.events, self.clock, self.ids)
        root = str((place / "files").resolve())

        async def roots() -> Sequence[str]:
            return [root]

        around = (self.events, self.clock, self.ids)
        book = read_rules(SHIPPED) if rules is None else rules
        limits = OffLimits(home="/home/nobody")
        self.policy = PolicyEngine(book, self.audit, *around, roots=roots, grants=self.grants, limits=limits)
        self.room: ActingRoom = acting_room(
            place,
            threads,
            self.policy,
            self.supervisor,
            around,
            grants=self.grants,
            audit=self.audit,
            wrap=wrap,
            analyzer=analyzer,
        )

    @property
    def root(self) -> Path:
        """Where the person's files lie."""
        return self.room.root

    def told(self, kind: type) -> list[object]:
        """Return the events of a kind."""
        return [event for event in self.events.published if isinstance(event, kind)]


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture
async def around(tmp_path: Path, threads: ThreadPoolExecutor) -> AsyncIterator[Around]:
    found = Around(tmp_path, threads)
    yield found
    await found.supervisor.close(10.0)
