"""What acting works with, handed out by `app`: eyes, the hand that changes files, memory of deeds, and the tools."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.config import Acting
from assistant.domain.tool import Arguments, CommandSpec, Outcome
from assistant.policy import PolicyEngine
from assistant.ports.acting import Archives, BlobStore, Files, Opener, Recalling, Repositories, RunStore, Workspace
from assistant.ports.system import Clock, EventSink, IdSource
from assistant.tools import Sight


class Calling(Protocol):
    """The one way to call a command; see assistant.tools.invoker."""

    def spec(self, name: str) -> CommandSpec:
        """Return what a command declares; raises NotFoundError."""
        ...

    async def call(self, name: str, arguments: Arguments, sight: Sight) -> Outcome:
        """Check the arguments and work out what the command would do; raises MnemeErrors."""
        ...


@dataclass(frozen=True, slots=True)
class Hands:
    """`recalling` gives a memory for the tools of one plan, by the door it came through; `local` the person's wall clock."""

    files: Files
    workspace: Workspace
    blobs: BlobStore
    runs: RunStore
    tools: Calling
    policy: PolicyEngine
    archives: Archives
    repositories: Repositories
    opener: Opener
    recalling: Callable[[str], Recalling]
    settings: Acting
    events: EventSink
    clock: Clock
    ids: IdSource
    local: Callable[[], datetime]


def stamped(hands: Hands, correlation: str) -> dict[str, object]:
    """Return what every event begins with: a new id, the time, the correlation."""
    return {"id": hands.ids.new("ev"), "at": hands.clock.now(), "correlation": correlation}


def some(paths: Sequence[str], most: int = 50) -> tuple[str, ...]:
    """Return the first paths of many, for events that are kept."""
    return tuple(paths[:most])
