"""Reading of files in separate processes. `app` gives `WorkerReader` to the memory as its Reader."""

from assistant.adapters.readers.pool import WorkerReader

__all__ = ["WorkerReader"]
