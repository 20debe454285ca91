"""What the critic writes about a run, to be remembered: what was asked and done, with links and without a word of any file."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.domain.change import Applied, ChangeKind
from assistant.domain.erasure import is_forgotten
from assistant.domain.own import deed_path
from assistant.domain.plan import Run, RunLog
from assistant.memory.service import Memory
from assistant.orchestrator.scheduler import Priority, Scheduler
from assistant.ports.acting import RunStore

_MOST_FILES = 30
_MOST_FOLDERS = 12
_LONGEST = 300
_CAUGHT_UP = 50
"""The newest runs that are looked through at a start for one that was not written about."""
_DONE = {
    ChangeKind.CREATE: ("files created", "создано файлов"),
    ChangeKind.WRITE: ("files changed", "изменено файлов"),
    ChangeKind.MOVE: ("files moved or renamed", "перемещено или переименовано файлов"),
    ChangeKind.TRASH: ("files moved to the trash", "отправлено в корзину файлов"),
    ChangeKind.MKDIR: ("folders made", "создано папок"),
    ChangeKind.RMDIR: ("empty folders removed", "удалено пустых папок"),
}
_STATES = {
    "done": ("It was done.", "Это сделано."),
    "failed": ("It failed.", "Это не удалось."),
    "cancelled": ("It was stopped.", "Это было остановлено."),
    "interrupted": ("It was cut off.", "Это прервалось."),
    "undone": ("It was undone afterwards.", "Потом это было отменено."),
    "partly undone": ("A part of it was undone afterwards.", "Потом часть этого была отменена."),
}


def reflection(run: Run, log: RunLog) -> str:
    """Return the text about a run that is over, "" for one that goes on. The same run gives the same text.

    It names the files that were touched and never quotes them, nor what was found in memory.
    """
    if run.state not in _STATES:
        return ""
    russian = run.plan.language == "ru"
    touched = [one for one in log.applied if not is_forgotten(one.change)]
    reverted = set(log.reverted)
    standing = [one for one in touched if one.n not in reverted]
    parts = [
        f"# {_say('What Mneme did', 'Что сделала Mneme', russian)}: {run.began:%Y-%m-%d %H:%M} UTC",
        _asked(run, russian),
        " ".join([_STATES[run.state][russian], *_counted(standing, russian)]),
    ]
    if run.reason:
        parts.append(f"{_say('Not as expected', 'Не так, как ожидалось', russian)}: {run.reason}")
    if standing:
        parts.append(f"{_say('To take it back', 'Чтобы отменить', russian)}: mneme undo {run.id}")
    if folders := Counter(os.path.split(one.change.result)[0] for one in touched):
        shown = ", ".join(f"{folder} ({count})" for folder, count in sorted(folders.items())[:_MOST_FOLDERS])
        parts.append(f"{_say('Folders', 'Папки', russian)}: {shown}{_more(len(folders), _MOST_FOLDERS, russian)}")
    if touched:
        links = "\n".join(f"- {line}" for line in _links(touched[:_MOST_FILES]))
        parts.append(f"{_say('Touched', 'Затронуто', russian)}:\n{links}{_more(len(touched), _MOST_FILES, russian)}")
    return "\n\n".join(parts) + "\n"


class Reflecting:
    """Has what was done remembered. Nothing is written about a run whose text a person had forgotten."""

    def __init__(self, memory: Memory, scheduler: Scheduler, runs: RunStore) -> None:
        self._memory = memory
        self._scheduler = scheduler
        self._runs = runs

    async def reflect(self, run_id: str) -> None:
        """Queue the text about a run for reading where it is not remembered as it is now."""
        source = await self._memory.want_own(deed_path(run_id))
        if source is not None:
            self._scheduler.submit([source], Priority.WATCH)

    async def catch_up(self) -> None:
        """Do so for the newest runs: the process may have ended before it came to them."""
        for run in await self._runs.all(limit=_CAUGHT_UP):
            if run.state in _STATES:
                await self.reflect(run.id)


def _asked(run: Run, russian: bool) -> str:
    request = " ".join(run.plan.request.split())
    if not request:
        return _say("What was asked for was forgotten.", "О чём просили, забыто.", russian)
    cut = request if len(request) <= _LONGEST else request[: _LONGEST - 1] + "…"
    return f"{_say('Asked for', 'Просьба', russian)} ({run.plan.origin}): {cut}"


def _counted(standing: Iterable[Applied], russian: bool) -> list[str]:
    counts: Counter[ChangeKind] = Counter()
    for one in standing:
        counts[one.change.kind] += one.change.items
    found = ", ".join(f"{words[russian]}: {counts[kind]}" for kind, words in _DONE.items() if counts[kind])
    return [f"{found}."] if found else [_say("Nothing of it stands.", "Ничего из этого не осталось.", russian)]


def _links(touched: Sequence[Applied]) -> list[str]:
    return [f"{one.change.path} → {one.change.to}" if one.change.to else one.change.path for one in touched]


def _more(count: int, most: int, russian: bool) -> str:
    return _say(f" and {count - most} more", f" и ещё {count - most}", russian) if count > most else ""


def _say(english: str, russian_text: str, russian: bool) -> str:
    return russian_text if russian else english
