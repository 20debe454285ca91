"""Turns a heard clause into the arguments of the commands on git repositories and archives."""

import re
from collections.abc import Callable, Mapping

from pydantic import JsonValue

from assistant.domain.tool import Arguments
from assistant.orchestrator.understanding.heard import Heard
from assistant.orchestrator.understanding.pieces import MASK, Piece
from assistant.orchestrator.understanding.selection import files_of
from assistant.orchestrator.understanding.surroundings import paths
from assistant.orchestrator.understanding.times import span_of

_ALL = r"all|everything|every change|all (?:my )?changes|changes|все(?:\s+\w+)?|всё|изменени\w+|целиком"
_ENDINGS = (".zip", ".tar.gz", ".tgz", ".tar", ".tar.bz2", ".tar.xz", ".gz", ".bz2", ".xz", ".7z", ".rar")
_REVISION = re.compile(
    r"(?<!\w)(?:since|after|from|с|со|после|от)\s+(?:(?:the |commit|tag|version|revision|release|"
    r"коммит\w*|тег\w*|верси\w+|релиз\w*)\s*)*(?P<revision>v?\d+(?:\.\d+)+[\w.-]*|head[~^\d]*|"
    r"[0-9a-f]{7,40}|[\w/-]*\d[\w./-]*)"
)
_BARE = re.compile(r"(?<!\w)(?:of|from|из)\s+(?P<one>[a-z][a-z0-9-]*)\s+(?:and|и)\s+(?P<other>[a-z][a-z0-9-]*)\s*[.!?]*$")
_BRANCH = re.compile(
    r"(?:(?:the |a |new )*branch(?: (?:named|called))?|(?:нов\w+ )?ветк\w+(?: (?:под названием|"
    r"с именем))?) (?P<after>(?!(?:and|from|in|of|to|и|в|из|от|для|на|here|здесь)(?!\w))[\w./-]+)"
    r"|(?:to|on|на) (?:the )?(?P<before>[\w./-]+)(?: branch)?\s*[.!?]*$"
    r"|(?P<bare>[\w./-]+)\s*[.!?]*$"
)


def status(heard: Heard) -> Arguments:
    """Return the arguments of git.status, git.stash's kin that need nothing but a repository."""
    return {"repository": _repository(heard)}


def changes(heard: Heard) -> Arguments:
    """Return the arguments of git.changes: since a date (ISO) or a revision; from the beginning where nothing is said."""
    span = span_of(heard.plain, heard.now)
    named = next((piece.value for piece in heard.clause.pieces if _is_revision(heard, piece)), "")
    revision = _REVISION.search(heard.plain)
    if named:
        heard.mentions = [one for one in heard.mentions if one.written != named]
        since = named
    elif revision and not span.since:
        since = heard.clause.text[slice(*revision.span("revision"))]
        heard.mentions = [one for one in heard.mentions if not revision.start() <= one.start < revision.end()]
    elif span.since:
        since = span.since.date().isoformat()
    else:
        since = heard.answer("since") or "2000-01-01"
    return {"repository": _repository(heard), "since": since}


def _is_revision(heard: Heard, piece: Piece) -> bool:
    behind = re.search(r"(?:since|after|from|с|со|после|от)\s+(?:\w+\s+)?$", heard.plain[: piece.start])
    local = piece.kind != "link" and not paths.isabs(piece.value) and not piece.value.startswith("~")
    return behind is not None and local


def stage(heard: Heard) -> Arguments:
    """Return the arguments of git.stage."""
    heard.forget_text(r"(?:to|for|into) (?:the )?(?:commit|index|staging(?: area)?)|(?:в|для|к) (?:индекс\w*|коммит\w*)")
    named = [
        one
        for one in [*heard.mentions]
        if one.sort == "file" or (one.sort == "folder" and not one.here and one.role in ("", "with"))
    ]
    found = [heard.one_path(heard.keep(one)) for one in named]
    if found:
        return {
            "repository": _repository(heard) if heard.mentions else heard.where.base or paths.dirname(found[0]),
            "paths": list[JsonValue](found),
        }
    if heard.where.selected and not heard.says(_ALL):
        return {"repository": _repository(heard), "paths": list[JsonValue](heard.where.selected)}
    return {"repository": _repository(heard), "all": True}


def commit(heard: Heard) -> Arguments:
    """Return the arguments of git.commit."""
    message = heard.answer("message") or heard.text() or _unquoted_message(heard)
    heard.mentions = [one for one in heard.mentions if one.sort == "folder"]
    repository = _repository(heard)
    if not message:
        raise heard.ask("message")
    return {
        "repository": repository,
        "message": message,
        **({"all": True} if heard.says(rf"(?:{_ALL})") and not heard.says("staged|проиндексированн") else {}),
    }


def branch(heard: Heard) -> Arguments:
    """Return the arguments of git.branch."""
    over = heard.says(r"(?:and )?(?:switch|check ?out|go)(?: over)? to (?:it|the)|(?:переключ|перейд|перейт)\w* на (?:нее|эту)")
    return {**switch(heard), **({"switch": True} if over else {})}


def switch(heard: Heard) -> Arguments:
    """Return the arguments of git.switch."""
    name = heard.answer("name") or _written_name(heard)
    repository = _repository(heard)
    return {"repository": repository, "name": name or _spoken_name(heard)}


def stash(heard: Heard) -> Arguments:
    """Return the arguments of git.stash."""
    message = heard.text()
    return {"repository": _repository(heard), **({"message": message} if message else {})}


def pack(heard: Heard) -> Arguments:
    """Return the arguments of archive.pack; files by folder and glob where no paths are named."""
    target = ""
    if heard.answer("target"):
        written = heard.written_path(heard.answer("target"))
        target = written if written.lower().endswith(_ENDINGS) else f"{written}.zip"
    elif named := [
        one for one in heard.mentions if one.written.lower().endswith(_ENDINGS) and one.role in ("to", "in", "as", "with", "")
    ]:
        mention = heard.keep(named[-1])
        target = heard.where.absolute(mention.written) or heard.one_path(mention)
    heard.forget_text(
        r"(?:in|into|to|as)? ?(?:a |an |the |one )*(?:zip|tar\.gz|tar|gzip)(?:[- ](?:archive|file))?|"
        r"(?:в|как) (?:один )?(?:zip|tar\.gz|зип)?-? ?архив\w*|архив\w*"
    )
    folder = heard.take("to", sort="folder") if not target else None
    found = _bare_names(heard) or files_of(heard)
    if set(found) == {"folder"}:
        found = dict[str, JsonValue](paths=[found["folder"]])
    if not target:
        target = _usual_archive(heard, found, heard.one_path(folder) if folder else "")
    return {**found, "target": target}


def _bare_names(heard: Heard) -> Arguments:
    """Take "src and tests" behind "of" or "from": plain names of what stands in the folder at hand; empty where none are."""
    match = _BARE.search(heard.loose())
    if match is None or not heard.where.base:
        return {}
    heard.used.append(match.span())
    return {"paths": [paths.join(heard.where.base, match["one"]), paths.join(heard.where.base, match["other"])]}


def unpack(heard: Heard) -> Arguments:
    """Return the arguments of archive.unpack."""
    archives = [one for one in heard.mentions if one.written.lower().endswith(_ENDINGS)]
    path = _archive(heard)
    target = heard.take("to", "in", "as", sort="folder") if archives or heard.mentions else None
    return {"path": path, **({"target": heard.one_path(target)} if target else {})}


def contents(heard: Heard) -> Arguments:
    """Return the arguments of archive.list."""
    return {"path": _archive(heard)}


def _archive(heard: Heard) -> str:
    named = [one for one in heard.mentions if one.written.lower().endswith(_ENDINGS)]
    if named:
        return heard.one_path(heard.keep(named[0]))
    if heard.answer("path"):
        return heard.written_path(heard.answer("path"))
    before = heard.before.get("paths")
    if isinstance(before, list) and before:
        return str(before[0])
    packed = [path for path in heard.where.selected if path.lower().endswith(_ENDINGS)]
    if len(packed) == 1:
        return packed[0]
    raise heard.ask("path", "packed", [(path, paths.basename(path)) for path in packed])


def _usual_archive(heard: Heard, found: Arguments, folder: str) -> str:
    """Return the name an archive gets where none was said: beside the one thing in it, and called like it."""
    tar = heard.says(r"tar|tar\.gz|tarball|тар")
    listed = found.get("paths")
    if isinstance(listed, list) and len(listed) == 1:
        one = str(listed[0])
        name = paths.splitext(paths.basename(one))[0] + (".tar.gz" if tar else ".zip")
        return paths.join(folder or paths.dirname(one), name)
    raise heard.ask("target", "archive")


def _repository(heard: Heard) -> str:
    if mention := heard.take("in", "of", "from", "to", "", sort="folder"):
        return heard.one_path(mention)
    if heard.answer("folder"):
        return heard.written_path(heard.answer("folder"))
    if heard.where.base:
        return heard.where.base
    raise heard.folder_wanted()


def _unquoted_message(heard: Heard) -> str:
    match = re.search(
        (
            r"(?:with (?:the )?(?:commit )?message|message|saying|с (?:сообщением|комментарием|описанием|"
            r"текстом)|сообщение|as)\s*:?\s+(?P<said>[^\ufffc]{2,})$"
        ),
        heard.plain,
    )
    return heard.clause.text[slice(*match.span("said"))].strip() if match else ""


def _written_name(heard: Heard) -> str:
    """Take the name of a branch that is quoted or looks like a path (feature/login); "" where none does."""
    for piece in heard.clause.pieces:
        if piece.kind in ("quote", "path") and not paths.isabs(piece.value) and not piece.value.startswith("~"):
            heard.drop(piece)
            return piece.value
    return ""


def _spoken_name(heard: Heard) -> str:
    text = re.sub(
        r"\s+(?:in|of|в|из|inside)(?:\s+(?:the |a )?(?:repo\w*|репозитори\w*))?\s*$", "", heard.loose().rstrip(f" .!?{MASK}")
    )
    match = _BRANCH.search(text, heard.clause.after_verb)
    group = next((name for name in ("after", "before", "bare") if match and match[name]), "")
    said = heard.clause.text[slice(*match.span(group))] if match and group else ""
    if not said or re.fullmatch(r"branch|ветк\w+|it|a|new|новую|here|здесь|repo\w*|git", said.lower()):
        raise heard.ask("name")
    return said


REPOSITORIES: Mapping[str, Callable[[Heard], Arguments]] = {
    "git.status": status,
    "git.changes": changes,
    "git.stage": stage,
    "git.commit": commit,
    "git.branch": branch,
    "git.switch": switch,
    "git.stash": stash,
    "git.unstash": status,
    "archive.pack": pack,
    "archive.unpack": unpack,
    "archive.list": contents,
}
