"""Half speed on battery: rests as long as the work before them, ended at once by what cannot wait."""

import asyncio

import pytest

from assistant.config.schema import Pools
from assistant.orchestrator.pace import LONGEST_REST, LOOK_SECONDS, Pace
from tests.fakes.runtime import FakePower


class HandClock:
    """A Clock whose seconds the test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def monotonic(self) -> float:
        return self.seconds


class Rests:
    """Stands for sleeping: writes down how long, and lets that time pass."""

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        self.clock.seconds += seconds


def at(share: float, battery: bool) -> tuple[Pace, HandClock, Rests, FakePower]:
    clock, power = HandClock(), FakePower()
    rests = Rests(clock)
    power.battery = battery
    pace = Pace(power, Pools(battery_share=share), clock, rests)  # type: ignore[arg-type]  # asks for the seconds alone
    return pace, clock, rests, power


@pytest.mark.parametrize(("share", "rest"), [(0.5, 2.0), (0.8, 0.5)])
async def test_on_battery_work_takes_the_configured_share_of_the_time(share: float, rest: float) -> None:
    pace, clock, rests, _ = at(share, battery=True)
    for _ in range(3):
        await pace.rest()
        clock.seconds += 2.0
    assert rests.taken == pytest.approx([rest, rest])
    assert pace.slowed


@pytest.mark.parametrize(("share", "battery"), [(0.5, False), (1.0, True)])
async def test_on_the_mains_or_when_so_set_nothing_rests(share: float, battery: bool) -> None:
    pace, clock, rests, _ = at(share, battery)
    for _ in range(3):
        await pace.rest()
        clock.seconds += 2.0
    assert rests.taken == []
    assert not pace.slowed


async def test_a_plug_that_is_pulled_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    pace, clock, rests, power = at(0.5, battery=False)
    await pace.rest()
    power.battery = True
    clock.seconds += LOOK_SECONDS
    await pace.rest()
    assert rests.taken == [LONGEST_REST]  # a long stretch is not slept away
    power.battery = False
    clock.seconds += LOOK_SECONDS
    await pace.rest()
    assert not pace.slowed
    assert len(rests.taken) == 1


async def test_what_passed_idle_was_no_work() -> None:
    pace, clock, rests, _ = at(0.5, battery=True)
    await pace.rest()
    pace.idle()
    clock.seconds += 3600.0
    await pace.rest()
    assert rests.taken == []


async def test_a_rest_ends_when_something_waits_for_it() -> None:
    clock, power = HandClock(), FakePower()
    power.battery = True
    pace = Pace(power, Pools(battery_share=0.5), clock)  # type: ignore[arg-type]
    await pace.rest()
    clock.seconds += 5.0
    async with asyncio.timeout(2.0):  # the rest would last five
        resting = asyncio.ensure_future(pace.rest())
        while not resting.done():
            pace.hurry()
            await asyncio.sleep(0)
