"""What a running Mneme consists of, as those see it who measure it. Made by `bootstrap`."""

from dataclasses import dataclass

from assistant.adapters.system.clock import SystemClock
from assistant.api.contract import Assistant
from assistant.memory.service import Memory
from assistant.orchestrator.acting.undertakings import Undertakings
from assistant.orchestrator.conversation import Conversation
from assistant.orchestrator.scheduler import Scheduler
from assistant.ports.content import Reader


@dataclass(frozen=True, slots=True)
class Parts:
    """A Mneme that runs: its façade, and the rooms that measuring looks into."""

    assistant: Assistant
    memory: Memory
    scheduler: Scheduler
    conversation: Conversation
    reader: Reader
    clock: SystemClock
    undertakings: Undertakings
