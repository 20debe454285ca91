"""The tool that looks things up in memory."""

from collections.abc import Mapping

from assistant.domain.tool import Arguments, Outcome
from assistant.tools.command import Command, Sight

__all__ = ["COMMANDS"]


async def ask(arguments: Arguments, sight: Sight) -> Outcome:
    """Answer a question with citations; an abstention counts as nothing found."""
    answer = await sight.memory.answer(str(arguments["question"]))
    return Outcome(text=answer.answer, citations=answer.citations, answer=answer, empty=answer.abstained)


COMMANDS: Mapping[str, Command] = {"ask": ask}
