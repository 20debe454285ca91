"""Commands over git repositories: looking at them, and what stage, commit, branch, switch and stash would change."""

import os
from collections.abc import Sequence
from pathlib import PurePath

from assistant.domain.errors import RepositoryError
from assistant.domain.tool import Arguments, Outcome, Table
from assistant.tools.command import Sight

STATES = {
    "M": ("changed", "изменён"),
    "A": ("added", "добавлен"),
    "D": ("deleted", "удалён"),
    "R": ("renamed", "переименован"),
    "C": ("copied", "скопирован"),
    "T": ("of another kind", "другого вида"),
    "U": ("in conflict", "в конфликте"),
    "?": ("not in git", "не в git"),
}


async def status(arguments: Arguments, sight: Sight) -> Outcome:
    """Tell the branch and what differs, in the index and in the working tree."""
    root = await sight.repositories.root(str(arguments["repository"]))
    branch_, changed = await sight.repositories.status(root)
    columns = (sight.say("file", "файл"), sight.say("index", "индекс"), sight.say("working tree", "рабочее дерево"))
    rows = [(_inside(root, one.path), _state(sight, one.status[0]), _state(sight, one.status[1])) for one in changed]
    where = sight.say(f"On {branch_}", f"Ветка {branch_}") if branch_ else sight.say("On no branch", "Вне ветки")
    text = (
        sight.say(f"{where}: {len(rows)} files differ.", f"{where}, отличается файлов: {len(rows)}.")
        if rows
        else sight.say(f"{where}: nothing differs.", f"{where}, отличий нет.")
    )
    return Outcome(text=text, table=Table(columns=columns, rows=tuple(rows)), empty=not rows)


async def changes(arguments: Arguments, sight: Sight) -> Outcome:
    """List commits since a date, a branch or a commit, newest first."""
    root = await sight.repositories.root(str(arguments["repository"]))
    since = str(arguments.get("since") or "")
    most = arguments.get("most", 50)
    found = await sight.repositories.log(root, since, most if isinstance(most, int) else 50)
    columns = (sight.say("commit", "коммит"), sight.say("time", "время"), sight.say("author", "автор"), sight.say("what", "что"))
    text = (
        sight.say(f"{len(found)} commits, the newest first.", f"Коммитов: {len(found)}, новые сначала.")
        if found
        else sight.say("No commits since then.", "С тех пор коммитов нет.")
    )
    return Outcome(text=text, table=Table(columns=columns, rows=tuple(found)), empty=not found)


async def stage(arguments: Arguments, sight: Sight) -> Outcome:
    """Put files, or all that differs, into the index."""
    root = await sight.repositories.root(str(arguments["repository"]))
    named = arguments.get("paths")
    paths = [_inside(root, str(path)) for path in named] if isinstance(named, list) else []
    if not paths and not arguments.get("all"):
        raise RepositoryError(
            "It is not said what is to be staged.", kept="Nothing was changed.", remedy="Name files, or say that all are meant."
        )
    return await _changed(sight, root, ["add", *(paths or ["--all"])], sight.say("Staged.", "Добавлено в индекс."))


async def commit(arguments: Arguments, sight: Sight) -> Outcome:
    """Record what is staged, or all that differs."""
    root = await sight.repositories.root(str(arguments["repository"]))
    message = str(arguments["message"])
    args = ["commit", "-m", message, *(["--all"] if arguments.get("all") else [])]
    return await _changed(sight, root, args, sight.say(f"Commit “{message}”.", f"Коммит «{message}»."))


async def branch(arguments: Arguments, sight: Sight) -> Outcome:
    """Create a branch, and go there if asked."""
    root = await sight.repositories.root(str(arguments["repository"]))
    name = str(arguments["name"])
    args = ["switch", "-c", name] if arguments.get("switch") else ["branch", name]
    return await _changed(sight, root, args, sight.say(f"New branch {name}.", f"Новая ветка {name}."))


async def switch(arguments: Arguments, sight: Sight) -> Outcome:
    """Go to a branch that exists."""
    root = await sight.repositories.root(str(arguments["repository"]))
    name = str(arguments["name"])
    return await _changed(sight, root, ["switch", name], sight.say(f"Go to the branch {name}.", f"Переход на ветку {name}."))


async def stash(arguments: Arguments, sight: Sight) -> Outcome:
    """Put uncommitted changes aside."""
    root = await sight.repositories.root(str(arguments["repository"]))
    branch_, _ = await sight.repositories.status(root)
    message = str(arguments.get("message") or f"On {branch_ or 'no branch'}: put aside by Mneme")
    return await _changed(sight, root, ["stash", "push", "-m", message], sight.say("Changes put aside.", "Изменения отложены."))


async def unstash(arguments: Arguments, sight: Sight) -> Outcome:
    """Bring back what was put aside last."""
    root = await sight.repositories.root(str(arguments["repository"]))
    return await _changed(sight, root, ["stash", "pop"], sight.say("Changes brought back.", "Изменения возвращены."))


async def _changed(sight: Sight, root: str, args: Sequence[str], text: str) -> Outcome:
    found = await sight.repositories.change(root, args, sight.now)
    own = str(PurePath(root) / ".git") + os.sep
    why = sight.say("git's own records", "служебные файлы git")
    told = tuple(one.model_copy(update={"why": why}) if one.path.startswith(own) else one for one in found)
    return Outcome(changes=told, text=text, empty=not told)


def _inside(root: str, path: str) -> str:
    """Return a path as git names it, never one that reads as an option; raises RepositoryError for one outside."""
    place = PurePath(path)
    if not place.is_absolute():
        return place.as_posix()
    if not place.is_relative_to(root):
        raise RepositoryError(f"{path} is not in the repository {root}.", kept="Nothing was changed.")
    inside = place.relative_to(root).as_posix()
    return f"./{inside}" if inside.startswith("-") else inside


def _state(sight: Sight, letter: str) -> str:
    return sight.say(*STATES[letter]) if letter in STATES else ""
