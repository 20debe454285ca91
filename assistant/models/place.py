"""The folder of one model: its lock, receipt and work folder, with moves that a kill cannot leave half done. For the manager."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any, cast

from filelock import FileLock, Timeout

from assistant.domain.errors import ModelError
from assistant.domain.models import ModelManifest

RECEIPT = "mneme-model.json"
WAIT_SECONDS = 1.0
"""A look at the state holds the lock for an instant; an install holds it to its end and is not waited for."""


class ModelPlace:
    """Where one model lives below the folder of models. All methods block."""

    def __init__(self, home: Path, manifest: ModelManifest) -> None:
        self._manifest = manifest
        self._lock_file = home / ".work" / f"{manifest.id}.lock"
        self._lock = FileLock(self._lock_file, thread_local=False)  # taken and given back on different threads
        self.folder = home / manifest.id
        self.work = home / ".work" / manifest.id

    def acquire(self) -> None:
        """Take the lock that all processes share and sweep what an interrupted install left; raises ModelError when busy."""
        self._lock_file.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=WAIT_SECONDS)
        except Timeout as error:
            raise ModelError(
                f"{self._manifest.name} is being installed or removed already.",
                kept="That work goes on undisturbed.",
                remedy="Wait until it has ended; mneme models list shows the state.",
            ) from error
        self._sweep()

    def release(self) -> None:
        """Delete the work folder and give the lock back; an end of the process gives it back as well."""
        shutil.rmtree(self.work, ignore_errors=True)
        self._lock.release()

    def busy(self) -> bool:
        """Tell whether an install or removal is running now, in any process."""
        if not self.work.exists():
            return False
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return True
        self._lock.release()
        return False

    def leftovers(self) -> bool:
        """Tell whether an earlier install or removal was cut off here."""
        return self.work.exists() and not self.busy()

    def installed(self) -> bool:
        """Tell whether this revision is here with every file of its receipt at its full size."""
        receipt = self._receipt()
        if receipt is None or receipt.get("revision") != self._manifest.revision:
            return False
        return all(_size(self.folder / name) == entry["size"] for name, entry in receipt["files"].items())

    def damaged(self) -> list[str]:
        """Return the names of installed files whose SHA-256 is no longer that of the receipt."""
        receipt = self._receipt() or {"files": {}}
        return [name for name, entry in receipt["files"].items() if _digest(self.folder / name) != entry["sha256"]]

    def put(self, staged: Path, origin: str) -> None:
        """Write the receipt into `staged`, force all to disk, and rename it into place; an older revision gives way last."""
        paths = sorted(path for path in staged.rglob("*") if path.is_file())
        files = {path.relative_to(staged).as_posix(): {"size": path.stat().st_size, "sha256": _digest(path)} for path in paths}
        receipt = {"id": self._manifest.id, "revision": self._manifest.revision, "origin": origin, "files": files}
        (staged / RECEIPT).write_text(json.dumps(receipt, indent=1), "utf-8")
        for path in (*paths, staged / RECEIPT):
            _to_disk(path)
        old = self.work / "old"
        if self.folder.exists():
            self.folder.rename(old)
        try:
            staged.rename(self.folder)
        except OSError:
            if old.exists():
                old.rename(self.folder)
            raise

    def take_away(self) -> None:
        """Move the folder out of sight in one step, then delete it."""
        self.work.mkdir(parents=True, exist_ok=True)
        self.folder.rename(self.work / "gone")

    def _sweep(self) -> None:
        """Undo or finish what an interrupted process left; the caller holds the lock."""
        old = self.work / "old"
        if old.exists() and not self.folder.exists():
            old.rename(self.folder)
        shutil.rmtree(self.work, ignore_errors=True)

    def _receipt(self) -> dict[str, Any] | None:
        try:
            return cast(dict[str, Any], json.loads((self.folder / RECEIPT).read_text("utf-8")))
        except (OSError, ValueError):
            return None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest()
    except OSError:
        return ""


def _to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
