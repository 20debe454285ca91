"""Intents, plans, the verdicts passed on their steps, and what became of them. Used by the orchestrator and the policy."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field, JsonValue

from assistant.domain.answer import Answer
from assistant.domain.base import Value
from assistant.domain.change import Applied, Conflict, FolderTime, Preview
from assistant.domain.memory import Cite, RecallQuery
from assistant.domain.tool import Arguments, EffectKind, Table, Taint


class Decision(StrEnum):
    """What the policy says of a step; anything unknown is ASK."""

    ALLOW = "allow"
    ASK = "ask"
    DENY = "deny"


class Action(Value):
    """A thing about to be done: its tool, the door it came through, and the literal paths it touches.

    Of an action that changes files `paths` are the entries it changes, and `reads` what it looks at besides. `effects` say
    what it does, `count` how many entries it touches, `reversible` whether undo takes all of it back. `taints` are the
    untrusted texts in its arguments; `plan` and `correlation` tie it to what it belongs to.
    """

    tool: str
    origin: str
    paths: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    writes: bool = False
    network: bool = False
    effects: tuple[EffectKind, ...] = ()
    count: int = 0
    reversible: bool = True
    taints: tuple[Taint, ...] = ()
    hosts: tuple[str, ...] = ()
    plan: str = ""
    correlation: str = ""


class Risk(Value):
    """How much could go wrong, 0 to 100, with the reasons; `stop` says why it is never done, whoever agrees."""

    score: int = Field(default=0, ge=0, le=100)
    level: Literal["none", "low", "medium", "high"] = "none"
    reasons: tuple[str, ...] = ()
    stop: str = ""


class Verdict(Value):
    """The policy's decision with the rule that made it, the risk, and the id of the grant that allowed it, if one did."""

    decision: Decision
    rule: str
    reason: str
    risk: Risk = Risk()
    grant: str = ""


class AuditRecord(Value):
    """A line of the record of verdicts; `hash` chains it to the line before."""

    seq: int
    at: datetime
    tool: str
    origin: str
    paths: tuple[str, ...]
    writes: bool
    network: bool
    decision: Decision
    rule: str
    reason: str
    correlation: str = ""
    hash: str = ""


GrantKind = Literal["once", "plan", "always"]


class Grant(Value):
    """A person's standing permission for a tool within a scope (a folder, all below it; "" only for tools without paths)."""

    id: str
    tool: str
    scope: str
    kind: GrantKind
    at: datetime
    expires: datetime | None = None
    plan: str = ""


class Intent(Value):
    """What a person wants: the language they wrote in, and for a question the recall query their words become.

    For an action `tool` names the command and `arguments` what was understood, not yet checked against its schema.
    """

    kind: Literal["question", "action"] = "question"
    question: str
    language: str
    query: RecallQuery = RecallQuery(text="")
    tool: str = ""
    arguments: Arguments = Field(default_factory=dict[str, JsonValue])


class Question(Value):
    """The one thing that is asked back: a missing argument (`slot`) or a choice; answers are free text unless `choices`."""

    slot: str
    text: str
    choices: tuple[tuple[str, str], ...] = ()
    """Pairs of value and label."""


class Understanding(Value):
    """What came of a request: intents in order, or what has to be asked first, or what comes nearest to what cannot be done."""

    intents: tuple[Intent, ...] = ()
    question: Question | None = None
    nearest: tuple[str, ...] = ()
    """Example requests that can be done."""


class Step(Value):
    """One step of a plan: a command with literal arguments.

    `after` names the steps it waits for; steps of one `group` may run side by side. An argument {"from": step, "take":
    "text" | "table" | "citations"} is filled from what that step found.
    """

    id: str
    tool: str
    arguments: Arguments = Field(default_factory=dict[str, JsonValue])
    title: str = ""
    after: tuple[str, ...] = ()
    group: int = 0
    evidence: tuple[Cite, ...] = ()


class Plan(Value):
    """Steps in order, with the correlation id that ties their events together, and the door the request came through."""

    id: str
    request: str
    language: str
    origin: str
    steps: tuple[Step, ...]


StepState = Literal["waiting", "running", "done", "failed", "skipped", "undone"]


class StepView(Value):
    """A step as it stands: its verdict, what it reads, writes and takes, and what it said or found.

    `left_out` are hunks that are not taken, by path.
    """

    step: Step
    verdict: Verdict
    effects: tuple[EffectKind, ...] = ()
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    taints: tuple[Taint, ...] = ()
    estimate_s: float = 0.0
    changes: int = 0
    state: StepState = "waiting"
    text: str = ""
    table: Table | None = None
    left_out: dict[str, tuple[int, ...]] = Field(default_factory=dict[str, tuple[int, ...]])


ProposalState = Literal["ready", "question", "unsupported", "nothing", "denied", "conflict", "running", "ended"]


class Proposal(Value):
    """What Mneme would do for a request, before it does it.

    `ready` waits for an approval of `preview.digest`; `question` for an answer; `denied` and `conflict` say in `message`
    why it will not happen, `nothing` that there is nothing to do. A plan that needs no approval is carried out at once: it is
    `ended` where it only looks (what it found is in `steps` and `answer`), else `running` as `run`.
    """

    id: str
    state: ProposalState
    request: str
    language: str
    plan: Plan | None = None
    steps: tuple[StepView, ...] = ()
    preview: Preview | None = None
    decision: Decision = Decision.ASK
    risk: Risk = Risk()
    question: Question | None = None
    nearest: tuple[str, ...] = ()
    message: str = ""
    answer: Answer | None = None
    run: str = ""


class PlanEdit(Value):
    """A change a person makes to a plan before it runs; empty parts change nothing.

    `drop` names steps, `order` all remaining ones, `arguments` new values by step and name; `left_out` hunks that are not
    taken, by path; `skip` paths whose changes are not made.
    """

    drop: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    arguments: dict[str, Arguments] = Field(default_factory=dict[str, Arguments])
    left_out: dict[str, tuple[int, ...]] = Field(default_factory=dict[str, tuple[int, ...]])
    skip: tuple[str, ...] = ()


RunState = Literal["running", "done", "failed", "cancelled", "interrupted", "undone", "partly undone"]


class Run(Value):
    """What became of an approved plan. A failed or cancelled one says in `reason` what stands: `standing` changes of `total`.

    `interrupted` was cut off by the end of the process and can be finished or undone.
    """

    id: str
    plan: Plan
    state: RunState
    began: datetime
    ended: datetime | None = None
    steps: tuple[StepView, ...] = ()
    total: int = 0
    standing: int = 0
    reason: str = ""
    uncovered: tuple[str, ...] = ()
    undoable: bool = True


class RunLog(Value):
    """The changes behind a run: what was meant to happen in order, what did, and folders' times from before."""

    preview: Preview
    applied: tuple[Applied, ...] = ()
    reverted: tuple[int, ...] = ()
    times: tuple[FolderTime, ...] = ()


Reconciling = Literal["refuse", "skip", "keep both", "merge"]


class Reverted(Value):
    """What an undo or a redo did: how many changes, and what it left alone for which reason.

    `conflicts` with `refuse` mean that nothing was done.
    """

    run: Run
    changes: int
    conflicts: tuple[Conflict, ...] = ()
    kept_both: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()


UndertakingKind = Literal["run", "take back", "undo", "redo", "call"]


class Undertaking(Value):
    """Something under way that the end of the process would cut off: `done` of `total` changes where they are counted.

    `what` is the request of a run, or the name of a call.
    """

    kind: UndertakingKind
    what: str
    run_id: str = ""
    done: int = 0
    total: int = 0
