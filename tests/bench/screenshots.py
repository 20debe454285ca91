"""Makes the pictures of the README: the real window over a copy of the golden corpus, on a virtual screen of its own.

Run: python -m tests.bench.screenshots [FOLDER] [--language en] [--theme light]; needs Xvfb, and the text model under MODELS
(or installed for this user). Writes empty.png, indexing.png, answer.png and plan.png.
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.api.contract import Assistant
    from assistant.app.bootstrap import Environment
    from ui.bridge import QtExecutor
    from ui.deeds import Deed
    from ui.shell import MainWindow

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "golden" / "corpus"
FIRST_DISPLAY = 93
SIZE = (1440, 900)
QUESTIONS = ("How many days of paid leave do we have, and when do they lapse?",)
REQUEST = (
    "sort the files in ~/Documents/varnholm/minutes by month, "
    'then replace "landlord" with "lessor" in ~/Documents/varnholm/contracts'
)
MOST_BYTES = 300_000


def main() -> int:
    """Start the screen, then run this module on it as the window."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", nargs="?", type=Path, default=ROOT / "resources" / "screenshots")
    asked.add_argument("--language", default="en")
    asked.add_argument("--theme", default="light")
    asked.add_argument("--models", type=Path, default=None)
    asked.add_argument("--question", action="append", default=[])
    asked.add_argument("--request", default=REQUEST)
    asked.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    wanted = asked.parse_args()
    if wanted.inside:
        return _inside(wanted)
    wanted.folder.mkdir(parents=True, exist_ok=True)
    from assistant.app.bootstrap import environment

    models = wanted.models or environment().places.models
    with tempfile.TemporaryDirectory(prefix="mneme-") as base:
        home = Path(base) / "home" / "anna"
        shutil.copytree(CORPUS, home / "Documents" / "varnholm")
        data = home / ".mneme" / "data"
        data.mkdir(parents=True)
        shutil.copytree(models, data / "models")
        number = next(n for n in range(FIRST_DISPLAY, 200) if not Path(f"/tmp/.X11-unix/X{n}").exists())
        screen = subprocess.Popen(["Xvfb", f":{number}", "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp"])
        try:
            own = {
                "DISPLAY": f":{number}",
                "QT_QPA_PLATFORM": "xcb",
                "HOME": str(home),
                "MNEME_HOME": str(home / ".mneme"),
                "MNEME_INTERFACE__LANGUAGE": wanted.language,
                "MNEME_INTERFACE__THEME": wanted.theme,
            }
            command = [sys.executable, "-m", "tests.bench.screenshots", *sys.argv[1:], "--inside"]
            return subprocess.run(command, cwd=ROOT, env={**os.environ, **own}, check=False).returncode
        finally:
            screen.terminate()
            screen.wait()


def _inside(wanted: argparse.Namespace) -> int:
    """Run the real window and drive it."""
    import ui.main as window
    from assistant.app import bootstrap

    running = bootstrap.running

    @asynccontextmanager
    async def driven(env: "Environment", executor: "QtExecutor") -> "AsyncGenerator[Assistant]":
        async with running(env, executor) as assistant, asyncio.TaskGroup() as group:
            group.create_task(_drive(assistant, wanted))
            yield assistant

    bootstrap.running = driven
    return window.main([sys.argv[0]])


async def _until(condition: Callable[[], object], seconds: float = 120) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


async def _drive(assistant: "Assistant", wanted: argparse.Namespace) -> None:
    from PySide6.QtGui import QCursor
    from PySide6.QtWidgets import QApplication

    from ui.shell import MainWindow

    window = next(found for found in QApplication.topLevelWidgets() if isinstance(found, MainWindow))
    folder: Path = wanted.folder
    try:
        await asyncio.sleep(0.2)
        window.setGeometry(0, 0, *SIZE)
        QCursor.setPos(SIZE[0] - 1, SIZE[1] - 1)  # or what is under the pointer looks chosen
        await _until(lambda: window.summary.text() and window.chat.box.ready)
        await asyncio.sleep(0.8)
        _shoot(window, folder / "empty.png")
        await _remember(assistant, window, folder / "indexing.png")
        await _ask(window, wanted.question or QUESTIONS, folder / "answer.png")
        await _plan(window, wanted.request, folder / "plan.png")
    finally:
        window.close()


async def _remember(assistant: "Assistant", window: "MainWindow", file: Path) -> None:
    """Add the corpus, and take the picture before all of it is searchable."""
    window.remember((str(Path.home() / "Documents" / "varnholm"),))
    await _until(window.sheet.remember.isEnabled)
    window.sheet.remember.click()
    while (await assistant.progress()).files_searchable < 25:
        await asyncio.sleep(0.02)
    await asyncio.sleep(1.2)  # until the panel tells of it
    _shoot(window, file)
    while (await assistant.progress()).active:
        await asyncio.sleep(0.1)
    for banner in window.banners.shown():
        banner.dismiss()


async def _ask(window: "MainWindow", questions: tuple[str, ...], file: Path) -> None:
    """Ask, and open the first source of the last answer."""
    for question in questions:
        window.chat.ask(question)
        await _until(lambda: not window.chat.busy)
    card = window.chat.cards[-1]
    if card.answer is not None and card.answer.citations:
        window.open_citation(card.answer.citations[0])
    await asyncio.sleep(2)
    window.focus_ask()
    await asyncio.sleep(1)
    _shoot(window, file)


async def _plan(window: "MainWindow", request: str, file: Path) -> None:
    """Ask for something to be done, and look at the plan and at what it changes in the last file."""
    from ui.docks.memory import MemoryDock

    assert window.deeds is not None
    desk, waiting = window.deeds.desk, list["Deed"]()
    desk.waiting.connect(waiting.append)
    window.chat.restart()
    for panel in window.findChildren(MemoryDock):
        panel.hide()
    window.chat.requested.emit(request)
    await _until(lambda: waiting)
    deed = waiting[0]
    assert deed.proposal is not None
    assert deed.proposal.preview is not None
    window.deeds.show_plan(deed)
    window.deeds.show_diff(deed.id, deed.proposal.preview.changes[-1].path)
    await asyncio.sleep(2)
    window.focus_ask()
    await asyncio.sleep(1)
    _shoot(window, file)


def _shoot(window: "MainWindow", file: Path) -> None:
    """Take what stands on the screen; a palette would save half the bytes and change the colours of states."""
    from PIL import Image

    raw = file.with_suffix(".raw.png")
    window.screen().grabWindow(0).save(str(raw))
    with Image.open(raw) as picture:
        picture.convert("RGB").save(file, optimize=True)
    raw.unlink()
    print(file, file.stat().st_size)
    if file.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{file} is larger than {MOST_BYTES} bytes")


if __name__ == "__main__":
    sys.exit(main())
