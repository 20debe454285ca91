"""Turns a context pack into claims bound to citations, purely and without a language model. Called by the conversation."""

from assistant.orchestrator.answering.extract import Extraction, extract
from assistant.orchestrator.answering.passages import Passage, passages

__all__ = ["Extraction", "Passage", "extract", "passages"]
