"""Taking what a person forgets out of the record of runs. Pure; used by the stores of runs.

A run that has to do with a forgotten path keeps what was done, when and how it ended; its words, and everything about that
path, go. Contents that were made from a forgotten file go as well: only doing such a step again needs them.
"""

import os
import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import PurePath

from assistant.domain.change import Change, ChangeKind
from assistant.domain.plan import Run, RunLog, Step, StepView, Verdict

FORGOTTEN = "forgotten:"


def marked_out(path: str) -> str:
    """Return the digest that stands in a record in the place of a forgotten path."""
    return FORGOTTEN + blake2b(path.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def is_forgotten(change: Change) -> bool:
    """Tell whether a change of a run was forgotten: it can neither be done nor undone."""
    return change.path.startswith(FORGOTTEN)


class Doomed:
    """Paths that are forgotten, with all below them; grows by former names while runs are looked through newest first."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = {os.path.normpath(path) for path in paths if path}
        self._know()

    def covers(self, path: str) -> bool:
        """Tell whether a path is one of these or lies below one, by whole names."""
        place = os.path.normpath(path) if path else ""
        while place:
            if place in self._paths:
                return True
            above = os.path.dirname(place)  # noqa: PTH120  # a history holds a million paths: no objects for each
            place = above if above != place else ""
        return False

    def concerns(self, path: str) -> bool:
        """Tell whether a path is covered, or is a folder above one of these."""
        return bool(path) and (path in self._above or self.covers(path))

    def named_in_run(self, run: Run) -> bool:
        """Tell whether any text of a run names one of these paths."""
        return any(self.named_in(text) for text in _strings(run.model_dump(mode="json")))

    def named_in(self, text: str) -> bool:
        """Tell whether a text names one of these paths, or one below it."""
        return bool(self._paths) and self._pattern.search(text) is not None

    def follow(self, changes: Iterable[Change]) -> None:
        """Take in what these paths were called before the moves among these changes, which are given in their order."""
        known = len(self._paths)
        for change in reversed(list(changes)):
            if change.kind is ChangeKind.MOVE:
                self._paths.update(_former_names(change, self._paths))
        if len(self._paths) != known:
            self._know()

    def _know(self) -> None:
        self._above = {str(parent) for path in self._paths for parent in PurePath(path).parents}
        names = "|".join(re.escape(path) for path in sorted(self._paths, key=len, reverse=True))
        self._pattern = re.compile(rf"(?<![\w.-])(?:{names})(?![\w-]|\.\w)")


def _former_names(change: Change, paths: set[str]) -> Iterator[str]:
    now = PurePath(change.to)
    for path in list(paths):
        if PurePath(path).is_relative_to(now):
            yield str(PurePath(change.path) / PurePath(path).relative_to(now))
        elif now.is_relative_to(path):
            yield change.path


def erased(run: Run, log: RunLog, doomed: Doomed) -> tuple[Run, RunLog] | None:
    """Return a run and its log without anything about these paths; None when it has nothing to do with them."""
    changes = (*log.preview.changes, *(done.change for done in log.applied))
    doomed.follow(changes)
    if not any(doomed.covers(change.path) or doomed.covers(change.to) for change in changes) and not doomed.named_in_run(run):
        return None
    made = _made_from(run, doomed)
    planned = tuple(_blank(change, doomed, made) for change in log.preview.changes)
    left = ((done, _blank(done.change, doomed, made)) for done in log.applied)
    applied = tuple(
        done if change is done.change else done.model_copy(update={"change": change})
        for done, change in left
        if not is_forgotten(change)
    )
    preview = log.preview.model_copy(update={"changes": planned, "conflicts": (), "uncovered": ()})
    kept = {done.n for done in applied}
    reverted = tuple(n for n in log.reverted if n in kept)
    times = tuple(time for time in log.times if not doomed.covers(time.path))
    undoable = run.undoable and (bool(kept) or not log.applied)
    rest = RunLog(preview=preview, applied=applied, reverted=reverted, times=times)
    return wordless(run).model_copy(update={"undoable": undoable}), rest


def wordless(run: Run) -> Run:
    """Return a run without a word of the request, of arguments, of what was found, and without names of files."""
    steps = tuple(_wordless_step(step) for step in run.plan.steps)
    plan = run.plan.model_copy(update={"request": "", "steps": steps})
    views = tuple(_wordless_view(view) for view in run.steps)
    return run.model_copy(update={"plan": plan, "steps": views, "reason": "", "uncovered": ()})


def digests(log: RunLog) -> set[str]:
    """Return the contents that undoing a run or doing it again needs."""
    found = {change.blob for change in log.preview.changes}
    for done in log.applied:
        found |= {done.blob, done.change.blob}
    return found - {""}


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
            yield str(key)  # pyright: ignore[reportUnknownArgumentType]
            yield from _strings(inner)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, list | tuple):
        for inner in value:  # pyright: ignore[reportUnknownVariableType]
            yield from _strings(inner)  # pyright: ignore[reportUnknownArgumentType]


def _made_from(run: Run, doomed: Doomed) -> dict[str, frozenset[str]]:
    """Return, by step, what the steps read that read one of these paths."""
    found: dict[str, frozenset[str]] = {}
    for view in run.steps:
        sources = (*view.reads, *(cite.path for cite in view.step.evidence), *(taint.source for taint in view.taints))
        if any(doomed.covers(source) for source in sources):
            found[view.step.id] = frozenset(view.reads)
    return found


def _blank(change: Change, doomed: Doomed, made: dict[str, frozenset[str]]) -> Change:
    if doomed.covers(change.path) or doomed.covers(change.to):
        to = marked_out(change.to) if change.to else ""
        update = {"path": marked_out(change.path), "to": to, "before": None, "blob": "", "size": 0, "mtime_ns": None, "why": ""}
        return change.model_copy(update=update)
    if change.blob and change.step in made and change.path not in made[change.step]:
        return change.model_copy(update={"blob": "", "why": ""})
    return change.model_copy(update={"why": ""}) if doomed.named_in(change.why) else change


def _wordless_step(step: Step) -> Step:
    return Step(id=step.id, tool=step.tool, after=step.after, group=step.group)


def _wordless_view(view: StepView) -> StepView:
    risk = view.verdict.risk.model_copy(update={"reasons": (), "stop": ""})
    return StepView(
        step=_wordless_step(view.step),
        verdict=Verdict(decision=view.verdict.decision, rule=view.verdict.rule, reason="", risk=risk, grant=view.verdict.grant),
        effects=view.effects,
        estimate_s=view.estimate_s,
        changes=view.changes,
        state=view.state,
    )
