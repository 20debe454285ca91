"""Turns bytes into text letter for letter, whatever their encoding. Called by the readers of text in the worker."""

import codecs
import math
import re
from collections import Counter
from typing import NamedTuple

from assistant.domain.errors import ReadError

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)
CYRILLIC = ("cp1251", "koi8-r", "cp866", "mac-cyrillic")
FEW_CONTROLS = 4
"""Control characters that any text may hold, however short: an escape shown in a note, a stray mark."""
CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\x0b\x08\x1b\x1a")
FREQUENCIES = (
    "о10.97 е8.45 а8.01 и7.35 н6.70 т6.26 с5.47 р4.73 в4.54 л4.40 к3.49 м3.21 д2.98 п2.81 у2.62 я2.01 ы1.90 ь1.74 г1.70 з1.65 "
    "б1.59 ч1.44 й1.21 х0.97 ж0.94 ш0.73 ю0.64 ц0.48 щ0.36 э0.32 ф0.26 ъ0.04 ё0.04 і0.02 ї0.01 є0.01 ў0.01"
)
"""Percent of each letter in Russian texts (national corpus), with a trace of the neighbours' letters."""

PUNCTUATION = frozenset("«»—–…„“”’№§°±©•\xa0")
WESTERN = PUNCTUATION | frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœßºª¿¡€‘’´·")
LOGS = {entry[0]: math.log(float(entry[1:]) / 100) for entry in FREQUENCIES.split()}
ODD = math.log(1e-5)
PLAUSIBLE = -4.6
"""Mean log-likelihood per character above which high bytes pass for Russian; a wrong code page gives less than -5."""


class Decoded(NamedTuple):
    """Text without its byte-order mark, the encoding's Python name, and how many places could not be decoded."""

    text: str
    encoding: str
    broken: int = 0


def decode(data: bytes) -> Decoded:
    """Decode a whole text file, line ends preserved; raises ReadError("binary") when it is not text."""
    for bom, name, codec in BOMS:
        if data.startswith(bom):
            try:
                return Decoded(data[len(bom) :].decode(codec), name)
            except UnicodeDecodeError:
                break
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    controls = _controls(data)
    if text is not None and not controls:
        return Decoded(text, "utf-8")
    if controls:
        wide = _utf16(data)
        if wide is not None:
            return wide
        if b"\0" in data or controls > FEW_CONTROLS + len(data) / 100:
            raise ReadError("The file is binary: it holds no text.")
        if text is not None:
            return Decoded(text, "utf-8")
    return _torn(data) or _eight_bit(data)


def _controls(data: bytes) -> int:
    return len(data) - len(data.translate(None, bytes(CONTROLS)))


def _utf16(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: one of the two byte orders gives letters, the other gives rubbish."""
    if len(data) % 2:
        return None
    best: tuple[float, str, str] = (0.0, "", "")
    for codec in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        usual = sum(
            1
            for c in text[:20_000]
            if c in "\t\r\n" or " " <= c <= "~" or "\xa0" <= c <= "ʯ" or "Ѐ" <= c <= "ӿ" or c in PUNCTUATION
        )
        best = max(best, (usual / max(1, min(len(text), 20_000)), codec, text))
    share, codec, text = best
    return Decoded(text, codec) if share >= 0.9 and "\0" not in text else None


def _torn(data: bytes) -> Decoded | None:
    """UTF-8 with a few broken places, such as a log cut in the middle of a letter."""
    text = data.decode("utf-8", "replace")
    broken = text.count("�")
    whole = sum(1 for c in text if c > "\x7f") - broken
    return Decoded(text, "utf-8", broken) if whole >= 20 * broken else None


def _eight_bit(data: bytes) -> Decoded:
    high = re.findall(rb"[\x80-\xff]+", data)
    joined = sum(len(run) for run in high if len(run) > 1)
    total = sum(len(run) for run in high)
    if joined >= total / 2:
        # Russian words are runs of high bytes; an accent in a western word stands alone.
        counts = Counter(b"".join(high[:20_000]))
        # Of codecs that read it alike the first stands: without capitals, cp1251 and mac-cyrillic differ in one letter.
        scores = {codec: _russian(counts, data, codec) for codec in CYRILLIC}
        codec = max(scores, key=lambda one: scores[one])
        score = scores[codec]
        if score >= PLAUSIBLE:
            return Decoded(data.decode(codec, "replace"), codec)
    return _western(data)


def _russian(counts: Counter[int], data: bytes, codec: str) -> float:
    """Mean log-likelihood of the high bytes as Russian letters, with a cost for capitals inside words and for lone ones that
    are no word: the dash of one encoding is such a letter in another.
    """
    total = score = 0.0
    for byte, count in counts.items():
        letter = bytes((byte,)).decode(codec, "replace")
        logs = LOGS.get(letter.lower(), math.log(0.01) if letter in PUNCTUATION else ODD)
        total += count
        score += count * logs
    words = re.findall(r"[а-яё][А-ЯЁ]|\s[БГДЕЖЗЛМНПРТФХЦЧШЩЪЫЬЭЮ](?=\s)", data[:40_000].decode(codec, "replace"))
    return (score - 3.0 * len(words)) / max(1.0, total)


def _western(data: bytes) -> Decoded:
    from charset_normalizer import from_bytes

    accents = [letter for letter in data[:65_536].decode("cp1252", "replace") if letter > "\x7f"]
    if sum(1 for letter in accents if letter.lower() in WESTERN) >= 0.95 * len(accents):
        # The detector below often takes French for Czech, whose letters stand on the same bytes.
        codec = "cp1252" if re.search(rb"[\x80-\x9f]", data) else "latin-1"
        return Decoded(data.decode(codec, "replace"), codec)
    best = from_bytes(data[:65_536]).best()
    for codec in (best.encoding if best else "cp1252", "cp1252"):
        try:
            return Decoded(data.decode(codec), codec)
        except (UnicodeDecodeError, LookupError):
            continue
    return Decoded(data.decode("latin-1"), "latin-1")
