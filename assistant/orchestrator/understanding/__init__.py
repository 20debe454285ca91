"""From words to intents without a language model, in Russian and English. Used by the flow of proposals."""

from assistant.orchestrator.understanding.analyzer import Check, Guided, Guides, RuleAnalyzer
from assistant.orchestrator.understanding.surroundings import Surroundings

__all__ = ["Check", "Guided", "Guides", "RuleAnalyzer", "Surroundings"]
