"""Facts and background tasks. Named only by `app`; rooms receive its parts as ports."""

from assistant.bus.actor import Actor, Terms
from assistant.bus.bus import Bus
from assistant.bus.mailbox import Mailbox, Overflow
from assistant.bus.supervisor import Supervisor

__all__ = ["Actor", "Bus", "Mailbox", "Overflow", "Supervisor", "Terms"]
