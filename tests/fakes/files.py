"""A file system in a dictionary, with a FileWalker and a Reader over it. Used by the tests of memory."""

from collections.abc import Collection
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath

from assistant.domain.document import Document, Part
from assistant.domain.errors import PathRefusedError, ReadError
from assistant.ports.content import FoundFile, Presence, RenderedPage, SkipKind


@dataclass
class FakeFiles:
    """Files by absolute path; set `skips` for what a walk leaves out (a folder stands for all in it), `unplugged` for drives."""

    texts: dict[str, str] = field(default_factory=dict)
    times: dict[str, float] = field(default_factory=dict)
    skips: dict[str, tuple[SkipKind, str]] = field(default_factory=dict)
    unplugged: set[str] = field(default_factory=set)
    unreadable: dict[str, ReadError] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)
    now: float = 1_700_000_000.0
    device: str = "ssd"

    def write(self, path: str, text: str) -> None:
        self.now += 1.0
        self.texts[path] = text
        self.times[path] = self.now

    def touch(self, path: str) -> None:
        self.write(path, self.texts[path])

    def remove(self, path: str) -> None:
        del self.texts[path]

    def there(self, path: str) -> bool:
        gone = any(PurePosixPath(path).is_relative_to(drive) for drive in self.unplugged)
        return path in self.texts and not gone


class FakeWalker:
    """FileWalker; `looked`, `digested` and `sought` write down the paths asked about."""

    def __init__(self, files: FakeFiles) -> None:
        self.files = files
        self.looked: list[str] = []
        self.digested: list[str] = []
        self.sought: list[tuple[str, ...]] = []

    async def walk(self, path: str) -> list[FoundFile]:
        inside = [p for p in sorted(self.files.texts) if PurePosixPath(p).is_relative_to(path) and self.files.there(p)]
        if not inside and path not in self.files.skips:
            raise PathRefusedError(f"{path} cannot be found: No such file or directory.", remedy="Check the name.")
        found: dict[str, FoundFile] = {}
        for place in inside:
            cover = next((s for s in self.files.skips if PurePosixPath(place).is_relative_to(s) and place != path), place)
            kind, reason = self.files.skips.get(cover, ("", "")) if place != path else ("", "")
            size, modified = (self._size(place), self.files.times[place]) if cover == place else (0, 0.0)
            found[cover] = FoundFile(cover, size, modified, kind, reason)
        return list(found.values())

    async def look(self, root: str, paths: Collection[str]) -> list[FoundFile]:
        self.sought.append(tuple(sorted(paths)))
        return [
            found
            for found in await self.walk(root)
            if any(
                PurePosixPath(found.path).is_relative_to(path) or (found.skip and PurePosixPath(path).is_relative_to(found.path))
                for path in paths
            )
        ]

    async def presence(self, path: str) -> Presence:
        inside = [p for p in self.files.texts if PurePosixPath(p).is_relative_to(path)]
        if any(PurePosixPath(path).is_relative_to(drive) for drive in self.files.unplugged):
            return Presence(False)
        return Presence(True, empty=not inside, device=self.files.device)

    async def digest(self, path: str) -> str:
        self.digested.append(path)
        if not self.files.there(path):
            raise ReadError("The file cannot be read: No such file or directory.")
        return sha256(self.files.texts[path].encode()).hexdigest()

    async def stat(self, path: str) -> FoundFile | None:
        self.looked.append(path)
        return FoundFile(path, self._size(path), self.files.times[path]) if self.files.there(path) else None

    async def stats(self, paths: Collection[str]) -> dict[str, FoundFile | None]:
        return {path: await self.stat(path) for path in paths}

    def _size(self, path: str) -> int:
        return len(self.files.texts[path].encode())


class FakeReader:
    """Reader: gives a file's text as one part; `reads` writes the paths down."""

    def __init__(self, files: FakeFiles) -> None:
        self.files = files
        self.reads: list[str] = []
        self.closed = False

    async def read(self, path: str) -> Document:
        self.reads.append(path)
        if path in self.files.unreadable:
            raise self.files.unreadable[path]
        if not self.files.there(path):
            raise ReadError("The file cannot be read: No such file or directory.")
        code = path.endswith(".py")
        part = Part(kind="lines", number=1, text=self.files.texts[path])
        return Document(
            media="text/x-python" if code else "text/plain",
            modality="code" if code else "text",
            language="python" if code else "",
            parts=(part,),
            warnings=(self.files.warnings[path],) if path in self.files.warnings else (),
            digest=sha256(self.files.texts[path].encode()).hexdigest(),
            size=len(self.files.texts[path].encode()),
            modified=self.files.times[path],
        )

    async def render(self, path: str, page: int, quote: str, width: int) -> RenderedPage:
        raise ReadError("Nothing to draw.")

    async def close(self) -> None:
        self.closed = True
