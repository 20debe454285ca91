"""Sees to it that every place a clause names is acted on: together, step by step in the order as said, or by asking. Pure.

Acting on less than was said, without a word, is worse than asking: no place is ever dropped here. Used by the analyzer.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence

from pydantic import JsonValue

from assistant.domain.tool import Arguments
from assistant.orchestrator.understanding.asking import AskedBack, question
from assistant.orchestrator.understanding.clauses import Clause
from assistant.orchestrator.understanding.mentions import NOUNS, PREPOSITIONS, Mention
from assistant.orchestrator.understanding.surroundings import paths

Maker = Callable[[Sequence[Mention], Sequence[Mention]], Arguments]
"""Makes the arguments of a command from the mentions that count and those that are to be passed over."""

_JOINED = re.compile(
    r"\s*(?:,\s*(?:and|и|а также|как и)?|and|plus|as well as|&|\+|и|а также|так и|да и)\s*(?:(?:also|both|также|еще)\s+)*"
    rf"(?:(?:{'|'.join(PREPOSITIONS)})\s+)?(?:{NOUNS}\s+)*"
)
_LISTS = frozenset({"files.duplicates", "files.list_duplicates", "files.compare"})
"""Commands that look across all folders at once."""
_PATHS = frozenset(
    {"files.trash", "files.move", "files.copy", "files.rename", "text.replace", "text.extract", "report.write", "archive.pack"}
) | {"git.stage"}
"""Commands that take a list of paths."""
_EMPTYING = frozenset({"files.trash", "files.move"})
"""Commands that take what is in a known place, not the place itself: "move Downloads and Documents" is a step for each."""
_ONE_RESULT = frozenset({"archive.pack", "report.write", "text.extract", "text.todos"})
"""Commands that write all they find into one file: a second step would write over the first one's."""
_TO_MANY = frozenset({"files.copy", "text.append", "text.create"})
"""Commands that can bring one thing to several places."""
_WORDS = ("find", "replace", "content", "heading", "message", "matching", "subject", "title", "name", "question", "since")
_INSIDE = ("in", "from", "of")


def in_rows(clause: Clause, found: Sequence[Mention]) -> tuple[list[Mention], list[list[Mention]]]:
    """Return the mentions, those joined by "and" with the role of the first of their row, and the rows of two and more."""
    led, rows = list[Mention](), list[list[Mention]]()
    for mention in found:
        before = led[-1] if led else None
        if before is not None and _joined(clause, before, mention):
            led.append(mention._replace(role=before.role))
            rows[-1].append(led[-1])
        else:
            led.append(mention)
            rows.append([mention])
    return led, [row for row in rows if len(row) > 1]


def steps(command: str, clause: Clause, found: Sequence[Mention], make: Maker, answer: str) -> list[Arguments]:
    """Return the arguments of one step, or of one for each place; raises AskedBack rather than leave a place out.

    `answer` is the path that was chosen where only one can be taken, "" where nothing was asked.
    """
    named, rows = in_rows(clause, found)
    made, left = _made(command, named, rows, make)
    if quoted := [one for one in left if one.sort == "text"]:  # 'the files in "My Files"': the name of a folder
        named, rows = in_rows(clause, [one._replace(sort="folder") if one in quoted else one for one in named])
        made, left = _made(command, named, rows, make)
    if not left:
        return made
    group = _group(named, rows, left)
    if not _is_choice(clause, group):  # "photos in A and pdfs in B": either place would get what was meant for the other
        raise AskedBack(question(clause.language, "place", "apart"))
    if any(answer in one.candidates for one in group):
        others = [one for one in group if answer not in one.candidates]
        rest = [one for one in named if one not in others]
        made, left = _made(command, rest, [], lambda kept, over: make(kept, [*over, *others]))
        if not left:
            return made
    choices = [(path, path) for path in dict.fromkeys(path for one in group for path in one.candidates)]
    raise AskedBack(question(clause.language, "place", "place", choices))


def _made(
    command: str, named: Sequence[Mention], rows: Sequence[Sequence[Mention]], make: Maker
) -> tuple[list[Arguments], list[Mention]]:
    """Return the arguments of the steps, and the places that none of them names."""
    tried: tuple[list[Arguments], list[Mention]] | None = None
    for row in rows:
        if row[0].sort != "text" and _may_be_spread(command, row):
            tried = _row_made(command, named, row, make)
            if not tried[1]:
                return tried
    if tried is None:
        made = [make(named, [])]
        tried = made, _left(made, named)
    return tried


def _row_made(
    command: str, named: Sequence[Mention], row: Sequence[Mention], make: Maker
) -> tuple[list[Arguments], list[Mention]]:
    """Return one step over a whole row where the command can take it, else a step for each of it, and what is left out."""
    if command in _LISTS or (command in _PATHS and not _looked_into(row)):
        try:
            made = [make(named, [])]
        except AskedBack:
            if row[0].sort != "folder" or command not in _EMPTYING:
                raise
        else:
            left = _left(made, named)
            if not left or command in _LISTS:
                return made, left
    made = [
        make([one for one in named if one is each or one not in row], [one for one in row if one is not each]) for each in row
    ]
    if command not in _TO_MANY and len({str(one.get("target", "")) for one in made}) > 1 and _otherwise_alike(made, "target"):
        return made[:1], [*row[1:]]  # what was moved away cannot be moved again
    if command in _ONE_RESULT and len({str(one.get("target", "")) for one in made}) == 1 and "target" in made[0]:
        united = _united(command, made)
        return ([united], _left([united], named)) if united else (made[:1], _left(made[:1], named))
    return made, _left(made, named)


def _joined(clause: Clause, before: Mention, mention: Mention) -> bool:
    between = clause.plain[before.end : mention.start]
    alike = mention.role in ("", "with", before.role) or {before.role, mention.role} <= {"from", "in"}
    return before.sort == mention.sort and alike and _JOINED.fullmatch(between) is not None


def _may_be_spread(command: str, row: Sequence[Mention]) -> bool:
    """Tell whether a step for each makes sense: one thing can be copied to two places, it cannot be moved to both."""
    return row[0].role not in ("to", "as") or command in _TO_MANY


def _looked_into(row: Sequence[Mention]) -> bool:
    return row[0].sort == "folder" and row[0].role in _INSIDE


def _united(command: str, made: Sequence[Arguments]) -> Arguments | None:
    """Return one step over all paths; None where steps differ in more, or where a list cannot say what is meant."""
    # A folder in a list is looked through to its depth: only where that was meant anyway may it stand there.
    deep = all("paths" in one or command == "report.write" or "deep" in one for one in made)
    if command not in _PATHS or not deep or "glob" in made[0] or not _otherwise_alike(made, "paths", "folder", "deep"):
        return None
    rest = {name: value for name, value in made[0].items() if name not in ("folder", "deep")}
    named = [path for one in made for path in _strings(one.get("paths", one.get("folder")))]
    return {**rest, "paths": list[JsonValue](dict.fromkeys(named))}


def _is_choice(clause: Clause, group: Sequence[Mention]) -> bool:
    """Tell whether places stand side by side, joined by "and" or "or", so that one of them can be taken for all of them."""
    pairs = itertools.pairwise(group)
    return all(
        _JOINED.fullmatch(between) is not None or re.fullmatch(r"\s*,?\s*(?:or|или|либо)\s.*", between) is not None
        for between in (clause.plain[one.end : other.start] for one, other in pairs)
    )


def _otherwise_alike(made: Sequence[Arguments], *names: str) -> bool:
    rests = [{name: value for name, value in one.items() if name not in names} for one in made]
    return all(rest == rests[0] for rest in rests)


def _left(made: Sequence[Arguments], named: Sequence[Mention]) -> list[Mention]:
    """Return the files and folders that no argument names, and quotes that stand where a folder does and are nowhere used."""
    return [one for one in named if (one.sort != "text" or _quoted_place(one)) and not any(_names(step, one) for step in made)]


def _names(step: Arguments, mention: Mention) -> bool:
    """Tell whether a step names what is mentioned: the path, one below it or, for words and new names, what is written."""
    held = list(_strings(list[JsonValue](value for name, value in step.items() if name not in _WORDS)))
    if any(_is_at(path, one) for path in held for one in mention.candidates):
        return True
    written = mention.written.rstrip("/\\")
    if mention.sort == "file" and any(path == written or path.endswith(f"{paths.sep}{written}") for path in held):
        return True
    renamed = step.get("pattern") == paths.basename(written) and mention.role in ("to", "in", "as")
    words = [*_WORDS, "glob", "pattern", "topics"] if mention.sort == "text" else _WORDS
    led_to = mention.role in ("in", "from") and written.startswith(("~", "/", "\\"))  # a path said to be looked into is no text
    spoken = not led_to and any(written in text for name in words for text in _strings(step.get(name)))
    return renamed or spoken or (mention.here and not mention.candidates)


def _quoted_place(mention: Mention) -> bool:
    return mention.role in (*_INSIDE, "to") and bool(mention.candidates)


def _is_at(path: str, place: str) -> bool:
    return path == place or path.startswith(place.rstrip("/\\") + paths.sep)


def _strings(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _group(named: Sequence[Mention], rows: Sequence[Sequence[Mention]], left: Sequence[Mention]) -> list[Mention]:
    """Return the places among which one has to be chosen: the row of one left out, else those that are led to like it."""
    row = next((row for row in rows if any(one in row for one in left)), None)
    if row is not None:
        return [*row]
    like = [one for one in named if one.sort == left[0].sort and (one.role in ("to", "as")) == (left[0].role in ("to", "as"))]
    return like if len(like) > 1 else [one for one in named if one.sort in ("file", "folder")]
