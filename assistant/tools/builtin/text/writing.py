"""text.create and text.append: notes and other text files, new or continued."""

import re

from pydantic import JsonValue

from assistant.domain.errors import ArgumentError
from assistant.domain.tool import Arguments, Outcome, Table
from assistant.tools.builtin.reading import looked_into
from assistant.tools.changes import Draft, entry_at
from assistant.tools.command import Sight
from assistant.tools.names import ending
from assistant.tools.tables import csv_bytes, markdown
from assistant.tools.taints import from_steps
from assistant.tools.texts import fitting_eol, lines_of

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")


async def create(arguments: Arguments, sight: Sight) -> Outcome:
    """Want a new file; where one stands already the plan stops. Raises ArgumentError."""
    path = str(arguments["path"])
    draft = Draft(sight.files, sight.blobs)
    if not await draft.is_free(path):
        draft.clash(path, "Something stands there already.")
    else:
        content = _bytes(arguments["content"], path)
        await draft.create(path, content, sight.say("a new file", "новый файл"))
    return _outcome(draft, arguments, sight.say(f"New file: {path}", f"Новый файл: {path}"), sight)


async def append(arguments: Arguments, sight: Sight) -> Outcome:
    """Want text at the end of a file, or of the part below a heading of it, which is added if need be. Raises ArgumentError."""
    path, heading = str(arguments["path"]), str(arguments.get("heading") or "").strip()
    draft = Draft(sight.files, sight.blobs)
    entry = await entry_at(sight.files, path)
    if entry is None:
        added = _text(arguments["content"])
        content = f"## {heading}\n\n{added}" if heading else added
        await draft.create(path, content.encode("utf-8"), sight.say("a new file", "новый файл"))
        return _outcome(draft, arguments, sight.say(f"New file: {path}", f"Новый файл: {path}"), sight)
    found = await looked_into(entry, sight)
    if found is None:
        raise ArgumentError(
            f"Nothing can be added to {path}: it is no text, too large, or in an unknown encoding.",
            kept="Nothing was done.",
            remedy="Name a text file.",
        )
    added = fitting_eol(_text(arguments["content"]), found.eol)
    whole = below_heading(found.text, heading, added, found.eol) if heading else continued(found.text, added, found.eol)
    try:
        content = found.bytes_of(whole)
    except UnicodeEncodeError:
        draft.clash(path, f"The text cannot be written in the file's encoding ({found.codec}).")
    else:
        await draft.write(entry, found.bytes_of(found.text), content, sight.say("continued", "дополнено"))
    return _outcome(draft, arguments, sight.say(f"Added to {path}", f"Дополнено: {path}"), sight)


def continued(text: str, added: str, eol: str) -> str:
    """Return a text with another below it, on a line of its own."""
    return (text if not text or text.endswith(("\n", "\r")) else text + eol) + added


def below_heading(text: str, heading: str, added: str, eol: str) -> str:
    """Return a Markdown text with another at the end of the part below a heading; the heading is added where it is missing."""
    lines = lines_of(text, ends=True)
    level, fenced, end = 0, False, len(lines)
    for number, line in enumerate(lines):
        fenced ^= _FENCE.match(line) is not None
        found = None if fenced else _HEADING.fullmatch(line.strip())
        if found is None:
            continue
        if level and len(found.group(1)) <= level:
            end = number
            break
        if not level and found.group(2).casefold() == heading.lstrip("# ").casefold():
            level = len(found.group(1))
    if not level:
        blank = eol if text.strip() else ""
        return continued(text, f"{blank}## {heading.lstrip('# ')}{eol}{eol}{added}", eol)
    last = end
    while last and not lines[last - 1].strip():
        last -= 1
    head, rest = "".join(lines[:last]), "".join(lines[last:])
    return continued(head, added, eol) + (rest if rest or end == len(lines) else eol)


def _bytes(content: JsonValue, path: str) -> bytes:
    if isinstance(content, dict) and ending(path) == "csv":
        return csv_bytes(_table(content))
    return _text(content).encode("utf-8", "replace")


def _text(content: JsonValue) -> str:
    """Return what is to be written, ended by a line break: a text, or a table that an earlier step found."""
    text = markdown(_table(content)) if isinstance(content, dict) else str(content)
    return text if text.endswith("\n") or not text else text + "\n"


def _table(content: dict[str, JsonValue]) -> Table:
    return Table.model_validate(content)


def _outcome(draft: Draft, arguments: Arguments, text: str, sight: Sight) -> Outcome:
    return Outcome(
        changes=tuple(draft.changes),
        conflicts=tuple(draft.conflicts),
        text=text,
        taints=from_steps({"content": arguments["content"]}, sight),
        expects=draft.expects(),
    )
