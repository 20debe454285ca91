"""The bridge: results and failures come back, events are gathered, the executor runs in Qt's pool."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtCore import QThread

from assistant.api.views import SourceState
from assistant.domain.errors import StorageError
from tests.fakes.assistant import IDLE, FakeAssistant, answer, citation
from ui.bridge import Bridge, Failure, QtExecutor


async def test_result_reaches_the_callback(bridge, assistant, until):
    got = []
    bridge.run(assistant.progress(), then=got.append)
    await until(lambda: got)
    assert got == [IDLE]


async def test_failure_is_shown_with_its_remedy(bridge, assistant, until):
    assistant.failures["verify"] = StorageError("The disk is full.", kept="Nothing was lost.", remedy="Free some space.")
    shown, own = [], []
    bridge.failed.connect(shown.append)
    bridge.run(assistant.verify())
    await until(lambda: shown)
    bridge.run(assistant.verify(), fail=own.append)
    await until(lambda: own)
    assert shown == own == [Failure("The disk is full.", "Nothing was lost.", "Free some space.")]


async def test_unexpected_error_does_not_show_its_insides(bridge, assistant, until):
    assistant.failures["verify"] = ValueError("secret-token")
    shown = []
    bridge.failed.connect(shown.append)
    bridge.run(assistant.verify())
    await until(lambda: shown)
    assert "ValueError" in shown[0].what
    assert "secret-token" not in f"{shown[0]}"


async def test_source_events_are_gathered_newest_per_source(bridge, assistant, until):
    batches = []
    bridge.sourcesChanged.connect(batches.append)
    for path in ("/a", "/b"):
        for state in (SourceState.QUEUED, SourceState.READING, SourceState.READY):
            assistant.move(path, state)
    await until(lambda: batches)
    assert [[(one.path, one.state) for one in batch] for batch in batches] == [[("/a", "ready"), ("/b", "ready")]]


async def test_progress_is_gathered(bridge, assistant, until):
    seen = []
    bridge.progressed.connect(seen.append)
    for done in range(50):
        assistant.progressed(IDLE.model_copy(update={"active": True, "files_total": 50, "files_done": done}))
    await until(lambda: seen)
    assert [one.files_done for one in seen] == [49]


async def test_claims_come_in_order_and_before_the_answer(bridge, assistant, until):
    cites = [citation(1, "/a.txt", "first"), citation(2, "/b.txt", "second")]
    assistant.answers["why"] = answer("why", [("First.", [1]), ("Second.", [2])], cites)
    seen = []
    bridge.claimFound.connect(lambda event: seen.append(event.claim.text))
    bridge.answered.connect(lambda event: seen.append(event.answer.question))
    bridge.run(assistant.ask("why", "window"))
    await until(lambda: "why" in seen)
    assert seen == ["First.", "Second.", "why"]


async def test_closing_cancels_what_still_runs(app):
    bridge = Bridge(FakeAssistant())
    bridge.start()
    task = bridge.run(asyncio.Event().wait())
    await asyncio.sleep(0)
    await bridge.close()
    assert task.cancelled()


async def test_executor_runs_in_qts_pool(app):
    with QtExecutor(2) as executor:
        inside = await asyncio.get_running_loop().run_in_executor(executor, lambda: QThread.currentThread().objectName())
        assert inside == "Thread (pooled)"
        with pytest.raises(ZeroDivisionError):
            await asyncio.get_running_loop().run_in_executor(executor, lambda: 1 // 0)


def test_executor_shutdown_waits_and_refuses_more(app):
    executor = QtExecutor(1)
    gate, begun = threading.Event(), threading.Event()

    def work():
        begun.set()
        return gate.wait(10)

    running = executor.submit(work)
    waiting = executor.submit(lambda: "never")
    begun.wait(10)
    with ThreadPoolExecutor(1) as other:
        closing = other.submit(executor.shutdown, cancel_futures=True)
        gate.set()
        closing.result(10)
    assert running.result(0) is True
    assert waiting.cancelled()
    with pytest.raises(RuntimeError):
        executor.submit(print)
