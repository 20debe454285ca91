"""Random trees with hostile names and links, and random plans of real commands over them. Used by the tests of acting."""

import os
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st
from pydantic import JsonValue

from assistant.domain.plan import Intent, Understanding

Given = Mapping[str, JsonValue]
Wanted = tuple[str, Given]
"""A command with its arguments, "{root}" and "{beside}" in the place of the folders."""

NAMES = (
    "a",
    "b.txt",
    "B.txt",
    "note.md",
    "Заметка.md",
    "e\u0301 o\u0308.txt",
    "table.csv",
    "page.html",
    "two words.txt",
    " led by a blank.txt",
    "$(touch owned).txt",
    "-rf",
    "semi;colon & more.md",
    "line\nbreak.txt",
    "turned\u202etxt.exe",
    ".hidden",
    "photo 2026-03-02.png",
    "photo (2).png",
    "{n}.txt",
    "n" * 240 + ".txt",
)
FOLDERS = ("", "in", "in/deep", "Ümlaut", "empty", "to")
CONTENTS = (
    b"",
    b"old text\nTODO: ask again\n",
    b"first old\r\nsecond old\r\n",
    b"Lease\n=====\n\nold | table\n",
    b"| name | town |\n| --- | --- |\n| Ada | London |\n",
    b"name,town\nAda,=1+1\n",
    b"<h1>Title</h1><p>old</p>",
    b"\x00\xff\xfe binary",
    "\ufeffпервый old\n".encode(),
)
ALWAYS: dict[str, tuple[bytes, int]] = {
    "b.txt": (CONTENTS[1], 0o644),
    "in/note.md": (CONTENTS[1], 0o640),
    "in/deep/two words.txt": (CONTENTS[2], 0o600),
    "to/photo (2).png": (CONTENTS[7], 0o644),
}
"""Files that are in every tree, so that most plans find something to do."""
FILE_MODES = (0o644, 0o600, 0o755, 0o444)
TIME_NS = 1_700_000_000_000_000_123
LINKS = ("inside", "file beside", "folder beside", "nothing")

ARCHIVE = "pack.zip"
TARBALL = "pack.tar.gz"


@dataclass(frozen=True, slots=True)
class Tree:
    """What is laid out: files by path with content and mode, links by path with what they lead to."""

    files: dict[str, tuple[bytes, int]]
    links: dict[str, str]

    def lay(self, root: Path, beside: Path) -> None:
        """Write all of it below `root`, which is empty; links lead into `beside`."""
        for folder in FOLDERS[1:]:
            (root / folder).mkdir(parents=True, exist_ok=True)
        for n, (name, (content, mode)) in enumerate(self.files.items()):
            path = root / name
            path.write_bytes(content)
            path.chmod(mode)
            os.utime(path, ns=(TIME_NS + n, TIME_NS + n))
        with zipfile.ZipFile(root / ARCHIVE, "w") as pack:
            pack.writestr("in/old.txt", "old\n")
            pack.writestr("plain.txt", "plain\n")
        with tarfile.open(root / TARBALL, "w:gz") as pack:
            pack.add(root / ARCHIVE, "inner.zip")
        (root / "link").symlink_to(beside)
        ends = {"inside": root / "in", "file beside": beside / "kept.txt", "folder beside": beside, "nothing": root / "gone"}
        for name, end in self.links.items():
            (root / name).symlink_to(ends[end])
        for n, folder in enumerate(reversed(FOLDERS)):
            os.utime(root / folder, ns=(TIME_NS + 1000 * n, TIME_NS + 1000 * n))


@dataclass(slots=True)
class Wants:
    """An analyzer that understands every request as the same commands with literal arguments."""

    steps: Sequence[Wanted] = ()

    async def analyse(self, request: str, context: object = (), answers: object = None) -> Understanding:
        """See IntentAnalyzer."""
        intents = [
            Intent(kind="action", question=request, language="en", tool=tool, arguments=dict(given)) for tool, given in self.steps
        ]
        return Understanding(intents=tuple(intents))


def laid(folder: str, name: str) -> str:
    """Return a path within the tree."""
    return f"{folder}/{name}" if folder else name


def _tree(files: dict[str, tuple[bytes, int]], links: dict[str, str]) -> Tree:
    files = ALWAYS | files
    return Tree(files, {name: end for name, end in links.items() if name not in files})


def _as(name: str, values: st.SearchStrategy[str], before: str = "", after: str = "") -> st.SearchStrategy[Given]:
    """Give an argument one of these values, with something before and after it."""

    def given(value: str) -> Given:
        return {name: f"{before}{value}{after}"}

    return values.map(given)


def _listed(values: st.SearchStrategy[str]) -> st.SearchStrategy[Given]:
    def given(value: str) -> Given:
        return {"paths": [f"{{root}}/{value}"]}

    return values.map(given)


def _of(*choices: Given) -> st.SearchStrategy[Given]:
    return st.sampled_from(choices)


def _command(tool: str, *parts: st.SearchStrategy[Given]) -> st.SearchStrategy[Wanted]:
    def wanted(given: tuple[Given, ...]) -> Wanted:
        return tool, {name: value for one in given for name, value in one.items()}

    return st.tuples(*parts).map(wanted)


paths = st.builds(laid, st.sampled_from(FOLDERS), st.sampled_from(NAMES))
trees = st.builds(
    _tree,
    st.dictionaries(paths, st.tuples(st.sampled_from(CONTENTS), st.sampled_from(FILE_MODES)), max_size=10),
    st.dictionaries(paths, st.sampled_from(LINKS), max_size=3),
)
_named = st.one_of(*[st.sampled_from([*ALWAYS])] * 3, paths)
_inner = st.sampled_from(FOLDERS[1:])
_in = st.one_of(_of({"folder": "{root}"}), _as("folder", _inner, "{root}/"))
_narrow = _of({}, {"deep": True}, {"glob": "*.txt"})
_ASTRAY = ("{root}/link", "{beside}", "{root}/../beside", "{root}evil", "/")
_places = st.one_of(*[st.sampled_from(("{root}/new/folder", "{root}/to", "{root}/in/deep"))] * 9, st.sampled_from(_ASTRAY))
_to = _as("target", _places)
steps = st.one_of(
    _command("files.rename", _in, _narrow, _of({"by": "number"}, {"by": "date"}, {"pattern": "{n:03}_{name}{ext}"})),
    _command("files.rename", _in, _narrow, _of({"find": "t", "replace": "T"}, {"pattern": "x{n}{ext}", "start": 7})),
    _command("files.sort", _in, _of({"by": "month"}, {"by": "type"}, {"by": "extension", "deep": True}, {"by": "size"})),
    _command("files.move", _in, _narrow, _to),
    _command("files.copy", _in, _narrow, _to),
    _command("files.move", _listed(_named), _to),
    _command("files.trash", _listed(_named)),
    _command("files.trash", _listed(_inner)),
    _command("files.trash", _in, _narrow),
    _command("files.duplicates", _in, _of({}, {"keep": "newest"})),
    _command("files.clean", _in, _of({"what": "empty folders"}, {"what": "both", "older_days": 1})),
    _command("text.create", _as("path", _places, after="/made.md"), _of({"content": "made\n"})),
    _command("text.append", _as("path", _named, "{root}/"), _of({"content": "more"})),
    _command("text.replace", _in, _narrow, _of({"find": "old", "replace": "new"})),
    _command("text.todos", _in, _as("target", _places, after="/made.md")),
    _command("text.extract", _in, _narrow, _as("target", _places, after="/made.csv"), _of({"matching": "old"})),
    _command("archive.pack", _listed(_inner), _as("target", _places, after="/made.zip")),
    _command("archive.unpack", _of({"path": f"{{root}}/{ARCHIVE}"}, {"path": f"{{root}}/{TARBALL}"}), _to),
)
plans = st.lists(steps, min_size=1, max_size=3)


def literal(value: JsonValue, root: Path, beside: Path) -> JsonValue:
    """Return an argument with the places filled in."""
    if isinstance(value, str):
        return value.replace("{root}", str(root)).replace("{beside}", str(beside))
    if isinstance(value, list):
        return [literal(one, root, beside) for one in value]
    return value
