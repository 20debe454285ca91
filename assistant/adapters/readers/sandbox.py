"""Takes rights away from the reading process before it sees a file. Called by `worker` once, at its start."""

import os
import signal
import sys
from typing import IO, Any

RESERVE = 2 * 2**30
"""Address space that engines reserve without using (thread stacks, arenas, libraries), in bytes."""

FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "os.startfile",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.chown",
    "pty.",
    "webbrowser.",
    "urllib.",
    "ftplib.",
    "smtplib.",
    "http.",
)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def take_stdout() -> IO[bytes]:
    """Keep the real standard output for answers, and send whatever libraries print to standard error."""
    kept = os.dup(1)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(kept, os.O_BINARY)
    sys.stdout = sys.stderr
    return os.fdopen(kept, "wb")


def confine(memory_mb: int) -> None:
    """Lower the priority, ignore Ctrl+C, cap memory, and forbid network, processes and writing for good."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        os.nice(5)
        _cap(memory_mb * 2**20)
    sys.addaudithook(_refuse)


def _cap(memory: int) -> None:
    """Cap memory where the system knows how; the parent watches the resident size everywhere."""
    if sys.platform == "win32":
        return
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    caps = [(resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_AS, memory + RESERVE)]
    if sys.platform == "linux":
        caps.append((resource.RLIMIT_DATA, memory))  # counts memory that can be written, not what is merely reserved
    for kind, amount in caps:
        try:
            _, hard = resource.getrlimit(kind)
            resource.setrlimit(kind, (amount if hard == resource.RLIM_INFINITY else min(amount, hard), hard))
        except (OSError, ValueError):
            continue


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: it cannot be removed, and what it raises stops the call."""
    if event.startswith(FORBIDDEN):
        raise PermissionError(f"A reading process may not do this: {event}")
    if event == "open":
        flags = arguments[2]
        if isinstance(flags, int) and flags & WRITING:
            raise PermissionError("A reading process may not write files")
