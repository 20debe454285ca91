"""64-bit fingerprints of text for near-duplicates. Used by chunkers, recall (collapsing hits) and answering."""

import numpy as np
from xxhash import xxh64_intdigest

from assistant.domain.language.words import stems

_SHORT = 8
_MASK = (1 << 64) - 1


def simhash(text: str) -> int:
    """Return a fingerprint as a signed 64-bit integer: similar texts differ in few bits.

    Features are runs of three word stems (Charikar's method). Texts below eight words get a plain hash of their words,
    so that only equal ones meet; text without words gets a hash of itself.
    """
    found = stems(text)
    if len(found) < _SHORT:
        return _signed(xxh64_intdigest(_encoded(" ".join(found) if found else text.strip())))
    words = _encoded(" ".join(found)).split(b" ")  # all at once: no stem holds a blank
    count = len(words) - 2
    hashes = np.fromiter(map(xxh64_intdigest, map(b" ".join, zip(words, words[1:], words[2:], strict=False))), "<u8", count)
    ones = np.add.reduce(np.unpackbits(hashes.view(np.uint8), bitorder="little").reshape(-1, 64), axis=0, dtype=np.uint32)
    return int.from_bytes(np.packbits(ones > count // 2, bitorder="little").tobytes(), "little", signed=True)


def distance(first: int, second: int) -> int:
    """Return in how many of the 64 bits two fingerprints differ."""
    return ((first ^ second) & _MASK).bit_count()


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value
