"""The key of an encrypted memory and the keys derived from it, one for each use. Used by `seal` and `app`."""

import hashlib
import hmac
import secrets

from assistant.domain.secret import Secret

KEY_BYTES = 32


class MemoryKey:
    """256 random bits from which every store gets a key of its own, so that none can open what another wrote."""

    def __init__(self, root: Secret) -> None:
        self.root = root

    @classmethod
    def fresh(cls) -> "MemoryKey":
        """Make a new key from the system's random source."""
        return cls(Secret(secrets.token_bytes(KEY_BYTES)))

    def derive(self, purpose: str) -> Secret:
        """Return the 32-byte key for a purpose (HKDF-SHA256, RFC 5869, one block, without salt: the root is uniform)."""
        pseudo = hmac.new(bytes(32), self.root.reveal(), hashlib.sha256).digest()
        return Secret(hmac.new(pseudo, b"mneme/" + purpose.encode() + b"\x01", hashlib.sha256).digest())

    def __repr__(self) -> str:
        return "MemoryKey(…)"
