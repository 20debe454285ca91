"""Takes a question apart: phrases, names, and filters such as path: or before:. Pure; called by the service."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assistant.domain.document import MODALITIES, Modality
from assistant.domain.language import named, quoted_names, vocabulary
from assistant.domain.memory import Asked, Scope
from assistant.memory.recall.dates import moment

KEYS = {
    **{"path": "path", "путь": "path", "file": "path", "файл": "path"},
    **{"lang": "lang", "language": "lang", "язык": "lang"},
    **{"modality": "modality", "type": "modality", "тип": "modality"},
    **{"before": "before", "до": "before", "after": "after", "после": "after"},
}
"""Words that open a filter, in any letter case."""

_MODALITIES: dict[str, Modality] = {
    "text": "text",
    "code": "code",
    "image": "image",
    "audio": "audio",
    "video": "video",
    "текст": "text",
    "код": "code",
    "картинка": "image",
    "изображение": "image",
    "звук": "audio",
    "аудио": "audio",
    "видео": "video",
}

_PLAIN = vocabulary(
    """
    python javascript tsx rust go java c cpp csharp ruby php bash sql css json yaml toml xml kotlin swift scala lua perl r dart
    haskell elixir erlang clojure julia zig vue powershell batch svelte graphql protobuf hcl cmake make dockerfile ini objc ocaml
    fsharp groovy nix vim asm solidity diff html markdown
    """
)
_LANGUAGES: dict[str, tuple[str, ...]] = {
    **{
        short: (full,)
        for short, full in (("py", "python"), ("js", "javascript"), ("rs", "rust"), ("golang", "go"), ("rb", "ruby"))
    },
    **{short: (full,) for short, full in (("c++", "cpp"), ("c#", "csharp"), ("cs", "csharp"), ("sh", "bash"), ("shell", "bash"))},
    **{short: (full,) for short, full in (("yml", "yaml"), ("kt", "kotlin"), ("hs", "haskell"), ("pl", "perl"), ("tf", "hcl"))},
    **{short: ("typescript", "tsx") for short in ("ts", "typescript")},
    **{name: ("ru",) for name in ("russian", "русский", "рус")},
    **{name: ("en",) for name in ("english", "английский", "англ")},
    **{name: (name,) for name in _PLAIN},
}
_CODE = re.compile("[a-z]{2}")

_TOKEN = re.compile(
    r"""`[^`\n]*` | (?P<key>(?<!\S)-?[^\W\d_]+):(?P<value>"[^"\n]*"|«[^»\n]*»|[^\s"«]\S*)
    | (?<!\S)-(?P<barred>"[^"\n]*"|«[^»\n]*»|“[^”\n]*”|„[^“”\n]*[“”])(?!\w)
    | (?P<phrase>(?<![\w"])"[^"\n]*"(?!\w)|«[^»\n]*»|“[^”\n]*”|„[^“”\n]*[“”]) | (?<!\S)-(?P<without>[^\W\d_][\w-]{2,})(?!\S)""",
    re.VERBOSE,
)
_QUOTES = '"«»“”„'

MOST_TYPED = 40
"""Words up to which quotes and dashes are taken for what a person asks with; in a longer, pasted text they are the text's own."""


def parse(text: str, now: datetime) -> Asked:
    """Take a question apart. Anything that is no well-formed filter stays a word; a note says so where one was meant.

    `now` is what 7d or "yesterday" count from, and its time zone that in which a day begins. In a pasted text (more than
    MOST_TYPED words) only filters count: its quotes are no phrases that every hit must hold.
    """
    reading = _Reading(now, pasted=len(text.split()) > MOST_TYPED)
    rest = _TOKEN.sub(reading.take, text)
    rest = rest if rest == text else re.sub(r"[^\S\n]{2,}", " ", rest).strip()
    symbols, files = named(rest)
    return Asked(
        text=rest,
        phrases=tuple(dict.fromkeys(reading.phrases)),
        exact=quoted_names(rest),
        symbols=symbols,
        files=files,
        scope=reading.scope(),
        notes=tuple(reading.notes),
    )


@dataclass
class _Reading:
    """What was found so far, from left to right."""

    now: datetime
    pasted: bool
    phrases: list[str] = field(default_factory=list[str])
    paths: list[str] = field(default_factory=list[str])
    not_paths: list[str] = field(default_factory=list[str])
    languages: list[str] = field(default_factory=list[str])
    modality: list[Modality] = field(default_factory=list[Modality])
    not_modality: list[Modality] = field(default_factory=list[Modality])
    not_languages: list[str] = field(default_factory=list[str])
    without: list[str] = field(default_factory=list[str])
    without_phrases: list[str] = field(default_factory=list[str])
    since: float | None = None
    until: float | None = None
    notes: list[str] = field(default_factory=list[str])

    def take(self, token: re.Match[str]) -> str:
        """Keep what a token says; return what of it stays in the text."""
        if token["key"] is not None:
            return self._filter(token)
        if self.pasted:
            return token.group()
        if token["without"] is not None or token["barred"] is not None:
            self._bar((token["without"] or token["barred"]).strip(_QUOTES).strip())
            return " "
        if token["phrase"] is not None:
            inner = token["phrase"].strip(_QUOTES).strip()
            if any(map(str.isalnum, inner)):
                self.phrases.append(inner)
            return f" {inner} "
        return token.group()

    def scope(self) -> Scope:
        """Return the filters that were found."""
        return Scope(
            paths=tuple(self.paths),
            not_paths=tuple(self.not_paths),
            languages=tuple(dict.fromkeys(self.languages)),
            modality=self._modalities(),
            since=self.since,
            until=self.until,
            without=tuple(dict.fromkeys(self.without)),
            without_phrases=tuple(dict.fromkeys(self.without_phrases)),
            not_languages=tuple(dict.fromkeys(self.not_languages)),
        )

    def _modalities(self) -> tuple[Modality, ...]:
        """Return what is wanted without what is barred; where both are the same, what is wanted."""
        asked = self.modality if self.modality or not self.not_modality else MODALITIES
        return tuple(dict.fromkeys(one for one in asked if one not in self.not_modality)) or tuple(dict.fromkeys(self.modality))

    def _bar(self, what: str) -> None:
        """Bar a word in all its forms; what is made of several (pre-war, load_all) as it stands."""
        if any(map(str.isalnum, what)):
            (self.without if what.isalnum() else self.without_phrases).append(what)

    def _filter(self, token: re.Match[str]) -> str:
        negated, key = token["key"].startswith("-"), KEYS.get(token["key"].lstrip("-").lower())
        if key is None:
            return token.group()
        if negated and key in {"before", "after"}:
            self.notes.append(_NOT_TURNED.format(token.group()))
            return token.group()
        value = token["value"].strip(_QUOTES)
        takers: dict[str, Callable[[str], bool]] = {
            "path": lambda path: _take(self.not_paths if negated else self.paths, path),
            "lang": lambda names: _languages(self.not_languages if negated else self.languages, names),
            "modality": lambda names: _modalities(self.not_modality if negated else self.modality, names),
            "before": lambda when: self._time(when, before=True),
            "after": lambda when: self._time(when, before=False),
        }
        if takers[key](value):
            return " "
        self.notes.append(_MALFORMED[key].format(token.group()))
        return token.group()

    def _time(self, value: str, *, before: bool) -> bool:
        when = moment(value, self.now)
        if when is None:
            return False
        if before:
            self.until = when if self.until is None else min(self.until, when)
        else:
            self.since = when if self.since is None else max(self.since, when)
        return True


_MALFORMED = {
    "path": "“{}” was searched as words: there is no path after the colon",
    "lang": "“{}” was searched as words: it names no language such as py, python, ru or en",
    "modality": "“{}” was searched as words: it names no kind such as text or code",
    "before": "“{}” was searched as words: it names no time such as 2026-01-31, 2026-01, 7d or yesterday",
    "after": "“{}” was searched as words: it names no time such as 2026-01-31, 2026-01, 7d or yesterday",
}


_NOT_TURNED = "“{}” was searched as words: a time cannot be turned round by a dash; before: and after: are each other's opposite"


def _take(into: list[str], value: str) -> bool:
    if not value.strip(" /\\*?"):
        return False
    into.append(value)
    return True


def _languages(into: list[str], value: str) -> bool:
    found = [_language(part) for part in re.split(r"[|,]", value.lower()) if part]
    if not found or not all(found):
        return False
    into += [name for names in found for name in names]
    return True


def _modalities(into: list[Modality], value: str) -> bool:
    parts = [part for part in re.split(r"[|,]", value.lower()) if part]
    if not parts or not all(part in _MODALITIES for part in parts):
        return False
    into.extend(_MODALITIES[part] for part in parts)
    return True


def _language(name: str) -> Sequence[str]:
    return _LANGUAGES.get(name) or ((name,) if _CODE.fullmatch(name) else ())
