"""Secrets of Mneme itself: the key of a memory, and keeping known values out of logs. Joined to a vault by `app`."""

from assistant.vault.keys import MemoryKey
from assistant.vault.redaction import Redactor
from assistant.vault.seal import SEAL, Seal, new_seal, opened_seal, read_seal, write_seal

__all__ = ["SEAL", "MemoryKey", "Redactor", "Seal", "new_seal", "opened_seal", "read_seal", "write_seal"]
