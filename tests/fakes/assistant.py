"""A scripted Assistant for the window's tests: answers and events are what the test says; every call is written down."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from assistant.api.views import (
    Answer,
    AnswerReady,
    Backup,
    Citation,
    Cite,
    Claim,
    ClaimFound,
    Collected,
    Doctor,
    Estimate,
    Event,
    ForgetReport,
    Health,
    IngestStarted,
    JobProgressed,
    ModelStatus,
    PreviewView,
    Progress,
    QuestionAsked,
    RecallQuery,
    RecallRecord,
    RecallResult,
    SkippedFile,
    SourceChanged,
    SourceForgotten,
    SourceState,
    SourceView,
    Status,
    Ticket,
    Totals,
    VerifyReport,
    WatchedRoot,
)
from assistant.ports.health import Width
from tests.fakes.deeds import FakeActing, FakePermissions
from tests.fakes.groups import FakeForgetting, FakeQuality, FakeSpaces
from tests.fakes.health import IDLE, NOON, healthy
from tests.fakes.keeping import MADE


def citation(n: int, path: str, quote: str, line: int = 1, **more: object) -> Citation:
    """Make a citation of a line."""
    return Citation.model_validate(
        {"n": n, "path": path, "line": line, "line_end": line, "quote": quote, "hash": "0" * 64, **more}
    )


def answer(question: str, claims: Sequence[tuple[str, Sequence[int]]], citations: Sequence[Citation], **more: object) -> Answer:
    """Make an answer; without claims it abstains."""
    return Answer.model_validate(
        {
            "question": question,
            "answer": " ".join(text for text, _ in claims),
            "abstained": not claims,
            "claims": [{"text": text, "citations": list(numbers)} for text, numbers in claims],
            "citations": [one.model_dump() for one in citations],
            "took_ms": 12.0,
            **more,
        }
    )


def source(path: str, state: SourceState = SourceState.READY, **more: object) -> SourceView:
    """Make a listed source."""
    return SourceView.model_validate(
        {
            "path": path,
            "state": state,
            "reason": "",
            "chunks": 3,
            "updated": NOON,
            "modality": "text",
            "media": "text/plain",
            "size": 1000,
            "project": "demo",
            **more,
        }
    )


class FakeUpkeep:
    """Fulfils `assistant.api.contract.Upkeep`; writes calls down as `upkeep.METHOD`."""

    def __init__(self, note: Callable[..., None]) -> None:
        self._note = note
        self.failed = 0
        self.healthy = healthy()
        self.looked_up: list[RecallRecord] = []

    async def retry(self, path: str) -> int:
        self._note("upkeep.retry", path)
        return self.failed

    async def rebuild(self, text: bool, vectors: bool) -> int:
        self._note("upkeep.rebuild", text, vectors)
        return 2

    async def backup(self, target: str = "") -> Backup:
        self._note("upkeep.backup", target)
        return MADE

    async def backups(self) -> list[Backup]:
        self._note("upkeep.backups")
        return [MADE]

    async def restore(self, file: str = "") -> Backup:
        self._note("upkeep.restore", file)
        return MADE

    async def collect(self) -> Collected:
        self._note("upkeep.collect")
        return Collected(freed={"set aside": 10}, vectors=3, used=100, budget=1000)

    async def health(self, width: Width = "hours") -> Health:
        self._note("upkeep.health", width)
        return self.healthy

    async def recalls(self, before: int = 0, limit: int = 100) -> list[RecallRecord]:
        self._note("upkeep.recalls", before, limit)
        return self.looked_up


class FakeWatching:
    """Fulfils `assistant.api.contract.Watching`; writes calls down as `watching.METHOD`. Set `roots`."""

    def __init__(self, note: Callable[..., None]) -> None:
        self._note = note
        self.roots: dict[str, WatchedRoot] = {}
        self.elsewhere = True

    def put(self, path: str, watched: bool = True, online: bool = True) -> WatchedRoot:
        """Make a root."""
        by = "notices" if watched and online else ""
        self.roots[path] = WatchedRoot(path=path, project=path.rpartition("/")[2], watched=watched, online=online, by=by)
        return self.roots[path]

    async def watched(self) -> list[WatchedRoot]:
        self._note("watching.watched")
        return [self.roots[path] for path in sorted(self.roots)]

    async def watch(self, path: str) -> WatchedRoot:
        self._note("watching.watch", path)
        return self.put(path)

    async def unwatch(self, path: str) -> WatchedRoot:
        self._note("watching.unwatch", path)
        return self.put(path, watched=False)

    async def attend(self) -> bool:
        self._note("watching.attend")
        return not self.elsewhere


class FakeAssistant:
    """Fulfils `assistant.api.contract.Assistant` in memory; set the public attributes to script it."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.answers: dict[str, Answer] = {}
        self.sources: list[SourceView] = []
        self.now = IDLE
        self.model = "all-MiniLM-L6-v2"
        self.catalogue: list[ModelStatus] = []
        self.recalled = RecallResult(items=(), took_ms=1.0)
        self.previews: dict[str, PreviewView] = {}
        self.failures: dict[str, Exception] = {}
        self.home = "/home/demo/.local/share/mneme"
        self.hold = asyncio.Event()  # clear it and an answer waits before its last claim
        self.hold.set()
        self._number = 0
        self._readers: list[asyncio.Queue[Event]] = []
        self.upkeep = FakeUpkeep(self._note)
        self.spaces = FakeSpaces(self._note)
        self.quality = FakeQuality(self._note)
        self.watching = FakeWatching(self._note)
        self.forgetting = FakeForgetting(self._note)
        self.acting = FakeActing(self._note, self.publish, self.stamp)
        self.history = self.acting.history
        self.permissions = FakePermissions(self._note)

    def publish(self, event: Event) -> None:
        """Hand an event to every subscriber."""
        for reader in self._readers:
            reader.put_nowait(event)

    def stamp(self) -> dict[str, object]:
        """Return the id and time of a new event."""
        self._number += 1
        return {"id": f"event-{self._number}", "at": NOON}

    def move(self, path: str, state: SourceState, reason: str = "", chunks: int = 3) -> None:
        """Put a source into a state and tell everyone."""
        others = [one for one in self.sources if one.path != path]
        self.sources = [*others, source(path, state, reason=reason, chunks=chunks)]
        facts = {"source_id": path, "path": path, "state": str(state), "reason": reason, "chunks": chunks}
        self.publish(SourceChanged.model_validate({**self.stamp(), **facts}))

    def progressed(self, now: Progress) -> None:
        """Set the progress and tell everyone."""
        self.now = now
        facts = now.model_dump(include=set(JobProgressed.model_fields))
        self.publish(JobProgressed.model_validate({**self.stamp(), **facts}))

    def _note(self, name: str, *arguments: object) -> None:
        self.calls.append((name, *arguments))
        if name in self.failures:
            raise self.failures[name]

    def called(self, name: str) -> list[tuple[object, ...]]:
        """Return the arguments of every call of `name`."""
        return [tuple(call[1:]) for call in self.calls if call[0] == name]

    async def estimate(self, paths: Sequence[str]) -> Estimate:
        """Return a fixed estimate of these paths."""
        self._note("estimate", tuple(paths))
        return Estimate(
            paths=tuple(paths),
            files=128,
            bytes=5_400_000,
            unchanged=4,
            skipped=2,
            skipped_examples=(
                SkippedFile(path=f"{paths[0]}/node_modules", reason="dependency folder"),
                SkippedFile(path=f"{paths[0]}/film.mkv", reason="above the limit of 32 MiB"),
            ),
            seconds_searchable=6.0,
            seconds_ready=95.0,
            disk_bytes=21_000_000,
        )

    async def ingest(self, paths: Sequence[str], origin: str) -> Ticket:
        """Accept the paths and publish IngestStarted."""
        self._note("ingest", tuple(paths), origin)
        self.publish(IngestStarted.model_validate({**self.stamp(), "paths": tuple(paths), "files": 128}))
        return Ticket(id="ticket-1", queued=128, unchanged=4, excluded=2)

    async def progress(self) -> Progress:
        """Return what the test set."""
        self._note("progress")
        return self.now

    async def pause(self, paused: bool) -> None:
        """Pause or resume, and publish the progress."""
        self._note("pause", paused)
        self.progressed(self.now.model_copy(update={"paused": paused}))

    async def recall(self, query: RecallQuery, origin: str = "person") -> RecallResult:
        """Return what the test set."""
        self._note("recall", query, origin)
        return self.recalled

    async def ask(self, question: str, origin: str, secrets: bool = False) -> Answer:
        """Publish the scripted answer claim by claim and return it; an unknown question is abstained from."""
        self._note("ask", question, origin)
        self.publish(QuestionAsked.model_validate({**self.stamp(), "correlation": question, "question": question}))
        found = self.answers.get(question) or answer(question, (), ())
        for index, claim in enumerate(found.claims):
            if index == len(found.claims) - 1:
                await self.hold.wait()
            self._claim(question, index, claim)
            await asyncio.sleep(0)
        self.publish(AnswerReady.model_validate({**self.stamp(), "correlation": question, "answer": found}))
        return found

    def _claim(self, question: str, index: int, claim: Claim) -> None:
        self.publish(ClaimFound.model_validate({**self.stamp(), "correlation": question, "index": index, "claim": claim}))

    async def status(self, under: str = "") -> Status:
        """Return the sources the test set."""
        self._note("status", under)
        shown = tuple(one for one in self.sources if one.path.startswith(under))
        by_state: dict[str, int] = {}
        for one in shown:
            by_state[str(one.state)] = by_state.get(str(one.state), 0) + 1
        chunks = sum(one.chunks for one in shown)
        totals = Totals(sources=len(shown), chunks=chunks, vectors=chunks, by_state=by_state, disk_bytes=1_000_000)
        return Status(
            sources=shown, totals=totals, model=self.model, text_search_only=not self.model, home=self.home, progress=self.now
        )

    async def preview(self, cite: Cite, quote: str, width: int) -> PreviewView:
        """Return the preview set for the path, or its quote as text."""
        self._note("preview", cite, quote, width)
        return self.previews.get(cite.path) or PreviewView(
            path=cite.path,
            kind="text",
            title=cite.path,
            text=quote,
            first_line=cite.line or 1,
            line=cite.line or 0,
            line_end=cite.line_end or cite.line or 0,
            quote=quote,
        )

    async def forget(self, path: str, origin: str) -> ForgetReport:
        """Drop the sources at or below the path and publish SourceForgotten."""
        self._note("forget", path, origin)
        gone = [one for one in self.sources if one.path == path or one.path.startswith(path + "/")]
        self.sources = [one for one in self.sources if one not in gone]
        chunks = sum(one.chunks for one in gone)
        for one in gone:
            facts = {"path": one.path, "chunks": one.chunks, "proved": True}
            self.publish(SourceForgotten.model_validate({**self.stamp(), **facts}))
        return ForgetReport(
            path=path, sources=len(gone), chunks=chunks, proved=True, remains={"records": 0, "text": 0, "vectors": 0}
        )

    async def verify(self, full: bool = False) -> VerifyReport:
        """Say that all agrees."""
        self._note("verify", *(["full"] if full else []))
        return VerifyReport(ok=True, comparisons=(), disagreements=())

    async def doctor(self) -> Doctor:
        """Say that all is well."""
        self._note("doctor")
        return Doctor(ok=True, checks=())

    async def models(self) -> list[ModelStatus]:
        """Return the catalogue the test set."""
        self._note("models")
        return self.catalogue

    async def install_model(self, model_id: str, consent: bool, local: str = "") -> ModelStatus:
        """Return the catalogue entry of the model."""
        self._note("install_model", model_id, consent, *([local] if local else []))
        return next(one for one in self.catalogue if one.id == model_id)

    async def remove_model(self, model_id: str) -> None:
        """Write the call down."""
        self._note("remove_model", model_id)

    async def events(self) -> AsyncIterator[Event]:
        """Yield what is published from now on."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        self._readers.append(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._readers.remove(queue)
