"""Shows how one file differs before and after a change. Used by the proposals and the history."""

from assistant.domain.change import Applied, Change, ChangeKind, FileDiff
from assistant.domain.errors import BlobGoneError
from assistant.orchestrator.acting.diffs import compare
from assistant.orchestrator.acting.hands import Hands

MOST_BYTES = 4 * 2**20
"""Contents above this are shown by size alone."""


async def shown_diff(hands: Hands, change: Change, applied: Applied | None = None) -> FileDiff:
    """Return the difference that a change makes, or (`applied`) made; what is too large or kept no more is shown by sizes."""
    bare = FileDiff(path=change.path, kind=change.kind, to=change.to, old_size=_size(change), new_size=change.size)
    if change.kind not in (ChangeKind.CREATE, ChangeKind.WRITE):
        return bare.model_copy(update={"new_size": _size(change) if change.kind is ChangeKind.MOVE else 0, "binary": True})
    if max(_size(change), change.size) > MOST_BYTES:
        return bare.model_copy(update={"binary": True, "truncated": True})
    try:
        old = await _before(hands, change, applied)
        new = await hands.blobs.get(change.blob)
    except BlobGoneError:
        return bare.model_copy(update={"binary": True, "truncated": True})
    return compare(bare, old, new)


async def _before(hands: Hands, change: Change, applied: Applied | None) -> bytes:
    if change.kind is ChangeKind.CREATE or change.before is None:
        return b""
    if applied is None:
        return await hands.files.read(change.path, MOST_BYTES)
    if not applied.blob:
        raise BlobGoneError("The contents from before are not kept.")
    return await hands.blobs.get(applied.blob)


def _size(change: Change) -> int:
    return change.before.size if change.before is not None else 0
