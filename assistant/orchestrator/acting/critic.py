"""Looks after a run: is everything there that was to be there, and as many as were promised? Used by the executor."""

from collections.abc import Mapping, Sequence

from assistant.domain.change import Applied, ChangeKind
from assistant.domain.plan import Run
from assistant.orchestrator.acting.places import final_places
from assistant.ports.acting import Files

NAMED = {
    "created": ChangeKind.CREATE,
    "written": ChangeKind.WRITE,
    "moved": ChangeKind.MOVE,
    "trashed": ChangeKind.TRASH,
}
MOST_FAULTS = 5


class Critic:
    """Believes the disk, not the log."""

    def __init__(self, files: Files) -> None:
        self._files = files

    async def review(self, run: Run, applied: Sequence[Applied]) -> list[str]:
        """Return what is not as it should be, in sentences; nothing when all is."""
        ordered = sorted(applied, key=lambda one: one.n)
        faults: list[str] = []
        if len(ordered) != run.total:
            faults.append(f"{len(ordered)} of {run.total} changes were made.")
        places = final_places(ordered).at
        for one in ordered:
            path = places.get(one.n)
            if path is None or one.after is None:
                continue
            stands = await self._files.stamp(path, digest=bool(one.change.blob))
            if stands is None or stands.kind != one.after.kind or (one.change.blob and stands.digest != one.change.blob):
                faults.append(f"{path} is not as it was left.")
            if len(faults) >= MOST_FAULTS:
                break
        return faults


def missed(expects: Mapping[str, int], applied: Sequence[Applied]) -> list[str]:
    """Return a sentence for each count that is other than the tool expected."""
    counted = {name: sum(one.change.items for one in applied if one.change.kind is kind) for name, kind in NAMED.items()}
    return [
        f"{counted[name]} were {name}, {wanted} were expected."
        for name, wanted in expects.items()
        if name in counted and counted[name] != wanted
    ]
