"""How clauses hang together: searches that only lead to a deed, and what "them" means after a command. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pydantic import JsonValue

from assistant.domain.tool import Arguments
from assistant.orchestrator.understanding.clauses import Clause, Mood
from assistant.orchestrator.understanding.surroundings import paths
from assistant.orchestrator.understanding.things import BRANCH, DUPLICATES, LINES, NEAR, REPORT

_PRONOUN = re.compile(r"(?<!\w)(?:them|it|those|these|the results?|the lines|the extras?|the extra ones|all but one|"
        r"the rest|the copies|the others|the duplicates|extras"
                      r"|их|его|ее|лишн\w+|остальн\w+|копии|дубли\w*|результат\w*|повтор\w*|все кроме)(?!\w)")  # fmt: skip
_SEEKING = ("find", "show", "list", "collect", "extract", "tell")
_ANSWERING = re.compile(
    r"(?:(?:find|search|look up|answer|tell me|and|найди|поищи|ответь|скажи|подскажи|и|мне|пожалуйста)(?:те)?[ ,]*){1,5}"
)
_FILING = re.compile(r"(?:save|write|put|store|сохрани\w*|запиши\w*|положи\w*|помести\w*|выведи)(?!\w)")


def merged(heard: Sequence[Clause]) -> list[Clause]:
    """Join clauses that are one deed: "find the duplicates and trash the extras", "write a report and save it as x.md"."""
    joined = list[Clause]()
    for clause in heard:
        before = joined[-1] if joined else None
        if before is not None and _one_deed(before, clause):
            joined[-1] = _joined(before, clause, keep_second=_leads_to(before, clause))
        else:
            joined.append(clause)
    return joined


def asked_for(text: str) -> str:
    """Return the question of a clause: what stands behind "answer:", else all of it."""
    head, colon, rest = text.partition(":")
    return rest.strip() if colon and rest.strip() and _ANSWERING.fullmatch(head.strip().lower()) else text.strip()


def referred(command: str, arguments: Arguments) -> list[Arguments]:
    """Return the files that "them" or "it" means after a command, as arguments of selections; empty where there are none."""
    files: Arguments = {name: value for name, value in arguments.items() if name in _SELECTING}
    target = arguments.get("target")
    if command in ("files.move", "files.copy") and isinstance(target, str):
        return [_moved(files, target)]
    if command in ("report.write", "text.todos", "text.extract", "archive.pack", "text.convert") and isinstance(target, str):
        return [{"paths": list[JsonValue]([target])}]
    if command == "archive.unpack":
        path = str(arguments["path"])
        return [{"folder": target if isinstance(target, str) else paths.join(paths.dirname(path), _unpacked(path))}]
    for slot in ("path", "repository"):
        if isinstance(one := arguments.get(slot), str):
            return [{"paths": list[JsonValue]([one])} if slot == "path" else {"folder": one}]
    folders = arguments.get("folders")
    if isinstance(folders, list) and folders:
        return [{"folder": one} for one in folders]
    return [files] if files else []


_SELECTING = frozenset({"paths", "folder", "glob", "deep", "older_days", "newer_days", "larger_bytes", "smaller_bytes"})


def findings(command: str, number: int) -> Arguments | None:
    """Return the reference to what a step finds, for a later one to write down; None for steps that only act."""
    if command in ("files.list", "files.list_duplicates", "text.todos", "text.extract", "archive.list"):
        return {"from": str(number), "take": "table"}
    if command in ("memory.ask", "files.compare", "git.status", "git.changes"):
        return {"from": str(number), "take": "text"}
    return None


def _unpacked(path: str) -> str:
    """Return the name of the folder an archive is unpacked into where none is named."""
    stem = paths.splitext(paths.basename(path))[0]
    return stem.removesuffix(".tar")


def _moved(files: Arguments, target: str) -> Arguments:
    listed = files.get("paths")
    if isinstance(listed, list):
        return {"paths": list[JsonValue]([paths.join(target, paths.basename(str(one))) for one in listed])}
    return {"folder": target, **({"glob": files["glob"]} if "glob" in files else {})}


def _one_deed(before: Clause, clause: Clause) -> bool:
    if before.mood is not Mood.COMMAND or clause.mood is not Mood.COMMAND:
        return False
    bare = before.verb in _SEEKING and not before.plain[before.after_verb :].strip()
    over = before.says(BRANCH) and clause.verb == "switch" and before.verb in ("create", "branch", "write")
    return bare or over or _leads_to(before, clause) or _files_away(before, clause)


def _leads_to(before: Clause, clause: Clause) -> bool:
    """Tell whether a search serves only the deed behind it: what was found is what is acted on."""
    if before.verb not in ("find", "extract", "collect", "tell") or clause.then:
        return False
    acts = clause.verb in ("delete", "remove", "move", "copy", "sort", "rename", "pack", "clean", "number", "dedupe", "open")
    return acts and bool(_PRONOUN.search(clause.plain)) and not before.says(LINES)


def _files_away(before: Clause, clause: Clause) -> bool:
    """Tell whether a clause only says where the result of the one before goes."""
    makes = before.says(REPORT) or before.verb in ("summarise", "extract", "collect", "convert", "write") or before.says(LINES)
    told = _FILING.match(clause.plain.lstrip()) is not None and bool(clause.pieces)
    return makes and told and not any(piece.kind == "quote" and piece.value.count(" ") > 2 for piece in clause.pieces)


def _joined(before: Clause, clause: Clause, *, keep_second: bool) -> Clause:
    """Return one clause of two: the verb is the first one's, or, where the first only sought, the second one's."""
    gap = ", "
    shift = len(before.text) + len(gap)
    moved = tuple(piece._replace(start=piece.start + shift, end=piece.end + shift) for piece in clause.pieces)
    both = replace(
        before,
        text=before.text + gap + clause.text,
        plain=before.plain + gap + clause.plain,
        pieces=(*before.pieces, *moved),
    )
    bare = not before.plain[before.after_verb :].strip()
    if not keep_second and not bare:
        return both
    verb = "dedupe" if clause.verb in ("delete", "remove") and re.search(f"{DUPLICATES}|{NEAR}", both.plain) else clause.verb
    # Both verbs are understood: the first one's words are blanked, so that none of them counts as an object.
    lead = before.plain[: before.verb_at] + " " * (before.after_verb - before.verb_at) + before.plain[before.after_verb :]
    tail = clause.plain[: clause.verb_at] + " " * (clause.after_verb - clause.verb_at) + clause.plain[clause.after_verb :]
    tail = tail if bare else _PRONOUN.sub(lambda match: " " * len(match.group()), tail)
    return replace(both, plain=lead + gap + tail, verb=verb, verb_at=0, after_verb=0, begin=0)
