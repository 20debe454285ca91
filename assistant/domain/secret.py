"""A value that must not be shown: nothing but `reveal` gives it away. Made by vaults, handed to engines."""

import base64
import contextlib
import hmac
from typing import NoReturn


class Secret:
    """Bytes that stay out of representations, comparisons by order, pickles and copies on disk."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = bytes(value)

    def reveal(self) -> bytes:
        """Return the bytes; whoever calls this keeps them from being written anywhere."""
        return self._value

    def forms(self) -> tuple[str, ...]:
        """Return how the value may stand in a text: as it is, in hexadecimal, in base64; longest first."""
        value = self._value
        found = {value.hex(), value.hex().upper(), base64.b64encode(value).decode(), base64.urlsafe_b64encode(value).decode()}
        with contextlib.suppress(UnicodeDecodeError):
            found.add(value.decode("utf-8"))
        return tuple(sorted((form for form in found if form), key=len, reverse=True))

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value, other._value)

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret(…)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written down")
