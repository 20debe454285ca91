"""Keeping memory true: replay after a start, verification, forgetting."""

from assistant.memory.upkeep.collect import unused
from assistant.memory.upkeep.contents import Looking, Tell, mend, unheard
from assistant.memory.upkeep.dates import dated
from assistant.memory.upkeep.forget import Forgetting, forgotten
from assistant.memory.upkeep.growth import Gap, fill, gap, misfits, requeue
from assistant.memory.upkeep.passages import Graves, Passages
from assistant.memory.upkeep.replay import empty, replay
from assistant.memory.upkeep.resume import unfinished
from assistant.memory.upkeep.verify import Around, counted, verify

__all__ = [
    "Around",
    "Forgetting",
    "Gap",
    "Graves",
    "Looking",
    "Passages",
    "Tell",
    "counted",
    "dated",
    "empty",
    "fill",
    "forgotten",
    "gap",
    "mend",
    "misfits",
    "replay",
    "requeue",
    "unfinished",
    "unheard",
    "unused",
    "verify",
]
