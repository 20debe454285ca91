"""A folder of vectors that one process holds. The beginning of `EdgeFolder` and `SealedFolder`."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.adapters.store.failures import in_use

LOCK = "lock"


class HeldFolder:
    """Who holds the folder; `store` is what a person is told that it is."""

    def __init__(self, path: Path, store: str) -> None:
        self._path = path
        self._store = store
        self._lock = FileLock(path / LOCK)

    def hold(self) -> None:
        """Take the folder for this process; whoever else asks is refused. Raises InUseError."""
        self._path.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise in_use(self._store) from error

    @contextmanager
    def opening(self) -> Generator[None]:
        """Give the folder free where what is opened in it meanwhile cannot be; it is held already."""
        try:
            yield
        except BaseException:
            self.let_go()
            raise

    def let_go(self) -> None:
        """Give the folder free; safe to call twice."""
        self._lock.release(force=True)
