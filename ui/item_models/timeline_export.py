"""Lines of the timeline as a file to keep: JSON for programs, Markdown for people. Pure but for the language."""

import json
import re
from collections.abc import Iterable

from ui.i18n import tr
from ui.item_models.timeline import Line, kind_label

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|])")


def as_json(lines: Iterable[Line]) -> str:
    """Return time (UTC, ISO), kind, name of the fact, sentence, count, file and correlation of each line.

    Only what the window shows: what an answer quotes stays where it is.
    """
    facts = [
        {
            "at": line.at.isoformat(),
            "kind": str(line.kind),
            "event": type(line.event).__name__,
            "text": line.sentence,
            "count": line.count,
            "path": line.path,
            "correlation": line.event.correlation,
        }
        for line in lines
    ]
    return json.dumps(facts, ensure_ascii=False, indent=1) + "\n"


def as_markdown(lines: Iterable[Line]) -> str:
    """Return a list by day, in the person's own time; nothing in a sentence is taken for Markdown."""
    out = [f"# {tr('Timeline')}", ""]
    day = ""
    for line in lines:
        here = line.at.astimezone()
        if f"{here:%Y-%m-%d}" != day:
            day = f"{here:%Y-%m-%d}"
            out += ["", f"## {day}", ""]
        out.append(f"- {here:%H:%M:%S} **{kind_label(line.kind)}** {_plain(line.text)}")
    return "\n".join(out) + "\n"


def _plain(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)
