"""Facts of the bus as sentences in the window's language. Pure but for the language; used by the timeline."""

from pathlib import PurePath

from assistant.api.views import (
    AnswerReady,
    ChangesNoticed,
    Event,
    IngestFailed,
    IngestFinished,
    IngestStarted,
    MemoryRecalled,
    ModelChanged,
    QuestionAsked,
    RootChanged,
    SourceChanged,
    SourceForgotten,
    SourceRemembered,
    SourceState,
    VerdictRecorded,
    Warned,
)
from ui.i18n import told, tr, tr_n
from ui.i18n.visible import visible
from ui.item_models.deed_sentences import deed_sentence
from ui.item_models.states import state_label

_LONG = 160


def _name(path: str) -> str:
    return visible(PurePath(path).name or path)


def _short(text: str) -> str:
    shown = visible(" ".join(told(text).split()))
    return shown if len(shown) <= _LONG else shown[: _LONG - 1] + "…"


def _state(word: str) -> str:
    return state_label(SourceState(word)) if word in set(SourceState) else visible(word)


def _decision(word: str) -> str:
    return {"allow": tr("allowed"), "ask": tr("asks"), "deny": tr("denied")}.get(word, visible(word))


def _origin(word: str) -> str:
    return {"window": tr("the window"), "cli": tr("the command line"), "person": tr("you")}.get(word, visible(word))


def _source_sentence(event: Event) -> str:
    match event:
        case SourceChanged(path=path, state=state, reason=reason):
            text = f"{_name(path)}: {_state(state)}"
            return f"{text}: {_short(reason)}" if reason else text
        case SourceRemembered(path=path, chunks=chunks):
            return tr("{name} is remembered, {chunks}").format(name=_name(path), chunks=tr_n("%n passages", chunks))
        case IngestFailed(path=path, reason=reason):
            return tr("{name} could not be read: {reason}").format(name=_name(path), reason=_short(reason))
        case SourceForgotten(path=path, chunks=chunks, proved=proved):
            clean = tr("{name} was forgotten ({chunks}), checked: nothing is left")
            text = clean if proved else tr("{name}: forgetting left traces ({chunks})")
            return text.format(name=_name(path), chunks=tr_n("%n passages", chunks))
        case _:
            return ""


def _watching_sentence(event: ChangesNoticed | RootChanged) -> str:
    if isinstance(event, RootChanged):
        text = tr("{name} is back") if event.online else tr("{name} is offline; nothing of it is forgotten")
        return text.format(name=_name(event.path))
    names = ", ".join(_name(path) for path in event.roots[:3]) + (" …" if len(event.roots) > 3 else "")
    text = tr("Changes noticed in {names}: {changed} changed, {moved} moved, {removed} deleted, {offline} out of reach")
    return text.format(names=names, changed=event.changed, moved=event.moved, removed=event.removed, offline=event.offline)


def sentence(event: Event) -> str:
    """Tell a fact; an event this window does not know is told by its name."""
    match event:
        case SourceChanged() | SourceRemembered() | IngestFailed() | SourceForgotten():
            return _source_sentence(event)
        case IngestStarted(paths=paths, files=files):
            names = ", ".join(_name(path) for path in paths[:3]) + (" …" if len(paths) > 3 else "")
            return tr("Remembering {names}: {files}").format(names=names, files=tr_n("%n files", files))
        case IngestFinished(remembered=remembered, failed=failed, excluded=excluded):
            text = tr("Indexing is done: {remembered} remembered, {failed} failed, {excluded} excluded")
            return text.format(remembered=remembered, failed=failed, excluded=excluded)
        case ChangesNoticed() | RootChanged():
            return _watching_sentence(event)
        case QuestionAsked(question=question):
            return tr("Asked: {question}").format(question=_short(question))
        case MemoryRecalled(origin=origin, query=query, sources=sources):
            words = _short(query) if query else tr("(words forgotten)")
            text = tr("Looked up by {origin}: {query} ({files})")
            return text.format(origin=_origin(origin), query=words, files=tr_n("%n files", sources))
        case AnswerReady(answer=answer):
            if answer.abstained:
                return tr("No answer: the evidence is too weak")
            return tr("Answered with {citations}").format(citations=tr_n("%n citations", len(answer.citations)))
        case VerdictRecorded(tool=tool, decision=decision, origin=origin, reason=reason):
            text = tr("Policy: {tool} for {origin}: {decision}").format(
                tool=visible(tool), origin=_origin(origin), decision=_decision(decision)
            )
            return f"{text} ({_short(reason)})" if reason else text
        case ModelChanged(model_id=model, state=state, detail=detail):
            text = tr("Model {model}: {state}").format(model=visible(model), state=visible(state))
            return f"{text} ({_short(detail)})" if detail else text
        case Warned(text=warning):
            return _short(warning)
        case _:
            return deed_sentence(event) or type(event).__name__
