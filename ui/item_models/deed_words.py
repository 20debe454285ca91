"""What acting is called in the window's language: effects, states, risk, kinds of change, totals. Used by cards and docks."""

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import PurePath

from pydantic import JsonValue

from assistant.api.views import (
    ChangeKind,
    ChangeTotals,
    Decision,
    EffectKind,
    Grant,
    Plan,
    Preview,
    Proposal,
    Reverted,
    Run,
    StepView,
    Taint,
)
from ui.i18n import tr, tr_n
from ui.i18n.amounts import size
from ui.i18n.visible import homely, visible

ARGUMENT_CHARS = 400
ARGUMENT_ROWS = 6


def effect_label(effect: EffectKind) -> str:
    """Say what a step does to the world."""
    return {
        EffectKind.READ: tr("reads"),
        EffectKind.CREATE: tr("creates files"),
        EffectKind.WRITE: tr("rewrites files"),
        EffectKind.MOVE: tr("moves files"),
        EffectKind.TRASH: tr("sends to the trash"),
        EffectKind.GIT: tr("changes the git repository"),
        EffectKind.OPEN: tr("opens a program"),
        EffectKind.MEMORY: tr("writes to memory"),
        EffectKind.NETWORK: tr("uses the network"),
    }[effect]


def change_label(kind: ChangeKind) -> str:
    """Name what happens to one entry."""
    return {
        ChangeKind.CREATE: tr("created"),
        ChangeKind.WRITE: tr("edited"),
        ChangeKind.MOVE: tr("moved"),
        ChangeKind.TRASH: tr("to the trash"),
        ChangeKind.MKDIR: tr("folder created"),
        ChangeKind.RMDIR: tr("empty folder removed"),
    }[kind]


def step_state(state: str) -> str:
    """Say how far a step is."""
    known = {
        "waiting": tr("waits"),
        "running": tr("is running"),
        "done": tr("done"),
        "failed": tr("failed"),
        "skipped": tr("skipped"),
        "undone": tr("taken back"),
    }
    return known.get(state, visible(state))


def decision_label(decision: Decision) -> str:
    """Say what the policy decided."""
    return {Decision.ALLOW: tr("allowed"), Decision.ASK: tr("asks you"), Decision.DENY: tr("denied")}[decision]


def risk_label(level: str, score: int) -> str:
    """Say how much could go wrong, with the score out of 100."""
    known = {"none": tr("no risk"), "low": tr("low risk"), "medium": tr("medium risk"), "high": tr("high risk")}
    return known.get(level, visible(level)) if level == "none" else f"{known.get(level, visible(level))} · {score}"


def run_state(state: str) -> str:
    """Say what became of a run."""
    known = {
        "running": tr("is running"),
        "done": tr("done"),
        "failed": tr("failed"),
        "cancelled": tr("cancelled"),
        "interrupted": tr("interrupted"),
        "undone": tr("taken back"),
        "partly undone": tr("partly taken back"),
    }
    return known.get(state, visible(state))


def totals_line(totals: ChangeTotals) -> str:
    """Count what would change, in one line; says so when nothing does."""
    parts = [
        tr_n("%n files created", totals.created) if totals.created else "",
        tr_n("%n files edited", totals.written) if totals.written else "",
        tr_n("%n moved", totals.moved) if totals.moved else "",
        tr_n("%n to the trash", totals.trashed) if totals.trashed else "",
        tr_n("%n folders created or removed", totals.folders) if totals.folders else "",
        tr("{size} written").format(size=size(totals.bytes_written)) if totals.bytes_written else "",
        tr("{size} to the trash").format(size=size(totals.bytes_trashed)) if totals.bytes_trashed else "",
    ]
    return " · ".join(filter(None, parts)) or tr("Nothing on disk changes.")


def origin_label(origin: str) -> str:
    """Say through which door a request came."""
    known = {"window": tr("you, in this window"), "cli": tr("you, on the command line"), "person": tr("you")}
    return known.get(origin, visible(origin))


def taint_line(taint: Taint) -> str:
    """Say where untrusted text in an argument came from, with how it begins."""
    origin = {
        "file": tr("the contents of a file"),
        "file name": tr("a file name"),
        "memory": tr("a remembered passage"),
        "web": tr("a web page"),
        "tool": tr("the result of a tool"),
    }[taint.origin]
    text = tr("“{argument}” is filled from {origin}: {source}")
    line = text.format(argument=visible(taint.argument), origin=origin, source=homely(taint.source))
    return f"{line}\n“{visible(taint.excerpt)}”" if taint.excerpt else line


def value_text(value: JsonValue) -> str:
    """Return an argument letter for letter, long ones shortened with how much is left out."""
    if isinstance(value, str):
        shown = visible(value, lines=True)
        rest = len(shown) - ARGUMENT_CHARS
        return shown if rest <= 0 else shown[:ARGUMENT_CHARS] + "… " + tr_n("and %n more characters", rest)
    if isinstance(value, list):
        rows = [value_text(one) for one in value[:ARGUMENT_ROWS]]
        rest = len(value) - ARGUMENT_ROWS
        return "\n".join([*rows, *([tr_n("and %n more", rest)] if rest > 0 else [])])
    if isinstance(value, dict) and set(value) == {"from", "take"}:
        return tr("what step {step} finds").format(step=visible(str(value["from"])))
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    return visible(json.dumps(value, ensure_ascii=False))


def scope_of(paths: Iterable[str]) -> str:
    """Return the folder that holds all of these paths, "" when there is none."""
    known = set(paths)
    try:
        common = os.path.commonpath((min(known), max(known))) if known else ""  # all others lie between these
    except ValueError:  # different drives
        return ""
    return folder_of(common) if common in known else common


def scopes_of(shown: Proposal) -> list[str]:
    """Return for each tool that changes something the folder that holds all it touches, as a permission would be kept."""
    touched: dict[str, list[str]] = {}
    for change in shown.preview.changes if shown.preview is not None else ():
        touched.setdefault(change.step, []).extend(path for path in (change.path, change.to) if path)
    text = tr("{tool} in {scope}")
    named = [(view.step.tool, scope_of(touched[view.step.id])) for view in shown.steps if view.step.id in touched]
    return [text.format(tool=visible(tool), scope=homely(scope)) for tool, scope in dict.fromkeys(named) if scope]


def folder_of(path: str) -> str:
    """Return the folder of a path; as fast as ten thousand of them need."""
    return path.rpartition(os.sep)[0] or os.sep


def affected(preview: Preview | None, most: int) -> tuple[list[str], int]:
    """Return the first paths that change, in order, each once, and how many there are; a move shows where from and where to."""
    changes = preview.changes if preview is not None else ()
    shown = [one for one in changes if one.kind not in (ChangeKind.MKDIR, ChangeKind.RMDIR)] or changes
    places = list(dict.fromkeys((one.path, one.to if one.kind is ChangeKind.MOVE else "") for one in shown))
    return [moved(path, to) if to else homely(path) for path, to in places[:most]], len(places)


def moved(path: str, to: str) -> str:
    """Return from and to of a move; a new name in the same folder is shown as that alone."""
    same = folder_of(path) == folder_of(to)
    return f"{homely(path)} → {visible(PurePath(to).name) if same else homely(to)}"


def permission_line(grant: Grant) -> str:
    """Say for which tool, where and how long a standing permission holds."""
    where = homely(grant.scope) if grant.scope else tr("everywhere")
    return tr("{tool} in {scope}").format(tool=visible(grant.tool), scope=where)


def risky(views: Sequence[StepView]) -> list[str]:
    """Return the reasons for the risk of all steps, each once, in order."""
    return list(dict.fromkeys(reason for view in views for reason in view.verdict.risk.reasons))


def steps_of(shown: Proposal | None, run: Run | None) -> tuple[StepView, ...]:
    """Return the steps as they stand: those of the run once there is one."""
    if run is not None and run.steps:
        return run.steps
    return shown.steps if shown is not None else ()


def plan_of(shown: Proposal | None, run: Run | None) -> Plan | None:
    """Return the plan of a proposal, or of its run."""
    return run.plan if run is not None else shown.plan if shown is not None else None


def told_of(done: Reverted, *, redo: bool) -> str:
    """Say what an undo or a redo did, and what it left alone."""
    parts = [
        tr_n("%n changes done again.", done.changes) if redo else tr_n("%n changes taken back.", done.changes),
        tr_n("%n files were left as they are.", len(done.conflicts)) if done.conflicts else "",
        tr_n("%n files are there twice: yours and the earlier one.", len(done.kept_both)) if done.kept_both else "",
        tr_n("%n files were merged.", len(done.merged)) if done.merged else "",
    ]
    return " ".join(filter(None, parts)) or tr("Nothing had to be changed.")
