"""Says which untrusted texts flow into what a command wants: from files, their names, or earlier steps. Used by commands."""

from collections.abc import Iterable
from typing import Literal

from assistant.domain.change import Entry
from assistant.domain.tool import Arguments, Taint
from assistant.tools.command import Sight
from assistant.tools.names import name_of

MOST = 5
"""Sources that are named; more would not be read."""
_EXCERPT = 80
_LEAST = 4
"""Letters from which a text that an earlier step found counts as found again."""


def from_names(argument: str, entries: Iterable[Entry]) -> tuple[Taint, ...]:
    """Return the taints of new names or texts that are made of the names of these entries."""
    return _of(argument, "file name", ((entry.path, name_of(entry.path)) for entry in entries))


def from_files(argument: str, found: Iterable[tuple[str, str]]) -> tuple[Taint, ...]:
    """Return the taints of pairs of path and text that came out of the file."""
    return _of(argument, "file", found)


def from_steps(arguments: Arguments, sight: Sight) -> tuple[Taint, ...]:
    """Return the taints of arguments that hold what earlier steps found, with those of the steps themselves."""
    taints: list[Taint] = []
    for name, value in arguments.items():
        for step, outcome in sight.found.items():
            text = outcome.text.strip()
            if isinstance(value, str) and len(text) >= _LEAST and text in value:
                taints.append(Taint(argument=name, origin="tool", source=step, excerpt=text[:_EXCERPT]))
            elif (
                isinstance(value, dict)
                and outcome.table is not None
                and value.get("rows") == [[*row] for row in outcome.table.rows]
            ):
                taints.append(
                    Taint(argument=name, origin="tool", source=step, excerpt=", ".join(outcome.table.columns)[:_EXCERPT])
                )
            else:
                continue
            taints += [taint.model_copy(update={"argument": name}) for taint in outcome.taints]
    return tuple(dict.fromkeys(taints))


def _of(argument: str, origin: Literal["file", "file name"], found: Iterable[tuple[str, str]]) -> tuple[Taint, ...]:
    taints: dict[str, Taint] = {}
    for source, text in found:
        if len(taints) >= MOST:
            break
        taints.setdefault(source, Taint(argument=argument, origin=origin, source=source, excerpt=text.strip()[:_EXCERPT]))
    return tuple(taints.values())
