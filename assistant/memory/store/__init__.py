"""Writing to records, text index and vectors in step."""

from assistant.memory.store.engines import Engines
from assistant.memory.store.spaces import AllSpaces, VectorSpace
from assistant.memory.store.writer import Prepared, Stores, Writer, dense_point, sparse_row

__all__ = ["AllSpaces", "Engines", "Prepared", "Stores", "VectorSpace", "Writer", "dense_point", "sparse_row"]
