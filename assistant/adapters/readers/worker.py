"""The reading process: answers requests one by one until its parent is gone. Started by `child`."""

import os
import queue
import sys
import threading
from collections.abc import Callable

from assistant.adapters.readers.sandbox import confine, take_stdout
from assistant.adapters.readers.wire import FAILURE, READY, Request, pack_failure, read_frame, write_frame
from assistant.domain.errors import MnemeError, ReaderLimitError, ReadError

LARGEST_REQUEST = 2**20

Answer = Callable[[Request], tuple[bytes, bytes]]


def serve(answer: Answer, memory_mb: int) -> None:
    """Answer requests from standard input for ever; ends the process when the input ends."""
    channel = take_stdout()
    confine(memory_mb)
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    write_frame(channel, READY)
    while True:
        tag, payload = _guarded(answer, Request.decode(requests.get()))
        write_frame(channel, tag, payload)


def _listen(requests: "queue.SimpleQueue[bytes]") -> None:
    """Take requests in; the end of the input means that the parent is gone, whatever a parser is doing just now."""
    while True:
        frame = read_frame(sys.stdin.buffer, LARGEST_REQUEST)
        if frame is None:
            os._exit(0)
        requests.put(frame[1])


def _guarded(answer: Answer, request: Request) -> tuple[bytes, bytes]:
    try:
        return answer(request)
    except MnemeError as error:
        return FAILURE, pack_failure(error)
    except MemoryError:
        return FAILURE, pack_failure(ReaderLimitError("Reading the file needs more memory than the limit allows."))
    except RecursionError:
        return FAILURE, pack_failure(ReadError("The file is nested too deeply."))
    except BaseException as error:  # a panic of a native library is no Exception; the next file must still be read
        told = f"{type(error).__name__}: {error}"[:300]
        return FAILURE, pack_failure(ReadError(f"The file cannot be read ({told})."))


def main() -> None:
    """Serve with the readers; the only argument is the memory cap in MiB."""
    from assistant.adapters.readers.dispatch import answer
    from assistant.adapters.readers.documents import unpack_engine

    unpack_engine()
    serve(answer, int(sys.argv[1]))


if __name__ == "__main__":
    main()
