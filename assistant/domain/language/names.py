"""Finds what a person names exactly in a question: code symbols and files. Pure; used by recall and by the intent."""

import re

from assistant.domain.language.words import vocabulary

_QUOTED = re.compile(r"`([^`\n]{1,200})`")
_FILE = re.compile(r"(?<![\w/.])(?:[\w.-]+/)*[\w-]+\.[A-Za-z][A-Za-z0-9]{0,5}(?![\w.])")
_NAME = re.compile(
    r"(?<![\w.])(?:[A-Za-z]\w*(?:(?:\.|::)[A-Za-z_]\w*)+|\w*[a-z0-9][A-Z]\w*|\w*[A-Za-z0-9]_\w+|[A-Za-z_]\w*(?=\(\)))(?:\(\))?"
)

_ENDINGS = vocabulary(
    """
    txt md rst log csv tsv json jsonl yaml yml toml ini cfg conf env xml html htm css scss js mjs jsx ts tsx py pyi ipynb rs go
    java kt c h cc cpp hpp cs rb php sh bash sql lua r pl swift scala pdf doc docx ppt pptx xls xlsx odt ods odp epub rtf eml msg
    tex lock png jpg jpeg gif svg mp3 wav mp4 zip tar gz bat ps1 proto vue svelte dart ex hs nix tf gradle
    """
)


def quoted_names(text: str) -> tuple[str, ...]:
    """Return what stands between backticks, each once: names that were surely meant letter for letter."""
    return tuple(dict.fromkeys(name.removesuffix("()") for name in _QUOTED.findall(text)))


def named(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the code symbols (in backticks or in code style: camelCase, snake_case, a.b, a::b, f()) and the file names."""
    files = tuple(dict.fromkeys(name for name in _FILE.findall(text) if _is_file(name)))
    names = [*quoted_names(text), *(name.removesuffix("()") for name in _NAME.findall(_FILE.sub(_without_files, text)))]
    return tuple(dict.fromkeys(name for name in names if name not in files)), files


def _is_file(name: str) -> bool:
    """Tell a file from a dotted name: by a folder, or by an ending that files have."""
    return "/" in name or name.rpartition(".")[2].lower() in _ENDINGS


def _without_files(match: re.Match[str]) -> str:
    return " " if _is_file(match.group()) else match.group()
