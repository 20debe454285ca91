"""Facts reach every subscriber in order, at its own pace, until the end."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from assistant.bus import Bus
from assistant.domain.events import Event, JobProgressed, QuestionAsked, SourceChanged, Warned

AT = datetime(2026, 11, 22, tzinfo=UTC)


def asked(number: int) -> QuestionAsked:
    return QuestionAsked(id=f"ev_{number}", at=AT, question="?")


def moved(source: str, state: str) -> SourceChanged:
    return SourceChanged(id=f"ev_{source}_{state}", at=AT, source_id=source, path=source, state=state)


def progressed(done: int) -> JobProgressed:
    counts = dict.fromkeys(["files_total", "files_searchable", "files_failed", "chunks_total", "chunks_embedded"], 0)
    said = {"id": f"ev_p{done}", "at": AT, "files_done": done, "eta_s": None, "paused": False}
    return JobProgressed.model_validate(said | counts)


async def read(events: AsyncIterator[Event]) -> list[Event]:
    async with asyncio.timeout(5):
        return [event async for event in events]


async def test_everyone_hears_what_is_published_after_they_came() -> None:
    bus = Bus()
    early = bus.subscribe()
    bus.publish(asked(1))
    late = bus.subscribe()
    bus.publish(asked(2))
    bus.close()
    assert await read(early) == [asked(1), asked(2)]
    assert await read(late) == [asked(2)]


async def test_a_slow_reader_gets_the_newest_progress_and_the_newest_state_of_each_source() -> None:
    bus = Bus()
    events = bus.subscribe()
    for event in [progressed(1), moved("a", "queued"), moved("b", "queued"), progressed(2), moved("a", "ready"), asked(1)]:
        bus.publish(event)
    bus.close()
    assert await read(events) == [progressed(2), moved("a", "ready"), moved("b", "queued"), asked(1)]


async def test_who_stops_reading_is_forgotten() -> None:
    bus = Bus()
    events = bus.subscribe()
    bus.publish(asked(1))
    assert await anext(events) == asked(1)
    await events.aclose()  # type: ignore[attr-defined]
    bus.publish(asked(2))
    bus.close()
    assert await read(events) == []


async def test_who_comes_after_the_end_does_not_wait_for_ever() -> None:
    bus = Bus()
    bus.close()
    assert await read(bus.subscribe()) == []


async def test_warnings_of_opening_wait_for_the_first_who_can_show_them() -> None:
    bus = Bus()
    warned = Warned(id="ev_w", at=AT, level="warning", code="damaged", text="The text index is damaged.")
    bus.publish(warned)
    bus.publish(asked(1))
    follower = bus.subscribe(inside=True)
    first, second = bus.subscribe(), bus.subscribe()
    bus.close()
    assert await read(follower) == []
    assert await read(first) == [warned]
    assert await read(second) == []
