"""Lets reader and walker give what Mneme wrote about its runs, which lies in the records alone. Built by `engines`."""

from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import NamedTuple

from assistant.domain.change import Applied
from assistant.domain.document import Document, Part
from assistant.domain.errors import ReadError
from assistant.domain.own import is_own, run_of
from assistant.domain.plan import Run, RunLog
from assistant.orchestrator.acting.reflecting import reflection
from assistant.ports.acting import RunStore
from assistant.ports.content import FileWalker, FoundFile, Presence, Reader, RenderedPage

MEDIA = "text/markdown"
_MOST_HELD = 256


class OwnText(NamedTuple):
    """A text with the sha256 of its bytes (hex), their number, and the time of what it is about."""

    text: str
    digest: str
    size: int
    modified: float


class RunTexts:
    """A RunStore that also gives the text about a run; it is made once, and anew after the run changed."""

    def __init__(self, runs: RunStore) -> None:
        self._runs = runs
        self._held: dict[str, OwnText] = {}

    async def at(self, path: str) -> OwnText:
        """Return the text at a path; raises ReadError where there is none."""
        run_id = run_of(path)
        if run_id not in self._held:
            found = await self._runs.get(run_id) if run_id else None
            text = reflection(*found) if found else ""
            if found is None or not text:
                raise ReadError(f"There is nothing at {path}.", kept="Nothing was changed.")
            content = text.encode("utf-8", "surrogatepass")
            if len(self._held) >= _MOST_HELD:
                self._held.clear()
            modified = (found[0].ended or found[0].began).timestamp()
            self._held[run_id] = OwnText(text, sha256(content).hexdigest(), len(content), modified)
        return self._held[run_id]

    async def begin(self, run: Run, log: RunLog) -> None:
        """See RunStore.begin."""
        await self._runs.begin(run, log)

    async def mark(self, run_id: str, applied: Sequence[Applied] = (), reverted: Sequence[int] = ()) -> None:
        """See RunStore.mark."""
        await self._runs.mark(run_id, applied, reverted)
        self._held.pop(run_id, None)

    async def save(self, run: Run, *, durable: bool = True) -> None:
        """See RunStore.save."""
        await self._runs.save(run, durable=durable)
        self._held.pop(run.id, None)

    async def get(self, run_id: str) -> tuple[Run, RunLog] | None:
        """See RunStore.get."""
        return await self._runs.get(run_id)

    async def all(self, before: str = "", limit: int = 100) -> list[Run]:
        """See RunStore.all."""
        return await self._runs.all(before, limit)

    async def forget(self, paths: Sequence[str]) -> set[str]:
        """See RunStore.forget."""
        freed = await self._runs.forget(paths)
        self._held.clear()
        return freed


class OwnReader:
    """A Reader that knows Mneme's own texts and leaves all else to another."""

    def __init__(self, inner: Reader, texts: RunTexts) -> None:
        self._inner = inner
        self._texts = texts

    async def read(self, path: str) -> Document:
        """See Reader.read."""
        if not is_own(path):
            return await self._inner.read(path)
        own = await self._texts.at(path)
        part = Part(kind="lines", number=1, text=own.text)
        stamp = {"digest": own.digest, "size": own.size, "modified": own.modified}
        return Document.model_validate({"media": MEDIA, "modality": "text", "encoding": "utf-8", "parts": (part,), **stamp})

    async def render(self, path: str, page: int, quote: str, width: int) -> RenderedPage:
        """See Reader.render."""
        return await self._inner.render(path, page, quote, width)

    async def close(self) -> None:
        """See Reader.close."""
        await self._inner.close()


class OwnWalker:
    """A FileWalker that knows Mneme's own texts and leaves all else to another; folders of them cannot be walked."""

    def __init__(self, inner: FileWalker, texts: RunTexts) -> None:
        self._inner = inner
        self._texts = texts

    async def walk(self, path: str) -> list[FoundFile]:
        """See FileWalker.walk."""
        return await self._inner.walk(path)

    async def look(self, root: str, paths: Collection[str]) -> list[FoundFile]:
        """See FileWalker.look."""
        return await self._inner.look(root, paths)

    async def presence(self, path: str) -> Presence:
        """See FileWalker.presence."""
        return Presence(True) if is_own(path) else await self._inner.presence(path)

    async def digest(self, path: str) -> str:
        """See FileWalker.digest."""
        return (await self._texts.at(path)).digest if is_own(path) else await self._inner.digest(path)

    async def stat(self, path: str) -> FoundFile | None:
        """See FileWalker.stat."""
        return await self._own(path) if is_own(path) else await self._inner.stat(path)

    async def stats(self, paths: Collection[str]) -> dict[str, FoundFile | None]:
        """See FileWalker.stats."""
        own = {path: await self._own(path) for path in paths if is_own(path)}
        return own | await self._inner.stats([path for path in paths if path not in own] if own else paths)

    async def _own(self, path: str) -> FoundFile | None:
        try:
            found = await self._texts.at(path)
        except ReadError:
            return None
        return FoundFile(path, found.size, found.modified)
