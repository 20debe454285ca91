"""From chunks to vectors."""

from assistant.memory.embed.batcher import Batcher, cache_key, cache_keys, embedded_text, takes_part

__all__ = ["Batcher", "cache_key", "cache_keys", "embedded_text", "takes_part"]
