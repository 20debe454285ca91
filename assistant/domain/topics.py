"""Under which topic of the specification (section 3) a fact flows over the bus. Pure; used by whoever listens to kinds."""

from collections.abc import Mapping
from typing import Literal

from assistant.domain import events
from assistant.domain.events import Event

Topic = Literal[
    "intent",
    "plan",
    "tool.invoked",
    "fs.diff",
    "memory.ingest",
    "memory.compact",
    "memory.gc",
    "memory.eval",
    "policy.block",
    "job.progress",
    "llm.tokens",
    "error",
]

TOPICS: Mapping[type[Event], Topic] = {
    events.IntentRecognised: "intent",
    events.QuestionAsked: "intent",
    events.PlanPreviewed: "plan",
    events.ApprovalAwaited: "plan",
    events.PlanDecided: "plan",
    events.StepChanged: "tool.invoked",
    events.MemoryRecalled: "tool.invoked",
    events.FilesChanged: "fs.diff",
    events.RunEnded: "fs.diff",
    events.RunReverted: "fs.diff",
    events.IngestStarted: "memory.ingest",
    events.IngestFinished: "memory.ingest",
    events.SourceChanged: "memory.ingest",
    events.SourceRemembered: "memory.ingest",
    events.ChangesNoticed: "memory.ingest",
    events.RootChanged: "memory.ingest",
    events.MemoryCompacted: "memory.compact",
    events.SpaceChanged: "memory.compact",
    events.SpaceGivenBack: "memory.gc",
    events.SourceForgotten: "memory.gc",
    events.GoldenRunEnded: "memory.eval",
    events.PolicyBlocked: "policy.block",
    events.VerdictRecorded: "policy.block",
    events.JobProgressed: "job.progress",
    events.PreviewProgressed: "job.progress",
    events.VerifyProgressed: "job.progress",
    events.ModelChanged: "job.progress",
    events.ClaimFound: "llm.tokens",
    events.AnswerReady: "llm.tokens",
    events.IngestFailed: "error",
    events.ActorRestarted: "error",
    events.Warned: "error",
}
"""An answer streams as its claims: without a language model these stand for its tokens."""


def topic_of(event: Event) -> Topic:
    """Return the topic of a fact."""
    return TOPICS[type(event)]
