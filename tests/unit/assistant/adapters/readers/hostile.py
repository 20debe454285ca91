"""A reading process whose parser misbehaves as the file's name says. Started by test_pool in place of the real one."""

import ctypes
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

from assistant.adapters.readers.wire import DOCUMENT, Request
from assistant.adapters.readers.worker import serve
from assistant.domain.document import Document, Part


def answer(request: Request) -> tuple[bytes, bytes]:
    """Do what the name of the file says, then tell in the document how it went."""
    name = Path(request.path).name
    return DOCUMENT, _document(ACTS[name]()).encode()


def _document(text: str) -> str:
    return Document(media="text/plain", modality="text", parts=(Part(kind="lines", number=1, text=text),)).model_dump_json()


def _hang() -> str:
    threading.Event().wait()
    return ""


def _eat() -> str:
    held: list[bytearray] = []
    while True:
        held.append(bytearray(b"x" * 2**24))


def _print() -> str:
    libc = ctypes.CDLL(None)
    libc.puts(b"printed by a library" * 10)
    libc.fflush(None)
    os.write(1, b"and by a descriptor")
    print("and by Python")
    return "printed"


def _chatter() -> str:
    sys.stderr.write("x" * 2_000_000)
    return "chattered"


def _reach() -> str:
    refused: list[str] = []
    for act in (
        lambda: socket.create_connection(("127.0.0.1", 9)),
        lambda: subprocess.Popen([sys.executable, "-c", ""]),
        lambda: os.system("true"),
        lambda: Path("written").write_text("x"),
    ):
        try:
            act()
        except PermissionError:
            refused.append("refused")
    return " ".join(refused)


def _panic() -> str:
    raise BaseException("a panic")


ACTS = {
    "good": lambda: str(os.getpid()),
    "die": lambda: os._exit(3),
    "abort": os.abort,
    "hang": _hang,
    "eat": _eat,
    "print": _print,
    "chatter": _chatter,
    "reach": _reach,
    "panic": _panic,
    "flood": lambda: "x" * 300_000_000,
    "nice": lambda: str(os.nice(0)),
}


if __name__ == "__main__":
    serve(answer, int(sys.argv[1]))
