"""A machine to understand requests on: a home with the known places, a folder at hand, a disk in memory, and its day."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from assistant.domain.change import Entry, EntryKind, Stamp
from assistant.domain.errors import PathRefusedError
from assistant.domain.plan import Understanding
from assistant.orchestrator.understanding import RuleAnalyzer, Surroundings

HOME = "/home/anna"
WORK = f"{HOME}/jobs"
DOWNLOADS, DESKTOP, DOCUMENTS, PICTURES = (f"{HOME}/{name}" for name in ("Downloads", "Desktop", "Documents", "Pictures"))
PLACES = {"downloads": DOWNLOADS, "desktop": DESKTOP, "documents": DOCUMENTS, "pictures": PICTURES}
NOW = datetime(2026, 11, 27, 12)
SEEN: dict[str, EntryKind] = {
    HOME: "folder",
    WORK: "folder",
    **dict.fromkeys(PLACES.values(), "folder"),
    f"{WORK}/Отчёты": "folder",
    f"{WORK}/invoices": "folder",
    f"{DOCUMENTS}/invoices": "folder",
    f"{DOCUMENTS}/Проекты": "folder",
    f"{WORK}/my plan.md": "file",
    f"{WORK}/move all.txt": "file",
    f"{WORK}/a.txt": "file",
    f"{WORK}/b.txt": "file",
    f"{DOCUMENTS}/lease.md": "file",
    f"{PICTURES}/lease.md": "file",
}


class SeenFiles:
    """Files: entries by path and kind, below given roots."""

    def __init__(self, seen: Mapping[str, EntryKind], roots: Sequence[str] = (HOME,)) -> None:
        self._seen = seen
        self._roots = tuple(roots)

    async def roots(self) -> tuple[str, ...]:
        return self._roots

    async def stamp(self, path: str, *, digest: bool = False) -> Stamp | None:
        if not any(path == root or path.startswith(f"{root}/") for root in self._roots):
            raise PathRefusedError(f"{path} is outside.")
        kind = self._seen.get(path)
        return Stamp(kind=kind, size=0, mode=0o755, mtime_ns=0) if kind else None

    async def listing(self, path: str, *, deep: bool = False, tell: object = None) -> list[Entry]:
        await self.stamp(path)
        below = [one for one in sorted(self._seen) if one.startswith(f"{path}/") and (deep or "/" not in one[len(path) + 1 :])]
        return [Entry(path=one, stamp=Stamp(kind=self._seen[one], size=0, mode=0o755, mtime_ns=0)) for one in below]

    async def read(self, path: str, most: int) -> bytes:
        raise NotImplementedError

    async def digests(self, paths: Sequence[str], tell: object = None) -> dict[str, str]:
        raise NotImplementedError


def analyzer(seen: Mapping[str, EntryKind] = SEEN, roots: Sequence[str] = (HOME,), **wiring: object) -> RuleAnalyzer:
    """Return an analyzer over a disk in memory."""
    return RuleAnalyzer(Surroundings(HOME, PLACES, SeenFiles(seen, roots)), lambda: NOW, **wiring)  # type: ignore[arg-type]


async def understood(request: str, context: Sequence[str] = (WORK,), answers: Mapping[str, str] | None = None) -> Understanding:
    """Analyse a request with the folder at hand."""
    return await analyzer().analyse(request, context, answers)


def outcome(found: Understanding) -> str:
    """Return what came of a request in a word or two: "question", "nearest", "ask SLOT", or the tools in order."""
    if found.question is not None:
        return f"ask {found.question.slot}"
    if not found.intents:
        return "nearest"
    return " ".join("question" if intent.kind == "question" else intent.tool for intent in found.intents)
