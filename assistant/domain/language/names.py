"""Finds what a person names exactly in a question: code symbols and files. Pure; used by recall and by the intent."""

import re

_QUOTED = re.compile(r"`([^`\n]{1,200})`")
_FILE = re.compile(r"(?<![\w/.])(?:[\w.-]+/)*[\w-]+\.[A-Za-z][A-Za-z0-9]{0,5}(?![\w.])")
_NAME = re.compile(
    r"(?<![\w.])(?:[A-Za-z]\w*(?:(?:\.|::)[A-Za-z_]\w*)+|\w*[a-z0-9][A-Z]\w*|\w*[A-Za-z0-9]_\w+|[A-Za-z_]\w*(?=\(\)))(?:\(\))?"
)


def quoted_names(text: str) -> tuple[str, ...]:
    """Return what stands between backticks, each once: names that were surely meant letter for letter."""
    return tuple(dict.fromkeys(name.removesuffix("()") for name in _QUOTED.findall(text)))


def named(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the code symbols (in backticks or in code style: camelCase, snake_case, a.b, a::b, f()) and the file names."""
    files = tuple(dict.fromkeys(_FILE.findall(text)))
    names = [*quoted_names(text), *(name.removesuffix("()") for name in _NAME.findall(_FILE.sub(" ", text)))]
    return tuple(dict.fromkeys(name for name in names if name not in files)), files
