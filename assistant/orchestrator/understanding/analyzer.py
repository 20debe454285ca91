"""From a request to intents, one question back, or what comes nearest, by rules. Called by the flow of proposals."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.domain.plan import Intent, Understanding
from assistant.domain.tool import Arguments
from assistant.orchestrator.intent import analyse as as_question
from assistant.orchestrator.understanding.asking import AskedBack, question
from assistant.orchestrator.understanding.clauses import Clause, Mood, clauses, language_of
from assistant.orchestrator.understanding.commands import command_of
from assistant.orchestrator.understanding.filling import FILES
from assistant.orchestrator.understanding.folders import folder_names
from assistant.orchestrator.understanding.following import asked_for, findings, merged, referred
from assistant.orchestrator.understanding.heard import Heard
from assistant.orchestrator.understanding.looking import ASK, NOTHING
from assistant.orchestrator.understanding.mentions import Mention, mentions
from assistant.orchestrator.understanding.nearest import examples, near
from assistant.orchestrator.understanding.repositories import REPOSITORIES
from assistant.orchestrator.understanding.several import steps
from assistant.orchestrator.understanding.surroundings import Ground, Surroundings, find, folders_of, ground, paths
from assistant.orchestrator.understanding.texts import TEXTS

_MAKERS: Mapping[str, Callable[[Heard], Arguments]] = {**FILES, **TEXTS, **REPOSITORIES}
LONGEST = 20_000
"""Characters of a request; what is longer is a text, not a request."""
SURE = 0.3
"""Similarity of a request to a guide from which the command is offered as a choice."""


class Guided(Protocol):
    """A command whose guide comes near a request: how near (0 to 1), and its title in the language of the request."""

    @property
    def command(self) -> str:
        """Its full name."""
        ...

    @property
    def score(self) -> float:
        """How near it is."""
        ...

    @property
    def title(self) -> str:
        """What it is called."""
        ...


Guides = Callable[[str, str, int], Awaitable[Sequence[Guided]]]
"""Finds the guides nearest to a text: text, language, how many."""
Check = Callable[[str, Arguments], str]
"""Tells which argument of a command does not fit its schema, "" when all fit."""


@dataclass(frozen=True, slots=True)
class RuleAnalyzer:
    """IntentAnalyzer by rules. A command is never guessed: where rules are unsure the nearest guides are offered as choices."""

    around: Surroundings
    now: Callable[[], datetime]
    guides: Guides | None = None
    check: Check | None = None

    async def analyse(self, request: str, context: Sequence[str] = (), answers: Mapping[str, str] | None = None) -> Understanding:
        """Return intents, or the one question that comes first, or what comes nearest.

        `answers` hold what was answered to earlier questions about the same request, by their slots.
        """
        if len(request) > LONGEST:
            return Understanding(nearest=examples(near(""), language_of(request, request)))
        where = await ground(self.around, context)
        heard = merged(clauses(request, where.spaced))
        where = await self._looked_up(where, heard)
        given = answers or {}
        intents, before, found = list[Intent](), list[Arguments](), list[Arguments]()
        for n, clause in enumerate(heard, 1):
            command = given.get(_slot(n, "command"), "") or command_of(clause)
            if clause.mood in (Mood.NEGATED, Mood.IMPOSSIBLE) or command == NOTHING:
                return await self._unsure(clause, n, heard)
            if command == ASK:
                intents.append(as_question(asked_for(clause.text)))
                found = [one] if (one := findings(command, len(intents))) else []
                continue
            own = _own(given, n)
            try:
                made = self._steps(command, clause, where, own, before, found)
            except AskedBack as asked:
                back = asked.question
                return Understanding(question=back.model_copy(update={"slot": _slot(n, back.slot)}))
            intents += [
                Intent(kind="action", question=clause.text.strip(), language=clause.language, tool=tool, arguments=arguments)
                for tool, arguments in made
            ]
            before = [one for tool, arguments in made for one in referred(tool, arguments)] or before
            first = len(intents) - len(made) + 1
            found = [one for number in range(first, len(intents) + 1) if (one := findings(command, number))]
        return Understanding(intents=tuple(intents))

    async def _looked_up(self, where: Ground, heard: Sequence[Clause]) -> Ground:
        """Look for the relative names of a request; the folders below the roots only where something is not at hand."""
        names = [
            piece.value
            for clause in heard
            for piece in clause.pieces
            if piece.kind in ("path", "quote") and _relative(piece.value)
        ]
        bare = [name for clause in heard for name in folder_names(clause)]
        files = self.around.files
        found = {name: await find(files, where, name) for name in dict.fromkeys([*names, *bare])}
        if all(found.values()):
            return Ground(where.home, where.places, where.roots, where.folder, where.selected, (), where.spaced, found)
        folders = await folders_of(files, where.roots)
        wide = Ground(where.home, where.places, where.roots, where.folder, where.selected, folders, where.spaced, {})
        found = {name: there or (await find(files, wide, name) if name in names else ()) for name, there in found.items()}
        return Ground(where.home, where.places, where.roots, where.folder, where.selected, folders, where.spaced, found)

    def _steps(
        self,
        command: str,
        clause: Clause,
        where: Ground,
        own: Mapping[str, str],
        before: Sequence[Arguments],
        found: Sequence[Arguments],
    ) -> list[tuple[str, Arguments]]:
        """Return the tools and arguments of a clause's steps: one for each place, and for each of what "them" stands for."""
        named, now = mentions(clause, where), self.now()
        made = list[tuple[str, Arguments]]()
        for them in before or [{}]:
            for finding in found or [None]:

                def make(
                    kept: Sequence[Mention], over: Sequence[Mention], them: Arguments = them, finding: Arguments | None = finding
                ) -> Arguments:
                    spans = [(one.start, one.end) for one in over]
                    return _MAKERS[command](Heard(clause, where, now, own, them, finding, [*kept], spans))

                for arguments in steps(command, clause, named, make, own.get("place", "")):
                    self._checked(command, arguments, clause)
                    # A second finding goes below the first one in the file that was written for it.
                    tool = "text.append" if command == "text.create" and made and finding is not None else command
                    made += [] if any(arguments == other for _, other in made) else [(tool, arguments)]
        return made

    def _checked(self, command: str, arguments: Arguments, clause: Clause) -> None:
        literal: Arguments = {name: "…" if isinstance(value, dict) else value for name, value in arguments.items()}
        wrong = self.check(command, literal) if self.check else ""
        if wrong:
            known = wrong if wrong in ("target", "path", "paths", "folder", "name", "message", "pattern") else "command"
            raise AskedBack(question(clause.language, wrong, known))

    async def _unsure(self, clause: Clause, n: int, heard: Sequence[Clause]) -> Understanding:
        """Offer the nearest commands as choices when one is near enough; else examples of what can be done."""
        text, language = clause.text.strip(), clause.language
        guided = await self.guides(text, language, 3) if self.guides and text else ()
        offered = [one for one in guided if one.score >= SURE and one.command in _MAKERS]
        if offered and clause.mood in (Mood.STATEMENT, Mood.COMMAND):
            choices = [(one.command, one.title) for one in offered]
            return Understanding(question=question(language, _slot(n, "command"), "command", choices))
        ranked = near(" ".join(one.plain for one in heard))
        return Understanding(nearest=examples([*ranked, *(one.command for one in guided)], language))


def _relative(value: str) -> bool:
    return len(value) <= 255 and "\n" not in value and "\0" not in value and not paths.isabs(value) and not value.startswith("~")


def _slot(n: int, slot: str) -> str:
    """Return the name of a slot: those of later clauses carry their number."""
    return slot if n == 1 else f"{n}.{slot}"


def _own(answers: Mapping[str, str], n: int) -> dict[str, str]:
    """Return the answers that belong to the n-th clause, by the clause's own slots."""
    lead = "" if n == 1 else f"{n}."
    return {name[len(lead) :]: value for name, value in answers.items() if name.startswith(lead)}
