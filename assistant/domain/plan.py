"""Intents, plans and the verdicts passed on their steps. Used by the orchestrator and the policy."""

from enum import StrEnum
from typing import Literal

from assistant.domain.base import Value
from assistant.domain.memory import RecallQuery


class Decision(StrEnum):
    """What the policy says of a step; anything unknown is ASK."""

    ALLOW = "allow"
    ASK = "ask"
    DENY = "deny"


class Action(Value):
    """A thing about to be done: its tool, the door it came through, and the literal paths it touches."""

    tool: str
    origin: str
    paths: tuple[str, ...] = ()
    writes: bool = False
    network: bool = False


class Verdict(Value):
    """The policy's decision with the rule that made it."""

    decision: Decision
    rule: str
    reason: str


class Intent(Value):
    """What a person wants: the language they wrote in and the recall query their words become."""

    kind: Literal["question"] = "question"
    question: str
    language: str
    query: RecallQuery


class Step(Value):
    """One step of a plan."""

    id: str
    action: Action
    query: RecallQuery


class Plan(Value):
    """Steps in order, with the correlation id that ties their events together."""

    id: str
    intent: Intent
    steps: tuple[Step, ...]
