"""text.replace: a text or an expression replaced across files; encodings and line ends stay as they are."""

import asyncio
import re
from typing import NamedTuple

from assistant.domain.errors import ArgumentError
from assistant.domain.tool import Arguments, Outcome, Table
from assistant.tools.builtin.reading import many_texts
from assistant.tools.changes import Draft
from assistant.tools.command import Sight
from assistant.tools.patterns import Pattern, pattern
from assistant.tools.selection import chosen
from assistant.tools.taints import from_steps
from assistant.tools.texts import Text, fitting_eol

_LINES = re.compile(r"(\r\n|\n|\r)")


class Replaced(NamedTuple):
    """A file's new text, how often something was replaced, and how many lines were too long for the expression."""

    text: str
    times: int
    long: int


async def replace(arguments: Arguments, sight: Sight) -> Outcome:
    """Want files with a text replaced; those without it, and those that are no text, are not touched. Raises ArgumentError."""
    find, regex = str(arguments["find"]), bool(arguments.get("regex"))
    wanted = pattern(find, regex=regex, whole_word=bool(arguments.get("whole_word")), case=bool(arguments.get("case", True)))
    template = str(arguments["replace"])
    if regex:
        _check(template, wanted)
    found = await chosen(arguments, sight)
    draft = Draft(sight.files, sight.blobs)
    rows: list[tuple[str, str]] = []
    total = 0
    async for entry, text in many_texts(found.entries, sight):
        if text is None:
            found.left[
                sight.say("no text, too large, or in an unknown encoding", "не текст, велики или в неизвестной кодировке")
            ] += 1
            continue
        made = await asyncio.to_thread(
            _by_lines if regex else _literal, text, wanted if regex else _fitted(arguments, text.eol), template
        )
        if made.long:
            found.left[sight.say("lines too long for the expression", "слишком длинные строки для выражения")] += made.long
        if made.text == text.text:
            continue
        try:
            content = text.bytes_of(made.text)
        except UnicodeEncodeError:
            draft.clash(entry.path, f"The text cannot be written in the file's encoding ({text.codec}).")
            continue
        why = sight.say(f"“{find}” found {made.times} times", f"«{find}» найдено раз: {made.times}")
        await draft.write(entry, text.bytes_of(text.text), content, why)
        rows.append((entry.path, str(made.times)))
        total += made.times
    text_said = sight.say(f"Replaced: {total} in {len(rows)} files.", f"Замен: {total}, файлов: {len(rows)}.")
    return Outcome(
        changes=tuple(draft.changes),
        conflicts=tuple(draft.conflicts),
        text=" ".join(filter(None, [text_said, found.said(sight)])),
        table=Table(columns=tuple(sight.say("file|times", "файл|замен").split("|")), rows=tuple(rows)),
        taints=from_steps({"replace": template}, sight),
        expects=draft.expects(),
        empty=not rows and not draft.conflicts,
    )


def _fitted(arguments: Arguments, eol: str) -> Pattern:
    """Return the plain text that is looked for, with line ends as a file has them."""
    find = fitting_eol(str(arguments["find"]), eol)
    return pattern(find, whole_word=bool(arguments.get("whole_word")), case=bool(arguments.get("case", True)))


def _literal(text: Text, wanted: Pattern, template: str) -> Replaced:
    """Replace a plain text, over line ends too; the new text gets the line ends of the file."""
    new = fitting_eol(template, text.eol)
    return Replaced(*wanted.compiled.subn(lambda _: new, text.text), 0)


def _by_lines(text: Text, wanted: Pattern, template: str) -> Replaced:
    """Replace what an expression matches within lines."""
    parts = _LINES.split(text.text)
    times = long = 0
    for n in range(0, len(parts), 2):
        if len(parts[n]) > wanted.longest:
            long += 1
            continue
        parts[n], count = wanted.compiled.subn(template, parts[n])
        times += count
    return Replaced("".join(parts), times, long)


def _check(template: str, wanted: Pattern) -> None:
    """Raise ArgumentError for a replacement that names groups the expression does not have."""
    try:
        re.compile(wanted.compiled.pattern + "|").sub(template, "")
    except (re.error, IndexError) as error:
        raise ArgumentError(
            f"The replacement {template} cannot be used: {error}.", kept="Nothing was done.", remedy="Name groups as \\1, \\2."
        ) from error
