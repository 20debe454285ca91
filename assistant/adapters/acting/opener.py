"""`SystemOpener`: opens files in the programs a person has for them, or shows them in the file manager. Built by `app`.

A path is one argument to a program that is named here; no shell reads it, and nothing that would run by being opened is opened.
"""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from urllib.parse import quote

from assistant.adapters.acting.failures import gone, linked, odd, told
from assistant.adapters.acting.grounds import Grounds
from assistant.adapters.acting.looking import kind_of, opened
from assistant.adapters.acting.names import shown
from assistant.adapters.acting.threads import looked
from assistant.domain.errors import ChangedMeanwhileError, PathRefusedError, StorageError

Roots = Callable[[], Awaitable[Sequence[str]]]

WAIT_S = 5.0
"""How long a program may take to say that it cannot; one that runs on has opened the file."""
RUNS = {
    "linux": "appimage|com|desktop|exe|jar|jnlp|lnk|msi|run|scr|url|webloc",
    "darwin": "action|app|application|command|inetloc|jar|jnlp|mpkg|osx|pkg|scpt|terminal|tool|url|webloc|workflow",
    "win32": "application|appref-ms|bat|chm|cmd|com|cpl|exe|gadget|hta|inf|ins|inx|isu|jar|job|jnlp|js|jse|lnk|msc|msi|msp|mst"
    "|paf|pif|ps1|ps1xml|ps2|psc1|psd1|psm1|reg|rgs|scf|scr|sct|settingcontent-ms|shb|shs|u3p|url|vb|vbe|vbs|vbscript|ws|wsc|wsf"
    "|wsh|xbap",
}
"""Ends of names that a system runs, installs or follows when they are opened; elsewhere they are text, or nothing."""
PROGRAMS = (b"\x7fELF", b"MZ\x90\x00", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa\xcf")
"""How programs of all systems begin."""
SHOW = (
    "--session",
    "--print-reply",
    "--reply-timeout=3000",
    "--dest=org.freedesktop.FileManager1",
    "/org/freedesktop/FileManager1",
    "org.freedesktop.FileManager1.ShowItems",
)


class SystemOpener:
    """Opens what lies in granted roots; `roots` gives them, absolute and resolved, `own` are Mneme's own folders."""

    def __init__(self, executor: Executor, roots: Roots, own: Sequence[str] = ()) -> None:
        self._executor = executor
        self._roots = roots
        self._own = tuple(own)
        self._running: list[subprocess.Popen[bytes]] = []

    async def open(self, path: str, *, reveal: bool) -> None:
        """Open a file or folder, or show it in its folder. Raises PathRefusedError, StorageError when nothing can."""
        grounds = Grounds(await self._roots(), self._own)
        await looked(self._executor, lambda _: self._reveal(grounds, path) if reveal else self._open(grounds, path))

    def _open(self, grounds: Grounds, path: str) -> None:
        with told(path):
            if _would_run(grounds, path):
                raise PathRefusedError(
                    f"{shown(path)} would run when it is opened.",
                    kept="Nothing was opened.",
                    remedy="Show it in its folder instead.",
                )
        self._first(path, _openers(path))

    def _reveal(self, grounds: Grounds, path: str) -> None:
        with told(path):
            _info(grounds, path)
        folder = os.path.dirname(path)
        if sys.platform == "darwin":
            self._first(path, [("open", "-R", path)])
        elif sys.platform == "win32":
            self._first(path, _openers(folder))
        else:
            address = f"array:string:file://{quote(path)}"  # a comma in it is quoted: it would end the element
            self._first(path, [("dbus-send", *SHOW, address, "string:"), *_openers(folder)])

    def _first(self, path: str, commands: Sequence[Sequence[str]]) -> None:
        """Run commands until one does not fail; raises StorageError when all do."""
        if sys.platform == "win32":
            os.startfile(commands[0][-1])
            return
        for program, *arguments in commands:
            found = shutil.which(program)
            if found is not None and self._runs([found, *arguments]):
                return
        raise StorageError(
            f"No program was found that opens {shown(path)}.", kept="Nothing was changed.", remedy="Open it by hand."
        )

    def _runs(self, command: Sequence[str]) -> bool:
        """Start a program beside this one; False when it soon says that it failed."""
        self._running = [process for process in self._running if process.poll() is None]
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
        try:
            return process.wait(WAIT_S) == 0
        except subprocess.TimeoutExpired:
            self._running.append(process)
            return True


def _openers(path: str) -> list[Sequence[str]]:
    if sys.platform == "darwin":
        return [("open", path)]
    return [("xdg-open", path), ("gio", "open", path)]


def _info(grounds: Grounds, path: str) -> os.stat_result:
    try:
        with grounds.spot(path) as spot:
            info = spot.look()
    except ChangedMeanwhileError:
        info = None
    if info is None:
        raise gone(path)
    if stat.S_ISLNK(info.st_mode):
        raise linked(path)
    if kind_of(info) is None:
        raise odd(path)
    return info


def _would_run(grounds: Grounds, path: str) -> bool:
    """Tell whether opening a file might run it: by its name, how it begins, or both with its permission to be run."""
    info = _info(grounds, path)
    ends = RUNS.get(sys.platform, RUNS["linux"])
    if os.path.splitext(path)[1].lower()[1:] in ends.split("|"):
        return True
    if stat.S_ISDIR(info.st_mode):
        return False
    with grounds.spot(path) as spot, opened(spot) as (stream, held):
        head = stream.read(4)
    return head.startswith(PROGRAMS) or (head.startswith(b"#!") and bool(held.st_mode & 0o111))
