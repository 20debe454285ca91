"""A clause with all that its words refer to, and how its parts are taken one by one. Used by the makers of arguments."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import JsonValue

from assistant.domain.tool import Arguments
from assistant.orchestrator.understanding.asking import AskedBack, question
from assistant.orchestrator.understanding.clauses import Clause
from assistant.orchestrator.understanding.folders import place_named
from assistant.orchestrator.understanding.mentions import Mention, Role, Sort
from assistant.orchestrator.understanding.pieces import MASK, Piece
from assistant.orchestrator.understanding.surroundings import Ground, paths


@dataclass(slots=True)
class Heard:
    """A clause being understood. What is taken is not taken twice; `answers` are what was answered for it, by slot.

    `before` are the arguments that name the files of the clause before, for "them" and "it"; `found` refers to what the
    step before finds, None where it finds nothing to write down.
    """

    clause: Clause
    where: Ground
    now: datetime
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    before: Arguments = field(default_factory=dict[str, JsonValue])
    found: Arguments | None = None
    mentions: list[Mention] = field(default_factory=list[Mention])
    used: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """Places of what was understood, so that what was not can be told."""

    @property
    def language(self) -> str:
        """The language of the request."""
        return self.clause.language

    @property
    def plain(self) -> str:
        """The plain text of the clause."""
        return self.clause.plain

    def says(self, pattern: str) -> bool:
        """Tell whether the clause has words of a pattern in it."""
        return self.clause.says(pattern)

    def ask(self, slot: str, text: str = "", choices: Sequence[tuple[str, str]] = (), about: str = "") -> AskedBack:
        """Return what is raised to ask for a slot."""
        return AskedBack(question(self.language, slot, text or slot, choices, about))

    def answer(self, slot: str) -> str:
        """Return what was answered for a slot, "" where nothing was."""
        return self.answers.get(slot, "").strip()

    def take(self, *roles: Role, sort: Sort | None = None, last: bool = False) -> Mention | None:
        """Take the first mention (or the last) with one of the roles, files or folders only where a sort is given."""
        fitting = [one for one in self.mentions if one.role in roles and (one.sort == sort if sort else one.sort != "text")]
        if not fitting:
            return None
        return self.keep(fitting[-1 if last else 0])

    def keep(self, mention: Mention) -> Mention:
        """Take a mention."""
        self.mentions.remove(mention)
        self.used.append((mention.start, mention.end))
        return mention

    def text(self, pattern: str = "") -> str:
        """Take the first quoted text, the first behind a pattern where one is given; "" where there is none."""
        places = {one.start for one in self.mentions if one.sort != "text" and one.role in ("in", "from", "of", "to")}
        for piece in sorted(self.clause.pieces, key=lambda piece: piece.start in places):  # 'in "~/my files" with the text "x"'
            if piece.kind == "quote" and not self._is_used(piece) and (not pattern or self._behind(piece, pattern)):
                self.drop(piece)
                return piece.value
        return ""

    def drop(self, piece: Piece) -> None:
        """Mark a piece as taken; no mention of it is left."""
        self.used.append((piece.start, piece.end))
        self.mentions = [one for one in self.mentions if (one.start, one.end) != (piece.start, piece.end)]

    def one_path(self, mention: Mention) -> str:
        """Return the path that a mention means; asks which of several."""
        answered = self.answer(f"which {mention.written}")
        if answered in mention.candidates:
            return answered
        if len(mention.candidates) > 1:
            choices = [(path, path) for path in mention.candidates]
            raise self.ask(f"which {mention.written}", "which", choices, mention.written)
        if not mention.candidates and self.answer("folder"):
            return self.written_path(self.answer("folder"))
        if not mention.candidates:
            raise self.folder_wanted()
        return mention.candidates[0]

    def folder_wanted(self) -> AskedBack:
        """Return the question for a folder, with the known places and the roots as choices."""
        held = dict.fromkeys((*self.where.roots, *(path for path in self.where.places.values() if self._granted(path))))
        return self.ask("folder", choices=[(path, paths.basename(path) or path) for path in held])

    def written_path(self, written: str) -> str:
        """Return the path that an answer means: a known place by its name, or a path as it is written."""
        clean = written.strip().strip("«»\"'“”")
        if not clean:
            return ""
        return place_named(clean, self.where) or self.where.absolute(clean)

    def loose(self) -> str:
        """Return the plain text with what was taken masked as pieces are; of equal length."""
        letters = list(self.plain)
        for start, end in self.used:
            letters[start:end] = MASK * (end - start)
        return "".join(letters)

    def forget_text(self, pattern: str) -> bool:
        """Mark the words of a pattern as understood; tell whether there were any."""
        found = [match.span() for match in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", self.plain)]
        self.used += found
        return bool(found)

    def _granted(self, path: str) -> bool:
        return any(path == root or path.startswith(root.rstrip("/\\") + paths.sep) for root in self.where.roots)

    def _is_used(self, piece: Piece) -> bool:
        return any(start <= piece.start < end for start, end in self.used)

    def _behind(self, piece: Piece, pattern: str) -> bool:
        return re.search(rf"(?<!\w)(?:{pattern})[\s:]*$", self.plain[: piece.start]) is not None
