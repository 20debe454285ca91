"""Guesses what a misspelt word was meant to be: slips of the finger, the other keyboard layout, the other alphabet. Pure.

Used by recall, which keeps the guesses that the index knows.
"""

import re

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_KEYS_EN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_KEYS_RU = "йцукенгшщзхъфывапролджэячсмитьбюё"
_TO_RUSSIAN = str.maketrans(_KEYS_EN, _KEYS_RU)
_TO_LATIN = str.maketrans(_KEYS_RU, _KEYS_EN)
_CYRILLIC = re.compile("[\u0400-\u04ff]")

_SOUNDS = (
    *(("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"), ("yu", "ю"), ("ya", "я")),
    *(("yo", "е"), ("ju", "ю"), ("ja", "я"), ("a", "а"), ("b", "б"), ("v", "в"), ("g", "г"), ("d", "д"), ("e", "е"), ("z", "з")),
    *(("i", "и"), ("j", "й"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("r", "р"), ("s", "с")),
    *(("t", "т"), ("u", "у"), ("f", "ф"), ("h", "х"), ("c", "ц"), ("y", "ы"), ("w", "в"), ("x", "кс"), ("q", "к"), ("'", "ь")),
)


def other_layout(word: str) -> str:
    """Return the word as the same keys give it in the other layout (ghbdtn: привет), in lower case."""
    lower = word.lower()
    return lower.translate(_TO_LATIN if _CYRILLIC.search(lower) else _TO_RUSSIAN)


def in_cyrillic(word: str) -> str:
    """Return a Latin word in Cyrillic letters as it sounds in Russian (dogovor: договор), in lower case."""
    left, said = word.lower(), ""
    while left:
        sound, letter = next(((sound, letter) for sound, letter in _SOUNDS if left.startswith(sound)), (left[0], left[0]))
        said += letter
        left = left[len(sound) :]
    return said


def one_slip(word: str) -> set[str]:
    """Return every word one slip away: a letter too many, too few, another one, or two neighbours swapped."""
    lower = word.lower().replace("ё", "е")
    letters = _RUSSIAN if _CYRILLIC.search(lower) else _LATIN
    halves = [(lower[:at], lower[at:]) for at in range(len(lower) + 1)]
    found = {head + tail[1:] for head, tail in halves if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in halves if len(tail) > 1}
    found |= {head + letter + tail[1:] for head, tail in halves if tail for letter in letters}
    found |= {head + letter + tail for head, tail in halves for letter in letters}
    return found - {lower}


def slips(one: str, other: str, most: int) -> int:
    """Return how many slips lie between two words (optimal string alignment), `most` + 1 as soon as there are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, row = list[int](), list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
