"""Vector spaces (the vectors of one model over all chunks) and the questions whose answers a person confirmed."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from assistant.domain.base import Value

SpaceState = Literal["building", "ready", "active", "kept", "failed"]
"""building: filled beside the one that answers; ready: complete, waits for the golden set or a person; active: it answers;

kept: it answered before and can again; failed: it cannot be built, for the recorded reason."""


class SpaceRecord(Value):
    """What is recorded of a space. `model` is the model's id and revision, and names the space.

    `done` of `total` chunks have their vectors, as far as was last written down. `figures` are those of the golden sets by
    name: `golden.*` of the bundled set, `mine.*` of the person's own. `reason` says why it failed or is not switched to.
    `recut` tells that sources cut for another model may still have to be cut anew.
    """

    model: str
    dimensions: int
    state: SpaceState
    reason: str = ""
    done: int = 0
    total: int = 0
    recut: bool = False
    figures: dict[str, float] = Field(default_factory=dict)
    updated: datetime

    @property
    def model_id(self) -> str:
        """The model's id in the catalogue."""
        return self.model.partition("@")[0]


class Judgement(Value):
    """What the golden sets say of a new space beside the one that answers; `reasons` names every figure that is worse."""

    passed: bool
    reasons: tuple[str, ...] = ()
    figures: dict[str, float] = Field(default_factory=dict)


class ConfirmedPlace(Value):
    """Where a confirmed answer stands: the quote letter for letter, in a remembered source."""

    source_id: str
    path: str
    quote: str
    line: int | None = None
    line_end: int | None = None
    page: int | None = None
    cell: str | None = None


class ConfirmedCase(Value):
    """A question with the places that a person called right; any one of them is enough."""

    id: str
    question: str
    language: str
    at: datetime
    places: tuple[ConfirmedPlace, ...]
