"""Text models: converting, checking, loading, counting tokens. Built by `assistant.app` alone."""

from assistant.adapters.embed.convert import OnnxConverter
from assistant.adapters.embed.cross_encoder import CrossEncoder
from assistant.adapters.embed.fastembed_text import FastembedText
from assistant.adapters.embed.tokens import ModelTokens

__all__ = ["CrossEncoder", "FastembedText", "ModelTokens", "OnnxConverter"]
