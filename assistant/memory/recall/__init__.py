"""From a question to hits and evidence."""

from assistant.memory.recall.excerpts import excerpts
from assistant.memory.recall.packing import pack
from assistant.memory.recall.rerank import Second
from assistant.memory.recall.retriever import Recalled, Retriever, RetrieverName

__all__ = ["Recalled", "Retriever", "RetrieverName", "Second", "excerpts", "pack"]
