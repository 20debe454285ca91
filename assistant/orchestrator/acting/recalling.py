"""Memory as tools may use it: looked up for the door a plan came through, and noted like any other recall."""

from collections.abc import Sequence

from assistant.domain.answer import Answer
from assistant.domain.memory import ContextPack, RecallQuery
from assistant.domain.plan import Action
from assistant.memory.service import Memory
from assistant.orchestrator.conversation import Conversation
from assistant.orchestrator.planner import RECALL
from assistant.policy import PolicyEngine


class OwnMemory:
    """Fulfils `assistant.ports.acting.Recalling`."""

    def __init__(self, memory: Memory, conversation: Conversation, policy: PolicyEngine, origin: str) -> None:
        self._memory = memory
        self._conversation = conversation
        self._policy = policy
        self._origin = origin

    async def gather(self, query: RecallQuery, budget: int) -> ContextPack:
        """See Recalling.gather. Raises PolicyDeniedError."""
        await self._policy.require(Action(tool=RECALL, origin=self._origin))
        pack = await self._memory.gather(query, budget)
        await self._memory.note_recall(self._origin, "recall", query.text, [one.source_id for one in pack.evidence])
        return pack

    async def excerpts(self, paths: Sequence[str], each: int) -> ContextPack:
        """See Recalling.excerpts. Raises PolicyDeniedError."""
        await self._policy.require(Action(tool=RECALL, origin=self._origin))
        pack = await self._memory.excerpts(paths, each)
        await self._memory.note_recall(self._origin, "recall", pack.query, [one.source_id for one in pack.evidence])
        return pack

    async def answer(self, question: str) -> Answer:
        """See Recalling.answer. Raises PolicyDeniedError."""
        return await self._conversation.ask(question, self._origin)
