"""Keeps what a process holds in memory out of files that the system writes when it dies. Called by `app`."""

import contextlib
import ctypes
import sys

PR_SET_DUMPABLE = 4


def wipe_variable(name: str) -> None:
    """Overwrite the value of an environment variable where the system laid it at the start; best effort.

    Taking it out of `os.environ` leaves it there, for every process that is forked and for who may read /proc.
    """
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError, AttributeError):
        getenv = ctypes.CDLL(None).getenv
        getenv.argtypes, getenv.restype = [ctypes.c_char_p], ctypes.c_void_p
        place = getenv(name.encode())
        if place:
            ctypes.memset(place, ord("x"), len(ctypes.string_at(place)))


def forbid_dumps() -> None:
    """Switch core dumps off, and on Linux also reading this process's memory by others of the same user; best effort.

    Swap and hibernation are the system's: encrypt the disk against those.
    """
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
