"""The window's loop keeps turning while the real core indexes a few hundred files with the real model."""

import asyncio
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from assistant.app import bootstrap
from tests.ui.conftest import plain_panels
from ui.bridge import Bridge, QtExecutor
from ui.shell import MainWindow, ViewStore

FILES = 300
WORDS = ("river", "harbour", "lantern", "engine", "ledger", "garden", "window", "copper", "valley", "signal", "ribbon", "ladder")
BEAT_S = 0.005
LONGEST_PAUSE_S = 2.0
"""Far above what was measured: this catches a call that blocks the loop, not a slow machine."""


def write_files(folder: Path) -> None:
    """Write FILES short notes, each with a sentence of its own."""
    chance = random.Random(7)
    folder.mkdir()
    for number in range(FILES):
        sentences = [" ".join(chance.choices(WORDS, k=9)).capitalize() + "." for _ in range(6)]
        (folder / f"note {number}.md").write_text(
            f"# Note {number}\n\n" + " ".join(sentences) + f"\n\nThe code word is w{number}q.\n"
        )


class Heart:
    """Beats on the loop and remembers the longest time between two beats."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.beats = 0
        self._stopped = False

    async def beat(self) -> None:
        last = time.perf_counter()
        while not self._stopped:
            await asyncio.sleep(BEAT_S)
            now = time.perf_counter()
            self.longest = max(self.longest, now - last)
            self.beats += 1
            last = now

    def stop(self) -> None:
        self._stopped = True


@pytest.mark.timeout(240)
async def test_the_window_answers_while_hundreds_of_files_are_indexed(
    app: QApplication,
    tmp_path: Path,
    models_dir: Path,
    until: Callable[[Callable[[], object]], object],
    record_property: Callable[[str, object], None],
) -> None:
    write_files(tmp_path / "notes")
    env = bootstrap.environment()
    env.places.data.mkdir(parents=True)
    env.places.models.symlink_to(models_dir)
    pool = QtExecutor(bootstrap.THREADS)
    async with bootstrap.running(env, pool) as assistant:
        bridge = Bridge(assistant)
        bridge.start()
        window = MainWindow(bridge, plain_panels(), ViewStore(tmp_path))
        window.show()
        window.attach()
        heart = Heart()
        beating = asyncio.get_running_loop().create_task(heart.beat())
        ticket = await assistant.ingest([str(tmp_path / "notes")], "window")
        answered_meanwhile = 0
        while (await assistant.progress()).active:
            answer = await assistant.ask("Which note has the code word w7q?", "window")
            answered_meanwhile += not answer.abstained
            await asyncio.sleep(0.05)
        heart.stop()
        await beating
        status = await assistant.status()
        window.close()
        await bridge.close()
    await asyncio.to_thread(pool.shutdown)

    record_property("longest_pause_ms", round(heart.longest * 1000, 1))
    print(f"longest pause of the loop: {heart.longest * 1000:.0f} ms over {heart.beats} beats")
    assert ticket.queued == FILES
    assert status.totals.by_state == {"ready": FILES}
    assert answered_meanwhile, "a question was answered while files were still being embedded"
    assert heart.longest < LONGEST_PAUSE_S
