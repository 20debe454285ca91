"""Every way out of Mneme is listed here, with who asks the policy for it: a new one fails until somebody says so.

The doors that people and other programs come in by are run under a policy that denies everything: those of the façade in
tests/unit/assistant/api/test_facade.py, those of the command line in tests/flows/test_doors_shut.py.
"""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture.test_house import python_files

ROOT = Path(__file__).resolve().parents[2]

BACKGROUND = {
    "assistant/app/bootstrap.py": {
        "giving memory back": "gives back working memory, touches no file",
        "holding what ranks": "reads the records",
        "looking out for the vectors": "speaks to the server of vectors that the person chose in the settings",
        "marking secrets": "writes marks into Mneme's own records",
        "backups and budget": "copies the records and deletes the oldest of Mneme's own copies",
        "following": "reads files below roots whose watching was judged",
        "warming": "asks questions of Mneme's own memory",
    },
    "assistant/app/reflecting.py": {
        "deeds undone": "writes Mneme's own memory about runs that were judged",
        "deeds of before": "writes Mneme's own memory about runs that were judged",
    },
    "assistant/app/lifecycle.py": {
        "replay": "writes Mneme's own indexes from its records; reads granted files only",
        "integrity check": "reads the records",
        "repair of the {} index": "writes Mneme's own indexes from its records",
        "filling the vectors": "waits until the vectors are whole, and tells of it",
    },
    "assistant/orchestrator/scheduler.py": {
        "reading": "reads files below roots whose granting was judged, writes Mneme's own memory",
        "embedding": "writes Mneme's own memory",
    },
    "assistant/orchestrator/watching.py": {"watching": "reads files below roots whose watching was judged"},
    "assistant/orchestrator/changing.py": {"spaces": "goes on with a change of model that was judged"},
    "assistant/orchestrator/acting/proposals.py": {
        "plan {}": "walks a plan that a person or a grant allowed: the executor judges every step",
        "run {}": "goes on with a run whose resuming was judged",
    },
    "assistant/orchestrator/acting/undertakings.py": {"{} of {}": "an undo or a redo, which judges itself before it begins"},
    "assistant/eval/rounds.py": {"rounds": "asks questions of Mneme's own memory, keeps figures"},
}
"""Work that goes on by itself. None of it changes a person's files, runs a program or sends anything: it has no hand to."""

PROGRAMS = {
    "assistant/adapters/acting/git_shadow.py": "git on a shadow; judged as a step of a plan",
    "assistant/adapters/acting/opener.py": "opens a file for an approved step",
    "assistant/adapters/readers/archives.py": "Mneme's own process that takes an archive apart",
    "assistant/adapters/readers/child.py": "Mneme's own reading process",
    "assistant/adapters/store/edge_child.py": "Mneme's own process for the vector index",
    "assistant/adapters/system/pip_wheel.py": "pip, for models.install, which is judged",
    "assistant/cli/window.py": "Mneme's own window",
    "ui/actions/files.py": "opens or shows what a person clicked on; files that run are asked about first",
    "ui/docks/preview/dock.py": "opens a link in the browser after the person agreed to its address",
}
"""Files that start other programs."""

SENDING = {
    "assistant/adapters/store/qdrant_collection.py": "the server of vectors that the person chose",
    "assistant/adapters/store/qdrant_failures.py": "the server of vectors that the person chose",
    "assistant/adapters/store/qdrant_server.py": "the server of vectors that the person chose",
    "assistant/adapters/system/hub_files.py": "models.install, which is judged and consented to",
    "assistant/app/gateway.py": "the local door for a second Mneme of the same user; no port",
    "assistant/app/remote.py": "the other side of that door",
}
"""Files that can speak to something outside this process."""

HANDS = {
    "assistant/orchestrator/acting/hands.py": "hands the workspace on together with the policy",
    "assistant/orchestrator/acting/looking.py": "asks the workspace whether changes could happen; judges each step",
    "assistant/orchestrator/acting/executor.py": "carries out what was judged and agreed to, and takes it back",
    "assistant/orchestrator/acting/undoing.py": "judges history.undo and history.redo",
    "assistant/orchestrator/acting/recovery.py": "judges history.resume",
}
"""Files outside adapters and `app` that hold what changes a person's files or opens them; each one is bound to the policy."""

WRITING = {
    "assistant/api/doctor.py": "tries whether its own folder can be written to",
    "assistant/cli/baseline.py": "the baseline of the golden set that a person asked to be written",
    "assistant/config/load.py": "Mneme's own settings",
    "assistant/eval/beir.py": "a throw-away memory",
    "assistant/models/manager.py": "models.install and models.remove, which are judged",
    "assistant/models/place.py": "models.install and models.remove, which are judged",
    "ui/shell/neighbour.py": "the door of an open window, in Mneme's own folder",
}
"""Files outside adapters and `app` that write to disk by themselves."""

STARTS = {"subprocess", "webbrowser", "pty"}
STARTERS = {
    "startfile",
    "execv",
    "execve",
    "execvp",
    "popen",
    "posix_spawn",
    "create_subprocess_exec",
    "create_subprocess_shell",
    "QProcess",
    "QDesktopServices",
    "fork",
    "spawnv",
}
NETWORK = {
    "httpx",
    "urllib.request",
    "http.client",
    "http.server",
    "socket",
    "ssl",
    "smtplib",
    "ftplib",
    "imaplib",
    "requests",
    "aiohttp",
    "multiprocessing.connection",
    "huggingface_hub",
    "qdrant_client",
    "PySide6.QtNetwork",
    "xmlrpc",
}
WRITERS = {"write_text", "write_bytes", "unlink", "rmdir", "rename", "rmtree", "copyfile", "copytree", "copy2", "symlink_to"}
OWN = {"write_text": ("memory",)}
"""Methods of Mneme's own objects that have the name of one that writes."""


def imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def starts_programs(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in STARTERS or (node.attr == "system" and ast.unparse(node.value) == "os")
    return any(name.split(".")[0] in STARTS or name.split(".")[-1] in STARTERS for name in imported(node))


def sends(node: ast.AST) -> bool:
    return any(name == module or name.startswith(f"{module}.") for name in imported(node) for module in NETWORK)


def holds_hands(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in ("workspace", "opener")
    return any(name in ("assistant.ports.acting.Workspace", "assistant.ports.acting.Opener") for name in imported(node))


def writes(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    owner = ast.unparse(node.func.value)
    return node.func.attr in WRITERS and not owner.endswith(OWN.get(node.func.attr, ()))


def files_with(sign: Callable[[ast.AST], bool], *but: str) -> set[str]:
    return {
        where
        for path in python_files("assistant", "ui")
        if not (where := path.relative_to(ROOT).as_posix()).startswith(but)
        and any(sign(node) for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    }


@pytest.mark.parametrize(
    ("sign", "known", "but"),
    [
        (starts_programs, PROGRAMS, ("assistant/adapters/readers/sandbox.py",)),
        (sends, SENDING, ()),
        (writes, WRITING, ("assistant/adapters/", "assistant/app/")),
    ],
)
def test_every_file_with_a_way_out_is_known(sign: Callable[[ast.AST], bool], known: dict[str, str], but: tuple[str, ...]) -> None:
    assert files_with(sign, *but) == set(known)


def test_whoever_holds_a_hand_holds_the_policy() -> None:
    holding = files_with(holds_hands, "assistant/adapters/", "assistant/app/", "assistant/ports/")
    assert holding <= set(HANDS)
    for where in holding:
        text = (ROOT / where).read_text("utf-8")
        assert "PolicyEngine" in text or ".policy." in text, where


def started() -> Iterator[tuple[str, str]]:
    """Yield every file with the name of a task that it starts or keeps."""
    for path in python_files("assistant"):
        where = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and len(node.args) == 2):
                continue
            if node.func.attr in ("start", "keep") and isinstance(node.args[0], ast.Constant | ast.JoinedStr):
                yield where, name_of(node.args[0])


def name_of(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


def test_all_work_in_the_background_is_known_and_holds_no_hand() -> None:
    assert set(started()) == {(where, name) for where, names in BACKGROUND.items() for name in names}
    assert not set(BACKGROUND) & set(HANDS)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("import subprocess", starts_programs),
        ("from asyncio import create_subprocess_exec", starts_programs),
        ("os.system('x')", starts_programs),
        ("os.startfile(path)", starts_programs),
        ("from PySide6.QtCore import QProcess", starts_programs),
        ("import urllib.request", sends),
        ("from urllib import request", sends),
        ("from httpx import Client", sends),
        ("from assistant.ports.acting import Workspace", holds_hands),
        ("await self._hands.workspace.apply(n, change)", holds_hands),
        ("path.write_bytes(b'')", writes),
        ("shutil.rmtree(path)", writes),
    ],
)
def test_a_new_way_out_would_be_seen(text: str, sign: Callable[[ast.AST], bool]) -> None:
    assert any(sign(node) for node in ast.walk(ast.parse(text)))
    assert not any(sign(node) for node in ast.walk(ast.parse("platform.system(); await self._memory.write_text(batch)")))
