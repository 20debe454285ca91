"""From chunks to vectors."""

from assistant.memory.embed.batcher import Batcher, embedded_text, takes_part

__all__ = ["Batcher", "embedded_text", "takes_part"]
