"""Three-way merging of lines: two descendants of one text. Pure; used by undo, where a file was edited since."""

from difflib import SequenceMatcher

from assistant.orchestrator.acting.diffs import lines


def merge(base: bytes, mine: bytes, theirs: bytes) -> bytes | None:
    """Return `base` with what both changed; None where they changed the same lines differently, or one is not text."""
    if b"\0" in base + mine + theirs:
        return None
    try:
        old, left, right = (lines(side.decode("utf-8")) for side in (base, mine, theirs))
    except UnicodeDecodeError:
        return None
    parts: list[str] = []
    at_old = at_left = at_right = 0
    for first, in_left, in_right, size in _common(old, left, right):
        clash = _between(old[at_old:first], left[at_left:in_left], right[at_right:in_right])
        if clash is None:
            return None
        parts += clash
        parts += old[first : first + size]
        at_old, at_left, at_right = first + size, in_left + size, in_right + size
    return "".join(parts).encode("utf-8")


def _between(old: list[str], left: list[str], right: list[str]) -> list[str] | None:
    """Return what stands between two common stretches: the side that changed it, None when both did differently."""
    if right in (left, old):
        return left
    return right if left == old else None


def _common(old: list[str], left: list[str], right: list[str]) -> list[tuple[int, int, int, int]]:
    """Return stretches that stand in all three: places in old, left and right, and the length; an empty one at the ends."""
    to_left = SequenceMatcher(None, old, left, autojunk=False).get_matching_blocks()
    to_right = SequenceMatcher(None, old, right, autojunk=False).get_matching_blocks()
    found: list[tuple[int, int, int, int]] = []
    i = j = 0
    while i < len(to_left) and j < len(to_right):
        one, other = to_left[i], to_right[j]
        start, end = max(one.a, other.a), min(one.a + one.size, other.a + other.size)
        if start < end:
            found.append((start, one.b + start - one.a, other.b + start - other.a, end - start))
        if one.a + one.size < other.a + other.size:
            i += 1
        else:
            j += 1
    return [*found, (len(old), len(left), len(right), 0)]
