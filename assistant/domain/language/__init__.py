"""Pure language work: words and stems, sentences, and naming the language. Used by chunking, recall and answering."""

from assistant.domain.language.identify import Identifier, identify_by_script
from assistant.domain.language.names import named, quoted_names
from assistant.domain.language.sentences import sentences
from assistant.domain.language.words import STOP_WORDS, Word, composed, normalise, spans, stem, stems, vocabulary, words

__all__ = [
    "STOP_WORDS",
    "Identifier",
    "Word",
    "composed",
    "identify_by_script",
    "named",
    "normalise",
    "quoted_names",
    "sentences",
    "spans",
    "stem",
    "stems",
    "vocabulary",
    "words",
]
