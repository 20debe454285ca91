"""Tells whether what is typed reads like something to do rather than a question. Only a hint: a person chooses. Pure."""

import re

_VERBS = (
    # English: the first word, as an order
    "add|append|archive|clean|collect|commit|compare|convert|copy|create|delete|extract|find duplicates|make|merge|move|open"
    "|organi[sz]e|pack|put|remove|rename|replace|reveal|sort|stage|stash|summari[sz]e|switch|trash|unpack|unzip|write|zip",
    # Russian: imperative and infinitive
    "заархивируй|архивируй|вынеси|выпиши|добавь|допиши|закоммить|замени|запиши|извлеки|конвертируй|копируй"
    "|найди (?:дубликаты|повторы)|объедини|открой|отсортируй|очисти"
    "|переведи|переименуй|перемести|перенеси|покажи статус|преобразуй|разбери|разложи|распакуй"
    "|рассортируй|скопируй|собери|создай|сожми|сравни|сделай|сложи|убери|удали|упакуй",
)
_ORDER = re.compile(rf"\s*(?:please\s+|пожалуйста,?\s+)?(?:{'|'.join(_VERBS)})\b", re.IGNORECASE)


def reads_as_request(text: str) -> bool:
    """Tell whether a text begins like an order and does not end like a question."""
    return _ORDER.match(text) is not None and not text.rstrip().endswith("?")
