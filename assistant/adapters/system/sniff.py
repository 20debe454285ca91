"""Tells text from binary by the first bytes of a file. Called by `walker` for names that tell nothing."""

import os

from assistant.adapters.system.walk_rules import Skip

SNIFFED = 8192
DOCUMENTS = (b"%PDF-", b"{\\rtf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd")
PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
WIDE_HIGH = frozenset((0x00, 0x04, 0x20))
"""High bytes of Latin, Cyrillic and general punctuation in UTF-16."""


def sniff(path: str) -> Skip | None:
    """Look at the first 8 KiB; None for what a reader can take. Unreadable files are told so."""
    try:
        handle = os.open(
            path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
    except OSError as error:
        return Skip("unreadable", f"cannot be opened: {error.strerror}")
    try:
        head = os.read(handle, SNIFFED)
    except OSError as error:
        return Skip("unreadable", f"cannot be read: {error.strerror}")
    finally:
        os.close(handle)
    return by_content(head)


def by_content(head: bytes) -> Skip | None:
    """Judge a file by its first bytes."""
    if head.startswith(ARCHIVES):
        return Skip("unsupported", "archives are not opened")
    if head.startswith(PICTURES):
        return Skip("unsupported", "pictures are not remembered yet")
    if head.startswith((*DOCUMENTS, *WIDE_MARKS)) or b"\0" not in head or _wide(head):
        return None
    return Skip("binary", "binary file")


def _wide(head: bytes) -> bool:
    """UTF-16 without a mark: nearly every second byte is one of few high bytes, and the other half has no zeros."""
    even, odd = head[: len(head) // 2 * 2 : 2], head[1::2]
    return any(
        low.count(0) <= len(low) // 100 and sum(1 for byte in high if byte in WIDE_HIGH) >= 0.9 * len(high)
        for low, high in ((even, odd), (odd, even))
    )
