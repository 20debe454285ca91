"""Everything outside that memory works with. Filled by `app`, held by the service."""

from dataclasses import dataclass

from assistant.memory.store.writer import Stores
from assistant.ports.content import Embedder, FileWalker, Reader, Reranker
from assistant.ports.forgetting import Tombstones
from assistant.ports.records import DatabaseUpkeep, RecallLog, VectorCache
from assistant.ports.spaces import ConfirmedStore
from assistant.ports.stores import Optimisable
from assistant.ports.system import AuditLog


@dataclass(frozen=True, slots=True)
class Engines:
    """Everything outside that memory works with; `embedder` and the dense store are None without a model."""

    stores: Stores
    cache: VectorCache
    upkeep: DatabaseUpkeep
    optimisable: Optimisable | None
    embedder: Embedder | None
    reader: Reader
    walker: FileWalker
    recalls: RecallLog
    tombstones: Tombstones
    reranker: Reranker | None = None
    confirmed: ConfirmedStore | None = None
    audit: AuditLog | None = None
