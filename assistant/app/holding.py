"""One process holds a memory at a time. Used by whatever opens or converts one."""

from filelock import AcquireReturnProxy, FileLock, Timeout

from assistant.app.environment import Environment
from assistant.domain.errors import InUseError, StorageError

LOCK = "lock"


def holding(env: Environment) -> AcquireReturnProxy[FileLock]:
    """Hold the memory for this process until the context that is returned ends; raises InUseError and StorageError."""
    try:
        env.places.memory.mkdir(parents=True, exist_ok=True)
        lock = FileLock(env.places.memory / LOCK)
        return lock.acquire(blocking=False)
    except Timeout as error:
        raise InUseError(
            "This memory is in use by another Mneme.",
            kept="Nothing was changed.",
            remedy="Use the open window, or close it first.",
        ) from error
    except OSError as error:
        raise StorageError(
            f"Mneme cannot write to {env.places.memory}: {error.strerror}.",
            kept="Nothing was changed.",
            remedy="Give yourself the right to write there, or set MNEME_HOME to another folder.",
        ) from error
