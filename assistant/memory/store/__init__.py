"""Writing to records, text index and vectors in step."""

from assistant.memory.store.writer import Prepared, Stores, Writer, sparse_row

__all__ = ["Prepared", "Stores", "Writer", "sparse_row"]
