"""Keeping memory true: replay after a start, verification, forgetting."""

from assistant.memory.upkeep.forget import Forgetting
from assistant.memory.upkeep.replay import empty, replay
from assistant.memory.upkeep.verify import verify

__all__ = ["Forgetting", "empty", "replay", "verify"]
