"""How plans, previews and what was done are shown on a terminal. Used by the commands that act.

Names of files are in most of what is shown, so all that belongs on one line is kept there: a name cannot pass for a line.
"""

from collections.abc import Sequence

from assistant.api.views import Change, ChangeKind, Preview, Proposal, Reverted, Run, StepView, Table
from assistant.cli.ask import print_answer
from assistant.cli.output import Output, count, name, size
from assistant.cli.visible import visible

SHOWN_CHANGES = 40
SHOWN_ROWS = 200
VERBS = {
    ChangeKind.CREATE: "new    ",
    ChangeKind.WRITE: "edit   ",
    ChangeKind.MOVE: "move   ",
    ChangeKind.TRASH: "trash  ",
    ChangeKind.MKDIR: "folder ",
    ChangeKind.RMDIR: "remove ",
}
STYLES = {ChangeKind.CREATE: "green", ChangeKind.WRITE: "yellow", ChangeKind.TRASH: "red", ChangeKind.RMDIR: "red"}


def print_proposal(out: Output, proposal: Proposal) -> None:
    """Write a plan with its preview, or what stands in its way."""
    if proposal.question is not None:
        out.say((proposal.question.text, "bold"))
        for _, label in proposal.question.choices:
            out.say(visible(label), indent=2)
    if proposal.nearest or proposal.state == "unsupported":
        russian = proposal.language == "ru"
        nearest = " Ближе всего:" if russian else " Nearest to it:"
        head = "Этого Mneme не умеет." if russian else "Mneme cannot do this."
        out.say((head, "bold"), *([nearest] if proposal.nearest else []))
        for example in proposal.nearest:
            out.say(f"mneme do “{example}”", indent=2)
    if proposal.answer is not None:
        print_answer(out, proposal.answer)
        return
    for view in proposal.steps:
        _print_step(out, view)
    if proposal.preview is not None and proposal.preview.changes:
        _print_preview(out, proposal.preview)
        risk = proposal.risk
        reasons = f": {', '.join(risk.reasons)}" if risk.reasons else ""
        out.say(f"Risk {risk.level} ({risk.score} of 100){reasons}")
    if proposal.message:
        out.say((proposal.message, "bold"))
    if proposal.state == "ready" and proposal.preview is not None and proposal.preview.changes:
        out.say((f"digest {proposal.preview.digest}", "dim"))


def _print_step(out: Output, view: StepView) -> None:
    out.say((f"{view.step.id}. ", "dim"), (visible(view.step.title or view.step.tool), "bold"), (f"  {view.step.tool}", "dim"))
    if view.text:
        out.say(view.text, indent=3)
    if view.table is not None:
        _print_table(out, view.table)
    for taint in view.taints:
        from_outside = visible(f"! {taint.argument} comes from {taint.source}: {taint.excerpt}")
        out.say((from_outside, "yellow"), indent=3)
    if view.verdict.decision.value != "allow":
        out.say((f"{view.verdict.decision.value}: {view.verdict.reason}", "dim"), indent=3)


def _print_table(out: Output, table: Table) -> None:
    out.say(("  ".join(table.columns), "dim"), indent=3)
    for row in table.rows[:SHOWN_ROWS]:
        out.say(visible("  ".join(row)), indent=3)
    if len(table.rows) > SHOWN_ROWS:
        out.say((f"… {count(len(table.rows) - SHOWN_ROWS, 'more row')}", "dim"), indent=3)


def _print_preview(out: Output, preview: Preview) -> None:
    for change in preview.changes[:SHOWN_CHANGES]:
        _print_change(out, change)
    if len(preview.changes) > SHOWN_CHANGES:
        out.say((f"… {count(len(preview.changes) - SHOWN_CHANGES, 'more change')}", "dim"), indent=2)
    for conflict in preview.conflicts[:SHOWN_CHANGES]:
        out.say(("✗ ", "bold red"), f"{name(conflict.path)}: {visible(conflict.reason)}", indent=2)
    totals = preview.totals
    counts = [
        (totals.created, "new"),
        (totals.written, "edited"),
        (totals.moved, "moved"),
        (totals.trashed, "to the trash"),
        (totals.folders, "folders"),
    ]
    said = ", ".join(f"{number:,} {what}" for number, what in counts if number)
    volume = f" ({size(totals.bytes_written)} written)" if totals.bytes_written else ""
    out.say((said + volume, "bold"))
    for text in preview.uncovered:
        out.say((f"Undo does not cover: {text}", "yellow"))


def _print_change(out: Output, change: Change) -> None:
    to = f" → {name(change.to)}" if change.to else ""
    why = f"  ({visible(change.why)})" if change.why else ""
    out.say((VERBS[change.kind], STYLES.get(change.kind, "")), name(change.path) + to, (why, "dim"), indent=2)


def print_run(out: Output, run: Run) -> None:
    """Write how a plan ended."""
    for view in run.steps:
        _print_step(out, view)
    style = "bold green" if run.state == "done" and not run.reason else "bold"
    out.say(
        (f"{run.state}: ", style),
        f"{count(run.standing, 'change')} of {run.total:,} stand.",
        f" {run.reason}" if run.reason else "",
    )
    if run.state == "done" and run.standing:
        out.note((f"Take it back: mneme undo {run.id}", "dim"))
    if run.state in ("running", "interrupted"):  # the Mneme that worked on it has closed
        out.note(f"It was cut off. Go on with it: mneme finish {run.id}, or take it back: mneme finish {run.id} --take-back")


def print_reverted(out: Output, done: Reverted, verb: str) -> None:
    """Write what an undo or a redo did, and what it left."""
    if done.changes or not done.conflicts:
        out.say((f"{verb}: {count(done.changes, 'change')}", "bold"), f" of “{visible(done.run.plan.request)}”.")
    _listed(out, "Put beside under another name:", done.kept_both)
    _listed(out, "Merged with what you changed since:", done.merged)
    for conflict in done.conflicts[:SHOWN_CHANGES]:
        out.say(("✗ ", "bold red"), f"{name(conflict.path)}: {visible(conflict.reason)}", indent=2)
    if done.conflicts and not done.changes:
        out.note("Nothing was changed. Choose what happens to these: --conflicts skip, keep-both or merge.")


def _listed(out: Output, head: str, paths: Sequence[str]) -> None:
    if paths:
        out.say(head)
        for path in paths:
            out.say(name(path), indent=2)
