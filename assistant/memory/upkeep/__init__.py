"""Keeping memory true: replay after a start, verification, forgetting."""

from assistant.memory.upkeep.care import Care
from assistant.memory.upkeep.contents import Tell, unheard
from assistant.memory.upkeep.dates import dated
from assistant.memory.upkeep.forget import Forgetting, forgotten
from assistant.memory.upkeep.growth import Gap, fill, gap, misfits, requeue
from assistant.memory.upkeep.marking import marked_again
from assistant.memory.upkeep.passages import Graves, Passages
from assistant.memory.upkeep.replay import empty, replay
from assistant.memory.upkeep.resume import unfinished

__all__ = [
    "Care",
    "Forgetting",
    "Gap",
    "Graves",
    "Passages",
    "Tell",
    "dated",
    "empty",
    "fill",
    "forgotten",
    "gap",
    "marked_again",
    "misfits",
    "replay",
    "requeue",
    "unfinished",
    "unheard",
]
