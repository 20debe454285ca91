"""Joins what measures Mneme while it runs: the meter, golden runs, tuning, the rounds and the check-up. Called by `bootstrap`."""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.adapters.system.resident import resident
from assistant.api.doctor import taken
from assistant.app.deeds import UNDO
from assistant.app.engines import OpenMemory
from assistant.app.environment import Environment
from assistant.app.judging import BundledSet
from assistant.app.keeping import Disk, Keeper
from assistant.bus import Bus
from assistant.domain.upkeep import ActorFigures
from assistant.eval.baseline import tolerances
from assistant.eval.checkup import Checkup, Machine
from assistant.eval.own import OwnSet
from assistant.eval.rounds import Rounds
from assistant.eval.runs import GoldenRuns
from assistant.eval.tuning import Tuning
from assistant.orchestrator.meter import Meter
from assistant.orchestrator.scheduler import Scheduler
from assistant.orchestrator.watching import Watching
from assistant.ports.system import Clock, IdSource, PowerSource

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Measuring:
    """The parts that measure, as the façade and the life cycle need them."""

    runs: GoldenRuns
    tuning: Tuning
    rounds: Rounds
    checkup: Checkup


def measuring(
    env: Environment,
    held: OpenMemory,
    meter: Meter,
    scheduler: Scheduler,
    own: OwnSet,
    bundled: BundledSet,
    watching: Watching,
    keeping: Keeper,
    power: PowerSource,
    actors: Callable[[], tuple[ActorFigures, ...]],
    around: tuple[Bus, Clock, IdSource],
) -> Measuring:
    """Build everything that measures."""
    bus, clock, ids = around
    memory, settings = held.memory, env.settings
    allowed = tolerances(env.resources / "golden" / "baseline.json")
    runs = GoldenRuns(memory, held.health, own, bundled.measure, allowed, bus, clock, ids)
    least = settings.quality.tune_questions
    tuning = Tuning(memory, held.health, own, bundled.hits, settings.recall, least, clock, ids)
    rounds = Rounds(memory, scheduler, meter, held.health, runs, settings.quality, clock, power)
    kept, most = env.places.data / UNDO, settings.acting.undo_budget_mb * MIB
    machine = Machine(
        disk_used=Disk(env.places).used,
        memory_used=resident,
        undo=lambda: (taken(kept), most),
        pools=held.pools.figures,
        actors=actors,
    )
    checkup = Checkup(
        memory,
        scheduler,
        held.spaces,
        held.health,
        own,
        runs,
        tuning,
        settings.upkeep,
        machine,
        clock,
        rounds.flush,
        watching.roots,
        keeping.backups,
    )
    return Measuring(runs, tuning, rounds, checkup)
