"""Finds what a person would not want shown by accident: keys, tokens, passwords, cards, documents, contacts. Pure.

Called by ingestion, which marks chunks, and by recall, which hides what was marked. Token formats are those their issuers
document; numbers count only with a valid check digit or beside a word that names them.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from math import log2
from typing import NamedTuple

from assistant.domain.check_digits import is_card, is_iban, is_inn, is_snils


class SensitiveKind(StrEnum):
    """What was found."""

    KEY = "key"
    TOKEN = "token"
    PASSWORD = "password"
    CARD = "card"
    PASSPORT = "passport"
    PERSONAL_NUMBER = "personal number"
    PHONE = "phone"
    EMAIL = "e-mail"


SECRETS = frozenset({SensitiveKind.KEY, SensitiveKind.TOKEN, SensitiveKind.PASSWORD, SensitiveKind.CARD, SensitiveKind.PASSPORT})
"""Kinds that answers and exports leave out; the others are personal data and only marked."""


class Sensitive(NamedTuple):
    """A stretch `text[start:end]` and what it is."""

    kind: SensitiveKind
    start: int
    end: int


_PEM = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|\Z)",
    re.DOTALL,
)

_TOKEN = re.compile(
    r"(?<![A-Za-z0-9_])(?:"
    r"(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}"  # AWS access key id
    r"|gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,}"
    r"|gl(?:pat|dt|rt|soat|ptt)-[A-Za-z0-9_-]{20,}"
    r"|xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{20,}"  # Slack
    r"|[rs]k_(?:live|test)_[A-Za-z0-9]{16,}"  # Stripe
    r"|AIza[0-9A-Za-z_-]{35}"  # Google
    r"|ya29\.[0-9A-Za-z_-]{20,}"
    r"|sk-(?:ant-|proj-|or-)?[A-Za-z0-9_-]{20,}"  # OpenAI, Anthropic, OpenRouter
    r"|hf_[A-Za-z0-9]{30,}"
    r"|npm_[A-Za-z0-9]{36}|pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{40,}"
    r"|dop_v1_[a-f0-9]{64}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"
    r"|[0-9]{8,10}:AA[A-Za-z0-9_-]{33}"  # Telegram bot
    r"|eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"  # JSON web token
    r"|AccountKey=[A-Za-z0-9+/=]{40,}"
    r"|GOCSPX-[A-Za-z0-9_-]{16,}|AGE-SECRET-KEY-1[A-Z0-9]{50,}"
    r"|hooks\.slack\.com/services/T[A-Z0-9]{4,}/B[A-Z0-9]{2,}/[A-Za-z0-9]{16,}"
    r")"
)

_VALUE = re.compile(r"(?:[:=]>?|\sis\b|\s[—–-]\s)\s{0,4}(?P<quote>[\"'`]?)(?P<value>[^\s\"'`,;<>{}()\[\]=]{6,200})(?P=quote)")
_NAME = re.compile(
    r"(?:passw(?:or)?d|passphrase|(?<![a-z])pass|pwd|secret(?:[_ -]?key)?|api[_-]?key|access[_-]?key|private[_-]?key"
    r"|auth[_-]?token|access[_-]?token|(?<![a-z])token|парол[ьяею]|токен|секретный ключ)(?:[_-][A-Za-z0-9_-]{1,20}|\d{1,3})?"
    r"(?:\s+(?:for|of|to|от|для|к)\s+[\w .-]{1,30})?[\"'`]?\s{0,4}:?$",
    re.IGNORECASE,
)
_SET = re.compile(
    r"^\s*(?:export\s+)?[A-Z0-9_]*(?:PASSWORD|PASSWD|PWD|SECRET|TOKEN|API_?KEY|PASSPHRASE)[A-Z0-9_]*=(?P<value>[^\s\"'`$<>{}()]{4,200})\s*$",
    re.MULTILINE,
)
"""A secret as files of settings and shells have it; there any value counts, were it a word."""
_BESIDE = re.compile(r"(?:парол[ьяею]|password|passphrase)\s+(?P<value>[^\s\"'`,;<>{}()\[\]=:]{8,64})", re.IGNORECASE)
"""A value that only stands beside the word; it counts when it can be no word."""
_NAME_REACH = 60
"""Characters before a value in which the name it is assigned to is looked for."""
_BEARER = re.compile(r"\b(?:Bearer|Basic)\s+(?P<value>[A-Za-z0-9._~+/-]{20,}=*)")
_IN_URL = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@\"']{1,60}:(?P<value>[^\s/@\"']{3,100})@", re.IGNORECASE)

_DIGITS = re.compile(r"(?<![\w.,-])\d(?:[ -]?\d){11,18}(?![\w-]|[.,]\d)")
_PASSPORT = re.compile(
    r"(?:паспорт\w*|пасп\.|passport)(?:[^\d\n]{0,40}?)"
    r"(?P<value>(?<![\w])(?:\d{2} ?\d{2}(?:[ №NoсерияномерSseriesnumber:,.-]{1,16})?\d{6}|\d{2} ?(?:№ ?)?\d{7}"
    r"|[A-Z]{1,2}\d{6,8}|\d{9})(?!\d))"
    r"|сери[яи]\s*(?P<before>\d{2} ?\d{2}[ ,]*(?:№|номер)\s*\d{6})(?!\d)(?=[^\d\n]{0,20}паспорт)",
    re.IGNORECASE,
)
_SNILS = re.compile(r"(?<!\d)\d{3}-\d{3}-\d{3}[ -]\d{2}(?!\d)")
_INN = re.compile(r"\bИНН\D{0,12}(?P<value>\d{12}|\d{10})(?!\d)", re.IGNORECASE)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_US_SSN = re.compile(r"(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-zА-Яа-яЁё0-9-]{1,63}\.){1,5}[A-Za-zА-Яа-яЁё]{2,24}(?![\w-])")
_PHONE = re.compile(
    r"(?<![\w.+/-])(?:\+\d{1,3}|8(?=[ (-]*\d{3}))[ -]?(?:\(\d{2,5}\)|\d{2,5})(?:[ -]?\d{2,4}){2,4}(?![\w-]|\.\d)"
    r"|(?<![\w.+/)-])\([2-9]\d{2}\) ?\d{3}-\d{4}(?![\w-]|\.\d)"  # North America
)

_PLACEHOLDER = re.compile(
    r".*(?:example|placeholder|changeme|your[_-]|xxxx|\*\*\*|\.\.\.|dummy|sample|redacted|%s|\$\{|пример|укажите).*"
    r"|(?:.*[^a-z\d])?(?:your|todo|none|null|true|false|env|get|input|str|string)(?:[^a-z\d].*|\d{1,2})?"
    r"|(?:os|self|process|config|settings)\..*|\$\w+|\$\(.*|(?-i:get|read|load)(?-i:[A-Z]\w*)|(.)\1+",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"[A-Za-z_][A-Za-z_]*(?:[._-][A-Za-z_]\w*)*|\w+\.\w+\S*|/.*|[a-z]+://.*|\d+\w{0,2}")
_LEAST_ENTROPY = 2.3
"""Bits a character below which an assigned value is taken for a word."""


def scan(text: str) -> list[Sensitive]:
    """Return what was found in order, without overlaps: of two findings at one place the longer secret stands."""
    found: list[Sensitive] = []
    for rule in _rules(text):
        found += rule(text)
    if len(found) < 2:
        return found
    found.sort(key=lambda one: (one.start, one.kind not in SECRETS, -one.end))
    kept: list[Sensitive] = []
    for one in found:
        if kept and one.start < kept[-1].end:
            continue
        kept.append(one)
    return kept


def hidden(text: str, marks: Sequence[Sensitive]) -> str:
    """Return the text with every secret among the marks replaced by its kind in brackets, as in "[password]"."""
    out, at = "", 0
    for kind, start, end in marks:
        if kind in SECRETS and end > at:
            out += text[at:start] + f"[{kind.value}]"
            at = end
    return out + text[at:]


def _private_keys(text: str) -> list[Sensitive]:
    return [Sensitive(SensitiveKind.KEY, *match.span()) for match in _PEM.finditer(text)]


def _tokens(text: str) -> list[Sensitive]:
    return [Sensitive(SensitiveKind.TOKEN, *match.span()) for match in _TOKEN.finditer(text)]


def _passwords(text: str) -> list[Sensitive]:
    assigned = [
        match
        for match in _VALUE.finditer(text)
        if _secretive(match["value"], quoted=bool(match["quote"]))
        and _NAME.search(text, max(0, match.start() - _NAME_REACH), match.start())
    ]
    assigned += [match for match in _SET.finditer(text) if not _PLACEHOLDER.fullmatch(match["value"])]
    assigned += [match for match in _BESIDE.finditer(text) if _no_word(match["value"])]
    return [
        Sensitive(SensitiveKind.PASSWORD, match.start("value"), match.start("value") + len(match["value"].rstrip(".:")))
        for match in assigned
    ]


def _no_word(value: str) -> bool:
    """Tell what nobody takes for a word, a name or a date: letters of both cases, digits and another sign."""
    inner = value.strip(".!?:,-")
    signs = any(not sign.isalnum() and sign not in "_-./" for sign in inner)
    mixed = any(map(str.islower, inner)) and any(map(str.isupper, inner)) and any(map(str.isdigit, inner))
    return signs and mixed and not _PLACEHOLDER.fullmatch(value)


def _secretive(value: str, *, quoted: bool) -> bool:
    """Tell a secret from a word, a reference or a placeholder: it mixes kinds of characters, or was quoted and is no name."""
    if _PLACEHOLDER.fullmatch(value):
        return False
    if _REFERENCE.fullmatch(value) and not (quoted and any(map(str.isdigit, value))):
        return False
    inner = value.rstrip(".!?:")
    mixed = any(map(str.isalpha, inner)) and not inner.isalpha()
    return mixed and _entropy(value) >= _LEAST_ENTROPY


def _entropy(value: str) -> float:
    """Return the bits a character of the value by its own frequencies."""
    total = len(value)
    return -sum((n := value.count(c) / total) * log2(n) for c in set(value))


def _credentials(text: str) -> list[Sensitive]:
    return [Sensitive(SensitiveKind.TOKEN, *match.span("value")) for match in _BEARER.finditer(text)]


def _in_urls(text: str) -> list[Sensitive]:
    return [
        Sensitive(SensitiveKind.PASSWORD, *match.span("value"))
        for match in _IN_URL.finditer(text)
        if not _PLACEHOLDER.fullmatch(match["value"])
    ]


def _cards(text: str) -> list[Sensitive]:
    return [
        Sensitive(SensitiveKind.CARD, *match.span()) for match in _DIGITS.finditer(text) if is_card(re.sub(r"\D", "", match[0]))
    ]


def _passports(text: str) -> list[Sensitive]:
    return [
        Sensitive(SensitiveKind.PASSPORT, *match.span("value" if match["value"] else "before"))
        for match in _PASSPORT.finditer(text)
    ]


def _personal_numbers(text: str) -> list[Sensitive]:
    spans = [match.span() for match in _SNILS.finditer(text) if is_snils(re.sub(r"\D", "", match[0]))]
    spans += [match.span("value") for match in _INN.finditer(text) if is_inn(match["value"])]
    spans += [match.span() for match in _US_SSN.finditer(text)]
    spans += [match.span() for match in _IBAN.finditer(text) if is_iban(match[0].replace(" ", ""))]
    return [Sensitive(SensitiveKind.PERSONAL_NUMBER, *span) for span in spans]


def _phones(text: str) -> list[Sensitive]:
    found = [match for match in _PHONE.finditer(text) if 10 <= sum(map(str.isdigit, match[0])) <= 15]
    return [Sensitive(SensitiveKind.PHONE, *match.span()) for match in found]


def _addresses(text: str) -> list[Sensitive]:
    return [Sensitive(SensitiveKind.EMAIL, *match.span()) for match in _EMAIL.finditer(text)]


_NUMEROUS = re.compile(r"\d(?:[ ()№-]{0,3}\d){8}")
_NAMES = ("pass", "pwd", "secret", "key", "token", "парол", "токен")
_PREFIXES = (
    *(
        "AKIA",
        "ASIA",
        "ABIA",
        "ACCA",
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat_",
        "glpat-",
        "gldt-",
        "glrt-",
        "glsoat-",
    ),
    *(
        "glptt-",
        "xox",
        "xapp-",
        "k_live_",
        "k_test_",
        "AIza",
        "ya29.",
        "sk-",
        "hf_",
        "npm_",
        "pypi-",
        "dop_v1_",
        "SG.",
        ":AA",
        "eyJ",
    ),
    "AccountKey=",
    "GOCSPX-",
    "AGE-SECRET-KEY-",
    "hooks.slack.com",
)


def _rules(text: str) -> Iterator[Callable[[str], list[Sensitive]]]:
    """Yield the rules that a cheap look does not rule out: most texts need none."""
    if "PRIVATE KEY" in text:
        yield _private_keys
    if any(prefix in text for prefix in _PREFIXES):
        yield _tokens
    low = text.lower()
    if any(name in low for name in _NAMES):
        yield _passwords
    if "bearer " in low or "basic " in low:
        yield _credentials
    if "@" in text:
        yield _addresses
        yield _in_urls
    numerous = _NUMEROUS.search(text) is not None
    if numerous or "passport" in low or "паспорт" in low:
        yield _passports
    if numerous:
        yield from (_cards, _personal_numbers, _phones)
