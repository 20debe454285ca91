"""The façade as a Protocol: what window and command line may call, in this process or through another one."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol

from assistant.api.deeds import Acting, History, Permissions
from assistant.api.views import (
    Answer,
    Backup,
    Citation,
    Cite,
    Collected,
    ConfirmedCase,
    Dated,
    Doctor,
    Estimate,
    EvalReport,
    Event,
    ForgetReport,
    GoldenRun,
    Health,
    ModelStatus,
    PreviewView,
    Progress,
    RecallQuery,
    RecallRecord,
    RecallResult,
    SpaceComparison,
    SpaceRecord,
    Status,
    Ticket,
    TuningRecord,
    VerifyReport,
    WatchedRoot,
)
from assistant.ports.health import Width


class Assistant(Protocol):
    """Everything a person can ask of Mneme. All paths are absolute. Failures are MnemeErrors."""

    async def estimate(self, paths: Sequence[str]) -> Estimate:
        """Count what remembering these files and folders would read, skip and take; reads no file's content."""
        ...

    async def ingest(self, paths: Sequence[str], origin: str) -> Ticket:
        """Grant these paths and queue their files; returns at once. Raises PathRefusedError."""
        ...

    async def progress(self) -> Progress:
        """Tell where indexing stands."""
        ...

    async def pause(self, paused: bool) -> None:
        """Pause or resume indexing; asking goes on."""
        ...

    async def recall(self, query: RecallQuery, origin: str = "person") -> RecallResult:
        """Search memory; `origin` is the door that asks, for the record of recalls."""
        ...

    async def ask(self, question: str, origin: str, secrets: bool = False) -> Answer:
        """Answer with citations, or abstain; claims are also published as ClaimFound while they are found.

        Passages that hold a secret (a key, a password, a card) are quoted only with `secrets`.
        """
        ...

    async def status(self, under: str = "") -> Status:
        """List sources (at or below `under`) with state and reason, and totals."""
        ...

    async def preview(self, cite: Cite, quote: str, width: int) -> PreviewView:
        """Prepare a remembered source for showing at a place; never fetches anything from the network."""
        ...

    async def forget(self, path: str, origin: str) -> ForgetReport:
        """Erase a file, or all that was remembered below a folder, everywhere, and check that it is gone."""
        ...

    async def verify(self, full: bool = False) -> VerifyReport:
        """Count and hash all stores against each other: vectors and words of a sample, or (`full`) wholly.

        How far it is comes as VerifyProgressed; cancelling ends it.
        """
        ...

    async def doctor(self) -> Doctor:
        """Check the installation."""
        ...

    async def models(self) -> list[ModelStatus]:
        """List the catalogue with states."""
        ...

    async def install_model(self, model_id: str, consent: bool, local: str = "") -> ModelStatus:
        """Install a model; without consent raises ConsentRequiredError, which says what would be fetched.

        `local` names a folder or wheel on this machine to take it from: then nothing is fetched and no consent is needed.
        """
        ...

    async def remove_model(self, model_id: str) -> None:
        """Remove an installed model's files."""
        ...

    def events(self) -> AsyncIterator[Event]:
        """Subscribe to facts from now on; a slow reader loses the oldest, never blocks the memory."""
        ...

    @property
    def forgetting(self) -> "Forgetting":
        """The group of calls about forgetting more than one path, and about its proof."""
        ...

    @property
    def watching(self) -> "Watching":
        """The group of calls about following changes on disk."""
        ...

    @property
    def upkeep(self) -> "Upkeep":
        """The group of calls that keep the memory in order."""
        ...

    @property
    def spaces(self) -> "Spaces":
        """The group of calls about models and their vectors."""
        ...

    @property
    def quality(self) -> "Quality":
        """The group of calls about what a person called right."""
        ...

    @property
    def acting(self) -> Acting:
        """The group of calls that turn a request into a plan, and a plan into deeds."""
        ...

    @property
    def history(self) -> History:
        """The group of calls about what was done, and about taking it back."""
        ...

    @property
    def permissions(self) -> Permissions:
        """The group of calls about what may be done without asking, and about the record of verdicts."""
        ...


class Spaces(Protocol):
    """How the model is changed without a pause. Reached as `Assistant.spaces`."""

    async def all(self) -> list[SpaceRecord]:
        """List the vector spaces with state and progress."""
        ...

    async def start(self, model_id: str) -> SpaceRecord:
        """Prepare an installed model beside the one that answers; it takes over when it passes the golden sets.

        Returns at once. Raises ModelError: not installed, or another one is being prepared.
        """
        ...

    async def switch(self, model_id: str) -> SpaceRecord:
        """Let a model answer that is ready and did not pass the golden sets; raises ModelError when it is not ready."""
        ...

    async def rollback(self) -> SpaceRecord:
        """Let the model answer that answered before; raises ModelError when none is kept."""
        ...

    async def drop(self, model_id: str) -> None:
        """Delete the vectors of a model that does not answer, or end its preparation; raises ModelError for the one that does."""
        ...

    async def compare(self) -> SpaceComparison:
        """Set the spaces side by side: figures of the golden sets, latency, counts. Measures what was not measured yet."""
        ...


class Quality(Protocol):
    """The person's own golden set. Reached as `Assistant.quality`."""

    async def confirm(self, question: str, citations: Sequence[Citation]) -> ConfirmedCase:
        """Keep that these citations answer the question; forgotten with their files. Raises NotRememberedError."""
        ...

    async def cases(self) -> list[ConfirmedCase]:
        """List what was confirmed, oldest first."""
        ...

    async def withdraw(self, case_id: str) -> None:
        """Take a confirmation back."""
        ...

    async def measure(self) -> EvalReport:
        """Ask every confirmed question again and return the figures."""
        ...

    async def run(self) -> list[GoldenRun]:
        """Run one's own golden set and the bundled one, keep the figures, warn when they fell. Raises InUseError."""
        ...

    async def tune(self, dry_run: bool = False) -> TuningRecord:
        """Look for weights that fit what was confirmed; applied when they help on held-out questions, unless `dry_run`."""
        ...

    async def apply_tuning(self) -> TuningRecord | None:
        """Apply the last proposal; None when none waits, or other weights are in force since then."""
        ...

    async def reset_tuning(self) -> TuningRecord | None:
        """Go back to the weights of the settings; returns what was taken back, None when nothing was."""
        ...


class Upkeep(Protocol):
    """What a person does about the state of their memory. Reached as `Assistant.upkeep`."""

    async def retry(self, path: str) -> int:
        """Queue every file at or below `path` that could not be read ("" means all); return how many."""
        ...

    async def rebuild(self, text: bool, vectors: bool) -> int:
        """Empty the text index, the vectors or both and fill them from the records; return the passages to write.

        Text is found again when this returns; vectors follow in the background, from the cache where they are known.
        """
        ...

    async def backup(self, target: str = "") -> Backup:
        """Copy the records to a new file, or ("") as an automatic backup, while everything goes on."""
        ...

    async def backups(self) -> list[Backup]:
        """List automatic backups, newest first."""
        ...

    async def restore(self, file: str = "") -> Backup:
        """Put a backup back ("" the newest): checked first, the present state backed up, indexes rebuilt after it."""
        ...

    async def collect(self) -> Collected:
        """Give back disk space within the budget of the settings."""
        ...

    async def health(self, width: Width = "hours") -> Health:
        """Tell how well Mneme does: counts, latency, throughput, golden runs, drift, budgets, failures; a point is a `width`."""
        ...

    async def recalls(self, before: int = 0, limit: int = 100) -> list[RecallRecord]:
        """Tell who looked what up and when, newest first, from below number `before` (0 for the newest)."""
        ...


class Forgetting(Protocol):
    """Forgetting single passages and several files, and proving it. Reached as `Assistant.forgetting`."""

    async def within(self, since: datetime, until: datetime) -> list[Dated]:
        """List the sources that were remembered, or whose files changed, from `since` to before `until`; erases nothing."""
        ...

    async def files(self, paths: Sequence[str], origin: str) -> ForgetReport:
        """Erase what was remembered at or below all of these paths in one go, and check that it is gone."""
        ...

    async def passages(self, ids: Sequence[str], origin: str) -> ForgetReport:
        """Erase single passages by the ids of their hits. They stay out of their files until those are added by name again.

        Raises NotRememberedError when one of them is not in memory any more: then nothing is erased.
        """
        ...

    async def prove(self, paths: Sequence[str] = ()) -> ForgetReport:
        """Look in every store again for all that was forgotten (of these files), by its digests."""
        ...


class Watching(Protocol):
    """Which files and folders are followed. Reached as `Assistant.watching`."""

    async def watched(self) -> list[WatchedRoot]:
        """List every granted file and folder with how it stands, ordered by path."""
        ...

    async def watch(self, path: str) -> WatchedRoot:
        """Follow changes at or below `path`, granting and queueing it when it is new. Raises PathRefusedError."""
        ...

    async def unwatch(self, path: str) -> WatchedRoot:
        """Follow a root's changes no longer; what is remembered stays. Raises NotRememberedError."""
        ...

    async def attend(self) -> bool:
        """Follow watched roots in the process that holds the memory; False when it does so already."""
        ...
