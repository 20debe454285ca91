"""New names by pattern: {name}, {ext}, {n:03}, {date:%Y-%m-%d}, {parent}, {type}. Pure; used by renaming."""

import re
import string
from dataclasses import dataclass
from datetime import datetime

from assistant.domain.errors import ArgumentError
from assistant.tools.kinds import kind_word
from assistant.tools.names import folder_of, name_of, split

FIELDS = ("name", "stem", "ext", "n", "date", "parent", "type", "title")
UNTRUSTED = frozenset({"name", "stem", "parent", "title"})
"""Fields that carry what the name or the contents of a file say."""

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+')
_LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class Known:
    """What the fields of a pattern stand for, for one file; `title` is what its contents say it is."""

    path: str
    n: int
    date: datetime
    language: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A pattern taken apart: literal text, field and format, in order."""

    parts: tuple[tuple[str, str, str], ...]
    keeps_ending: bool

    @property
    def fields(self) -> frozenset[str]:
        """The names of the fields it has."""
        return frozenset(field for _, field, _ in self.parts if field)

    def name(self, known: Known) -> str:
        """Return the new name of a file. The ending stays where the pattern says nothing of it."""
        ending = split(name_of(known.path))[1]
        made = "".join(text + (_value(field, spec, known) if field else "") for text, field, spec in self.parts)
        if not self.keeps_ending:
            return made
        return made if ending and made.lower().endswith(ending.lower()) and made.lower() != ending.lower() else made + ending


def parsed(pattern: str, count: int) -> NamePattern:
    """Take a pattern for so many files apart; raises ArgumentError for an unknown field, a wrong format, or folders in it.

    Without fields one file gets the name as it stands, with the ending if it has one, and several get numbers.
    """
    if "/" in pattern or "\\" in pattern:
        raise _refused(pattern, "a new name cannot hold a folder")
    try:
        parts = tuple((text, field or "", spec or "") for text, field, spec, _ in string.Formatter().parse(pattern))
    except ValueError as error:
        raise _refused(pattern, "its braces do not match") from error
    for _, field, spec in parts:
        if field and field not in FIELDS:
            raise _refused(pattern, f"there is no field {{{field}}}; there are {', '.join(FIELDS)}")
        if spec and not (re.fullmatch(r"0?\d", spec) if field == "n" else field == "date" and re.fullmatch(r"[^{}/\\]+", spec)):
            raise _refused(pattern, f"the field {{{field}}} has no format {spec}")
    if any(field for _, field, _ in parts):
        return NamePattern(parts, keeps_ending=all(field != "ext" for _, field, _ in parts))
    stem, ending = split("".join(text for text, _, _ in parts))
    if count == 1:
        return NamePattern(((stem + ending, "", ""),), keeps_ending=not ending)
    return NamePattern(((f"{stem}_", "n", ""), (ending, "", "")), keeps_ending=True)


def replaced(path: str, find: str, replace: str) -> str:
    """Return a file's name with a text in it replaced, its ending untouched unless the text names it with its point."""
    name = name_of(path)
    stem, ending = split(name)
    return name.replace(find, replace) if find.startswith(".") else stem.replace(find, replace) + ending


def plain(text: str) -> str:
    """Return a text as it can stand in a name: no separators, no characters that nobody sees, not too long."""
    return " ".join(_FORBIDDEN.sub(" ", text).split())[:_LONGEST_TITLE].strip(" .")


def natural(path: str) -> tuple[list[tuple[int, int, str]], str]:
    """Return a key that orders names as people do: page 2 before page 10."""
    parts = re.findall(r"\d+|\D+", name_of(path).casefold())
    return [(0, int(one), "") if one.isdecimal() else (1, 0, one) for one in parts], path


def _value(field: str, spec: str, known: Known) -> str:
    stem, ending = split(name_of(known.path))
    match field:
        case "n":
            return format(known.n, f"{spec}d")
        case "date":
            return plain(known.date.strftime(spec or "%Y-%m-%d"))
        case "ext":
            return ending
        case "parent":
            return plain(name_of(folder_of(known.path)))
        case "type":
            return kind_word(name_of(known.path), known.language, one=True)
        case "title":
            return plain(known.title)
        case _:
            return stem


def _refused(pattern: str, why: str) -> ArgumentError:
    return ArgumentError(f"The pattern {pattern} cannot be used: {why}.", kept="Nothing was done.", remedy="Correct the pattern.")
