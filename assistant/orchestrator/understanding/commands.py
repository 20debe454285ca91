"""Chooses the command of a clause by its verb and the things it speaks of. Pure; ordered rules, the first that fits counts."""

import re
from collections.abc import Callable, Mapping

from assistant.orchestrator.understanding.clauses import Clause, Mood
from assistant.orchestrator.understanding.kinds import glob_of
from assistant.orchestrator.understanding.looking import (
    ASK,
    NOTHING,
    archive_named,
    asked,
    count_paths,
    listed,
    looked_at,
    noun_phrase,
    opened,
)
from assistant.orchestrator.understanding.things import (
    ABOUT,
    ARCHIVE,
    ARCHIVES,
    BRANCH,
    DIFFERENCE,
    DUPLICATES,
    EMPTY,
    FILES,
    INDEX,
    LINES,
    MANAGER,
    NAMES,
    ORDER,
    REPORT,
    REPOSITORY,
    STASH,
    TODOS,
)


def command_of(clause: Clause) -> str:
    """Return the command that a clause asks for: a tool's name, `ASK` for a question, `NOTHING` where none fits."""
    if clause.mood is Mood.QUESTION:
        return asked(clause)
    if clause.mood is Mood.COMMAND:
        return _RULES[clause.verb](clause)
    return noun_phrase(clause) if clause.mood is Mood.STATEMENT else NOTHING


def _delete(clause: Clause) -> str:
    if clause.says(DUPLICATES) or re.search(r"(?<!\w)(?:extra copies|лишние копии)", clause.plain):
        return "files.duplicates"
    if clause.says(EMPTY):
        return "files.clean"
    if clause.says(NAMES) and not clause.says("files named|файлы? с именем|files with"):
        return "files.rename"
    if clause.says(rf"{BRANCH}|{STASH}|{LINES}|tags?|commits?|коммит\w*|words?|слов\w+") and not glob_of(clause.plain):
        return NOTHING
    return "files.trash"


def _clean(clause: Clause) -> str:
    if clause.says(DUPLICATES):
        return "files.duplicates"
    return NOTHING if clause.says(r"trash|recycle bin|корзин\w*|cache|кэш\w*|memory|памят\w*|registry|реестр") else "files.clean"


def _move(clause: Clause) -> str:
    if re.search(ORDER, clause.plain) and not _to_one_place(clause):
        return "files.sort"
    if clause.says("trash|recycle bin|bin"):
        return "files.duplicates" if clause.says(DUPLICATES) else "files.trash"
    if clause.says(rf"(?:into|to|in) (?:a |an |the )?(?:{ARCHIVE})|в (?:zip-?)?архив(?!\w)|in a zip") and archive_named(clause):
        return "archive.pack"
    if clause.says("stash") or (clause.says("aside") and clause.says(rf"changes?|work|edits|{REPOSITORY}")):
        return "git.stash"
    if clause.says(NAMES) and clause.says(r"date|number|дат\w+|номер\w*"):
        return "files.rename"
    return "archive.pack" if _into_archive(clause) else "files.move"


def _into_archive(clause: Clause) -> bool:
    """Tell whether the last thing named is an archive, behind something else that goes into it."""
    last = clause.pieces[-1] if clause.pieces else None
    if last is None or not last.value.lower().endswith(ARCHIVES) or not (len(clause.pieces) > 1 or glob_of(clause.plain)):
        return False
    return re.search(r"(?<!\w)(?:into|to|in|в|во) (?:\w+ )?$", clause.plain[: last.start]) is not None


def _to_one_place(clause: Clause) -> bool:
    return re.search(r"(?:to|into|в) \ufffc", clause.plain) is not None and not clause.says(
        "folders|subfolders|папки|папкам|подпапк"
    )


def _copy(clause: Clause) -> str:
    return "files.copy"


def _rename(clause: Clause) -> str:
    return NOTHING if clause.says(BRANCH) else "files.rename"


def _sort(clause: Clause) -> str:
    if clause.says(LINES + r"|cells?|слов\w+") and not clause.says(FILES):
        return NOTHING
    return "files.sort"


def _show(clause: Clause) -> str:
    if clause.says(MANAGER) or clause.says("reveal|where .* is on disk"):
        return "files.open"
    return looked_at(clause) or (opened(clause) if clause.verb == "show" else NOTHING) or listed(clause) or ASK


def _find(clause: Clause) -> str:
    if clause.says(DIFFERENCE) and count_paths(clause) >= 2:
        return "files.compare"
    if clause.says(LINES) and count_paths(clause):
        return "text.extract"
    return looked_at(clause) or listed(clause) or ASK


def _list(clause: Clause) -> str:
    return looked_at(clause) or listed(clause) or ("files.list" if count_paths(clause) else ASK)


def _collect(clause: Clause) -> str:
    if clause.says(TODOS):
        return "text.todos"
    if clause.says(LINES) or clause.says("mention|упомина"):
        return "text.extract"
    if clause.says(REPORT) or clause.says(f"{ABOUT} "):
        return "report.write"
    if clause.says(rf"(?:in|into|to) (?:an? )?(?:{ARCHIVE})|в (?:zip-?)?архив") or archive_named(clause):
        return "archive.pack"
    return "files.move" if glob_of(clause.plain) or clause.says(FILES) or count_paths(clause) else NOTHING


def _extract(clause: Clause) -> str:
    if clause.says(TODOS):
        return "text.todos"
    if clause.says(STASH):
        return "git.unstash"
    texts = clause.says(LINES) or any(piece.value.lower().endswith((".csv", ".md", ".txt", ".log")) for piece in clause.pieces)
    if (archive_named(clause) and not clause.says(LINES)) or (clause.says(ARCHIVE) and not texts):
        return "archive.unpack"
    return "text.extract"


def _pack(clause: Clause) -> str:
    return "archive.pack"


def _get(clause: Clause) -> str:
    return "text.extract" if clause.says(LINES) else _find(clause)


def _create(clause: Clause) -> str:
    if clause.says(r"(?:file ?)?names(?!\w)|имена(?!\w)"):
        return NOTHING
    if clause.says(f"(?:new )?(?:{BRANCH})"):
        return "git.branch"
    if clause.says(r"commits?|коммит\w*"):
        return "git.commit"
    if clause.says(TODOS) and clause.says(r"table|list|таблиц\w*|список|списк\w*"):
        return "text.todos"
    if clause.says(REPORT):
        return "report.write"
    if clause.says(r"(?:backup )?cop(?:y|ies)|backups?|копи\w+|резервн\w+|бэкап\w*"):
        return "files.copy"
    if clause.says(r"stash"):
        return "git.stash"
    if clause.says(r"readme|html|markdown|csv|json") and re.search(r"(?:from|out of|из) \ufffc", clause.plain):
        return "text.convert"
    return _create_file(clause)


def _create_file(clause: Clause) -> str:
    if archive_named(clause) or clause.says(ARCHIVE):
        return "archive.pack"
    if clause.says(r"list of (?:all |the )?(?:files|photos|documents)|(?:список|перечень) (?:всех )?(?:файл|фото|документ)\w*"):
        return "files.list"
    if clause.says(r"(?:a )?list of|(?:список|перечень)") and glob_of(clause.plain):
        return "files.list"
    folder = clause.says(
        r"(?:\w+ )?(?:sub)?(?:folder|directory)|папк[уи]|каталог|директори\w*|account|аккаунт\w*|event|meeting|встреч\w*|call"
    )
    if folder and not clause.says(r"note|notes|file|заметк\w*|файл\w*"):
        return NOTHING
    return (
        "text.create"
        if count_paths(clause) or clause.says(r"notes?|files?|документ\w*|document|заметк\w*|файл\w*|list|список|текст\w*|text")
        else NOTHING
    )


def _write(clause: Clause) -> str:
    if clause.says(REPORT):
        return "report.write"
    if clause.says(
        r"letter|e-?mail|mail|poem|code|script|program|письм\w*|стих\w*|код|программ\w*|скрипт\w*|essay|эссе|story|рассказ\w*"
    ):
        return NOTHING
    if clause.says(INDEX):
        return "git.stage"
    if clause.says(TODOS) and clause.says(r"table|list of|таблиц\w*|список|списк\w*"):
        return "text.todos"
    if clause.says(r"commit message"):
        return NOTHING
    into = re.search(r"(?:into|to|in|в|во) (?:\w+ ){0,2}\ufffc", clause.plain)
    return "text.append" if into and not clause.says("new|нов") else _create_file(clause)


def _append(clause: Clause) -> str:
    if clause.says(INDEX) or (clause.says(REPOSITORY) and not any(piece.kind == "quote" for piece in clause.pieces)):
        return "git.stage"
    if clause.says(rf"(?:to|into) (?:the |an? )?(?:{ARCHIVE})|в (?:zip-?)?архив"):
        return "archive.pack"
    if clause.says(r"(?:a |the )?(?:prefix|suffix)|префикс\w*|суффикс\w*|приставк\w*") or (
        clause.says(NAMES) and clause.says("date|number|дат|номер")
    ):
        return "files.rename"
    if clause.says(r"calendar|reminder|contact|календар\w*|напоминани\w*|to (?:the )?memory|в память|folder|папк\w*"):
        return NOTHING
    return "text.append"


def _replace(clause: Clause) -> str:
    if clause.says(NAMES):
        return "files.rename"
    if clause.says(rf"(?:to|на) (?:the )?(?:{BRANCH})"):
        return "git.switch"
    return "text.replace" if clause.pieces or clause.says("with|by|на|to") else NOTHING


def _convert(clause: Clause) -> str:
    return (
        NOTHING
        if clause.says(r"video|audio|image|photo|mp3|mp4|jpe?g|png|видео|аудио|фото\w*|pdf|docx|пдф|word")
        else "text.convert"
    )


def _summarise(clause: Clause) -> str:
    return "report.write"


def _commit(clause: Clause) -> str:
    return "git.commit"


def _switch(clause: Clause) -> str:
    named = (
        re.search(r"(?:check ?out|git switch|git checkout)\s+[\w./-]+(?:\s+(?:in|of|в)\s+\ufffc+)?\s*$", clause.plain)
        or clause.says(BRANCH)
        or any(piece.kind != "link" for piece in clause.pieces)
        or re.search(r"(?:to|на) \S+\s*$", clause.plain)
    )
    theme = clause.says(
        r"theme|language|mode|тем[ау]|язык|режим|wi-?fi|window|tab|окно|вкладк\w*|website|site|сайт\w*|page|страниц\w*"
    )
    return "git.switch" if named and not theme else NOTHING


def _stash(clause: Clause) -> str:
    git = clause.says(
        rf"{STASH}|{REPOSITORY}|change\w*|work|edits|измен\w*|правк\w*|работ\w*|наработк\w*|everything|all|все(?!\w)"
    )
    return "git.stash" if clause.says("stash|git stash|shelve|застэш|застеш") or git else NOTHING


def _unstash(clause: Clause) -> str:
    return "git.unstash" if clause.says(f"{STASH}|unstash|unshelve|pop") else NOTHING


def _branch(clause: Clause) -> str:
    return "git.branch"


def _tell(clause: Clause) -> str:
    return looked_at(clause) or ASK


def _save(clause: Clause) -> str:
    if clause.says(REPORT):
        return "report.write"
    if clause.says(STASH):
        return "git.stash"
    return "text.create" if clause.pieces else NOTHING


_RULES: Mapping[str, Callable[[Clause], str]] = {
    "delete": _delete,
    "remove": _delete,
    "clean": _clean,
    "dedupe": lambda clause: "files.duplicates",
    "move": _move,
    "copy": _copy,
    "rename": _rename,
    "number": _rename,
    "sort": _sort,
    "list": _list,
    "show": _show,
    "find": _find,
    "collect": _collect,
    "extract": _extract,
    "get": _get,
    "unpack": lambda clause: "archive.unpack",
    "pack": _pack,
    "compare": lambda clause: "files.compare",
    "open": lambda clause: NOTHING if any(piece.kind == "link" for piece in clause.pieces) else "files.open",
    "reveal": lambda clause: "files.open",
    "create": _create,
    "write": _write,
    "append": _append,
    "replace": _replace,
    "convert": _convert,
    "summarise": _summarise,
    "stage": lambda clause: "git.stage",
    "commit": _commit,
    "branch": _branch,
    "switch": _switch,
    "stash": _stash,
    "unstash": _unstash,
    "status": lambda clause: "git.status",
    "log": lambda clause: "git.changes",
    "tell": _tell,
    "save": _save,
}
