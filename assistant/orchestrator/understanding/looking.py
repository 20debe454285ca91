"""Chooses the commands that only look: for questions, shows, finds and phrases without a verb. Pure."""

import re

from assistant.orchestrator.understanding.clauses import Clause
from assistant.orchestrator.understanding.kinds import glob_of
from assistant.orchestrator.understanding.mentions import looks_like_folder
from assistant.orchestrator.understanding.sizes import sizes_of
from assistant.orchestrator.understanding.things import (
    ABOUT,
    ARCHIVE,
    ARCHIVES,
    CONTENTS,
    DIFFERENCE,
    DUPLICATES,
    FILES,
    LINES,
    NEAR,
    REPOSITORY,
    TODOS,
)

ASK = "memory.ask"
NOTHING = ""
UNCOMMITTED = r"uncommitted|unstaged|(?:не ?)закоммич\w*|несохраненн\w*|(?:не ?)зафиксир\w*|not committed"


def opened(clause: Clause) -> str:
    """Return files.open for a show that names one file and nothing else."""
    alone = count_paths(clause) == 1 and not clause.says(f"{FILES}|{LINES}|{ABOUT}|{CONTENTS}") and not glob_of(clause.plain)
    return "files.open" if alone and re.search(r"\.\w+$", clause.pieces[0].value) else NOTHING


def looked_at(clause: Clause) -> str:
    """Return the command that looks at something without changing it, for shows, finds and questions alike."""
    if clause.says(DUPLICATES) or (clause.says(NEAR) and (glob_of(clause.plain) or clause.says("files|файл"))):
        return "files.list_duplicates"
    if clause.says(TODOS):
        return "text.todos"
    if archive_named(clause) and clause.says(f"{CONTENTS}|{ARCHIVE}|files|файлы|list|список|what|что|show|покажи|перечисли"):
        return "archive.list"
    if clause.says(REPOSITORY) and clause.says(UNCOMMITTED):
        return "git.status"
    if clause.says(r"(?:git )?(?:status|статус\w*)") or (
        (clause.says(REPOSITORY) and clause.says("state|состояни")) and not clause.says(ABOUT)
    ):
        return "git.status"
    if clause.says(REPOSITORY) and clause.says(
        r"change\w*|changed|commits?|log|history|diff|since|new|измен\w*|помен\w*|коммит\w*|истори\w*|лог|нов\w+"
    ):
        return "git.changes"
    if count_paths(clause) >= 2 and clause.says(DIFFERENCE):
        return "files.compare"
    return NOTHING


def listed(clause: Clause) -> str:
    """Return files.list for a clause that speaks of files by kind, size or place, not of what is written in them."""
    narrowed = glob_of(clause.plain) or any(sizes_of(clause.plain)) or any(piece.kind == "glob" for piece in clause.pieces)
    named = clause.says(
        r"files?|folders?|everything|what is in|what's in|contents? of|файл\w*|папк\w*|все(?!\w)|"
        r"содержим\w+|что лежит|списк\w*|downloads|загруз\w+|список|(?:them|их)(?!\w)"
    )
    spoken = clause.says(
        rf"{ABOUT}|(?:in |my |the )notes|в (?:моих )?заметках|where|which say|где|котор\w+ говор"
    ) and not clause.says(r"older|newer|larger|bigger|по размеру")
    return "files.list" if (narrowed or named) and not spoken else NOTHING


def asked(clause: Clause) -> str:
    """Return the read-only command that answers a question by looking at the disk, else `ASK`."""
    past = clause.says(
        r"how (?!many)|why|who|whose|when|как(?!\w)|почему|зачем|кто|когда|кому|кем|should|may i|can i|"
        r"could i|можно|нужно ли|стоит ли|is it|безопасно"
    )
    if clause.says(DIFFERENCE) and count_paths(clause) >= 2:
        return "files.compare"
    if past:
        return ASK
    if found := looked_at(clause):
        return found
    folder = any(looks_like_folder(piece.value) for piece in clause.pieces if piece.kind == "path")
    if folder and re.match(r"\s*(?:what(?:'s| has| have)? changed|что (?:измени|изменя|поменя)лось)(?!\w)", clause.plain):
        return "git.changes"
    if (
        clause.says(r"what (?:has |have )?(?:i )?changed|что (?:я )?(?:измен|помен)\w*")
        and not clause.pieces
        and not clause.says(f"{ABOUT}|in the|договор|contract")
    ):
        return "git.changes" if clause.says(r"(?:since|с|со|after|после|за)(?!\w)") else ASK
    sized = any(sizes_of(clause.plain)) or clause.says(
        r"older than|newer than|старше|новее|larger|biggest|changed (?:in|since|today|yesterday)|измен\w+ (?:за|с|сегодня|вчера)"
    )
    files = glob_of(clause.plain) or clause.says(r"files?|downloads?|documents|файл\w*|загруз\w+")
    return "files.list" if files and (sized or _contained(clause)) else ASK


def _contained(clause: Clause) -> bool:
    """Tell whether it is asked which files are in a folder."""
    return (
        re.match(
            r"\s*(?:what|which|how many) (?:\w+ )?(?:files|photos|pictures|documents|\w+s) (?:are|do i have|"
            r"is)(?: there)?(?: \w+)? in\b"
            r"|\s*(?:какие|сколько) (?:\w+ )?\w+ (?:есть |лежат |лежит |находятся )?в (?:папке |"
            r"каталоге )?(?:загрузках|\ufffc|эт|документах|изображениях)",
            clause.plain,
        )
        is not None
    )


def noun_phrase(clause: Clause) -> str:
    """Return the command that a phrase without a verb asks for: "git status", "дубликаты в загрузках", "todo list here"."""
    bare = clause.plain[clause.verb_at :].strip()
    if re.fullmatch(
        r"(?:git |repo(?:sitory)? |the )*status(?: of .*)?|(?:git )?статус(?: .*)?|статус(?: гита| репозитория)", bare
    ):
        return "git.status"
    if re.match(
        (
            r"(?:a |an |the |short |brief )*(?:summary|report|overview|digest)(?: of| on| about)|(?:краткая |"
            r"краткий )?(?:сводка|отчет|обзор|краткое содержание)(?!\w)"
        ),
        bare,
    ):
        return "report.write"
    if re.match(r"(?:краткое содержание|кратк\w+ (?:сводк|обзор)\w*|сводк\w+|обзор|отчет)(?!\w)", bare):
        return "report.write"
    if re.match(r"(?:all |list of |все |список )*(?:files|файл(?:ы|ов)|contents of|содержимое)(?!\w)", bare):
        return looked_at(clause) or listed(clause)
    if re.match(
        (
            r"(?:the )?(?:all |все )?(?:near[- ])?(?:duplicates|duplicate \w+|дубликаты|todos|diff|difference|"
            r"changes|commits|коммиты|изменения|разница|todo)(?!\w)"
        ),
        bare,
    ):
        return looked_at(clause)
    return NOTHING


def count_paths(clause: Clause) -> int:
    """Return how many paths and quotes are in a clause."""
    return sum(piece.kind in ("path", "quote") for piece in clause.pieces)


def archive_named(clause: Clause) -> bool:
    """Tell whether a clause names an archive by its ending."""
    return any(piece.kind != "link" and piece.value.lower().endswith(ARCHIVES) for piece in clause.pieces)
