"""Background work: a failure is told and stops nothing else; at the end everything is cancelled."""

import asyncio
import logging

import pytest

from assistant.bus import Supervisor
from assistant.domain.events import Warned
from tests.fakes.runtime import FakeClock, FakeIds, RecordingEvents


@pytest.fixture
def events() -> RecordingEvents:
    return RecordingEvents()


@pytest.fixture
def supervisor(events: RecordingEvents) -> Supervisor:
    return Supervisor(events, FakeClock(), FakeIds())


async def fail() -> None:
    raise RuntimeError("the disk is full")


async def test_a_failure_is_logged_and_told_by_name(
    supervisor: Supervisor, events: RecordingEvents, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        await supervisor.start("reading", fail()).wait()
    warned = events.published[0]
    assert isinstance(warned, Warned)
    assert warned.level == "error"
    assert "reading" in warned.text
    assert "the disk is full" in warned.text
    assert "reading" in caplog.text


async def test_work_that_ends_or_is_cancelled_is_no_failure(supervisor: Supervisor, events: RecordingEvents) -> None:
    await supervisor.start("short", asyncio.sleep(0)).wait()
    endless = supervisor.start("endless", asyncio.Event().wait())  # type: ignore[arg-type]
    endless.cancel()
    await endless.wait()
    assert events.published == []


async def test_closing_cancels_what_runs_and_waits_for_it(supervisor: Supervisor) -> None:
    tidied = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            tidied.set()

    supervisor.start("work", work())
    await asyncio.sleep(0)
    await supervisor.close(5.0)
    assert tidied.is_set()
    await supervisor.close(5.0)
