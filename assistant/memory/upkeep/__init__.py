"""Keeping memory true: replay after a start, verification, forgetting."""

from assistant.memory.upkeep.collect import unused
from assistant.memory.upkeep.forget import Forgetting, forgotten
from assistant.memory.upkeep.growth import Gap, fill, gap, misfits, requeue
from assistant.memory.upkeep.replay import empty, replay
from assistant.memory.upkeep.resume import unfinished
from assistant.memory.upkeep.verify import counted, verify

__all__ = [
    "Forgetting",
    "Gap",
    "counted",
    "empty",
    "fill",
    "forgotten",
    "gap",
    "misfits",
    "replay",
    "requeue",
    "unfinished",
    "unused",
    "verify",
]
