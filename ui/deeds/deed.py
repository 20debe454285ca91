"""A request on its way: what is proposed for it, how far it is, what came of it. Kept by the desk, shown by cards and docks."""

from dataclasses import dataclass, field
from typing import Literal

from assistant.api.views import Conflict, Proposal, Run, StepView
from ui.bridge import Failure
from ui.item_models.deed_words import steps_of

MOST_OUTPUT = 400
"""Lines of output kept per step; older ones go."""

Phase = Literal["planning", "proposed", "running", "ended", "withdrawn", "failed"]
REVERTED = ("undone", "partly undone")


@dataclass(slots=True)
class Live:
    """How far a step is now: its state ("" not begun), counts (`total` 0: unknown), and what it said."""

    state: str = ""
    done: int = 0
    total: int = 0
    output: list[str] = field(default_factory=list[str])

    def say(self, text: str) -> None:
        """Take a line of output; the same line twice running is one."""
        if text and (not self.output or self.output[-1] != text):
            self.output.append(text)
            del self.output[:-MOST_OUTPUT]


@dataclass(slots=True, eq=False)
class Deed:
    """A request with its proposal and its run, as far as there are any; `failure` is what went wrong last.

    `busy` tells that the core was asked for something about it and has not answered yet. `clashes` are files that were changed
    since, which an undo (or, with `redoing`, a redo) of `step` ("" all) would overwrite: a person chooses what becomes of them.
    """

    request: str
    context: tuple[str, ...] = ()
    proposal: Proposal | None = None
    run: Run | None = None
    failure: Failure | None = None
    busy: bool = False
    withdrawn: bool = False
    live: dict[str, Live] = field(default_factory=dict[str, Live])
    clashes: tuple[Conflict, ...] = ()
    redoing: bool = False
    step: str = ""
    told: str = ""

    @property
    def id(self) -> str:
        """The id of the plan, "" while there is none."""
        if self.proposal is not None:
            return self.proposal.id
        return self.run.plan.id if self.run is not None else ""

    @property
    def phase(self) -> Phase:
        """Where it is on its way."""
        if self.withdrawn:
            return "withdrawn"
        if self.run is not None:
            return "running" if self.run.state == "running" else "ended"
        if self.proposal is None:
            return "failed" if self.failure is not None else "planning"
        return {"running": "running", "ended": "ended"}.get(self.proposal.state, "proposed")  # pyright: ignore[reportReturnType]

    @property
    def waits(self) -> bool:
        """Tell whether it waits for a person."""
        return self.phase == "proposed" and self.proposal is not None and self.proposal.state in ("ready", "question")

    @property
    def steps(self) -> tuple[StepView, ...]:
        """The steps as they stand."""
        return steps_of(self.proposal, self.run)

    @property
    def reverted(self) -> bool:
        """Tell whether it was taken back, wholly or in part."""
        return self.run is not None and self.run.state in REVERTED

    def state_of(self, view: StepView) -> str:
        """Return the state of a step: the latest that was heard of it while it runs, else what the core says."""
        if self.phase == "ended" and self.run is None:
            return "done"  # it only looked, and was not asked to wait
        live = self.live.get(view.step.id)
        return live.state if live is not None and live.state and self.phase == "running" else view.state

    def progress(self) -> tuple[int, int]:
        """Return how much of the whole is done, of how much; (0, 0) where that is unknown."""
        known = [live for live in self.live.values() if live.total]
        return sum(live.done for live in known), sum(live.total for live in known)
