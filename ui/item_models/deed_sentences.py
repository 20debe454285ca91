"""Facts about acting as sentences in the window's language. Pure but for the language; used by `ui.item_models.sentences`."""

from assistant.api.views import (
    ActorRestarted,
    ApprovalAwaited,
    Event,
    FilesChanged,
    IntentRecognised,
    PlanDecided,
    PlanPreviewed,
    PolicyBlocked,
    RunEnded,
    RunReverted,
    StepChanged,
)
from ui.i18n import told, tr, tr_n
from ui.i18n.visible import visible
from ui.item_models.deed_words import run_state, step_state, totals_line

_LONG = 160


def _short(text: str) -> str:
    shown = visible(" ".join(text.split()))
    return shown if len(shown) <= _LONG else shown[: _LONG - 1] + "…"


def deed_sentence(event: Event) -> str:
    """Tell a fact about acting; "" for any other."""
    match event:
        case IntentRecognised(request=request, tools=tools):
            names = ", ".join(map(visible, tools)) or tr("no tool fits")
            return tr("Understood “{request}”: {tools}").format(request=_short(request), tools=names)
        case PlanPreviewed(request=request, totals=totals):
            return tr("Looked through “{request}”: {changes}").format(request=_short(request), changes=totals_line(totals))
        case ApprovalAwaited(request=request):
            return tr("Waits for your answer: {request}").format(request=_short(request))
        case PlanDecided(request=request, approved=approved):
            text = tr("Allowed: {request}") if approved else tr("Denied: {request}")
            return text.format(request=_short(request))
        case StepChanged(tool=tool, state=state, text=said):
            line = f"{visible(tool)}: {step_state(state)}"
            return f"{line}: {_short(told(said))}" if said else line
        case _:
            return _outcome(event)


def _outcome(event: Event) -> str:
    match event:
        case FilesChanged(totals=totals, act=act):
            done = {"run": tr("On disk: {changes}"), "undo": tr("Taken back on disk: {changes}")}
            return done.get(act, tr("Done again on disk: {changes}")).format(changes=totals_line(totals))
        case RunEnded(request=request, state=state, total=total, standing=standing, reason=reason):
            text = tr("{request}: {state}, {standing} of {total} changes stand")
            line = text.format(request=_short(request), state=run_state(state), standing=standing, total=total)
            return f"{line} ({_short(told(reason))})" if reason else line
        case RunReverted(request=request, redo=redo, changes=changes, conflicts=conflicts):
            text = tr("Done again: {request}") if redo else tr("Taken back: {request}")
            parts = [text.format(request=_short(request)), tr_n("%n changes", changes)]
            return " · ".join([*parts, *([tr_n("%n files left alone", conflicts)] if conflicts else [])])
        case PolicyBlocked(tool=tool, reason=reason):
            return tr("Not allowed: {tool} ({reason})").format(tool=visible(tool), reason=_short(told(reason)))
        case ActorRestarted(actor=actor, reason=reason):
            return tr("{actor} failed and was started again ({reason})").format(actor=visible(actor), reason=_short(told(reason)))
        case _:
            return ""
