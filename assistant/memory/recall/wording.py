"""Tells from how a question is written how far its very words will find the answer. Pure; called by the retriever."""

from assistant.domain.language import words

KEYWORDS = 1.7
SENTENCE = 0.2
"""What text search counts for where a question is bare keywords, and the share of stop words from which it is a sentence."""

NUMBERS = 20.0
NAME_DIGITS = 3
"""What text search counts for where a question is bare numbers, and the digits from which a number is a name, not a count:
a vector says hardly anything of CVE-2023-27043 or E0382."""


def wording(question: str) -> float:
    """Return what text search counts for beside vectors in a question written like this: 1 evenly, up to 34 for a number.

    Stop words hold a sentence together, whose meaning vectors know; who leaves them out names what the text will say.
    """
    found = words(question)
    if not found:
        return 1.0
    stops = sum(word.stop for word in found) / len(found)
    numbers = sum(sum(map(str.isdigit, question[word.start : word.end])) >= NAME_DIGITS for word in found) / len(found)
    return (1.0 + (KEYWORDS - 1.0) * max(0.0, 1.0 - stops / SENTENCE)) * NUMBERS**numbers
