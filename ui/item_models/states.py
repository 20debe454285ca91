"""The words, ranks and groups of index states, in the order a person thinks of them. Used by the memory dock and its models."""

from enum import StrEnum

from assistant.api.views import SourceState
from ui.i18n import tr


class StateGroup(StrEnum):
    """What the filter chips of the memory dock offer."""

    ALL = "all"
    READY = "ready"
    WORKING = "working"
    FAILED = "failed"
    EXCLUDED = "excluded"


GROUPS: dict[SourceState, StateGroup] = {
    SourceState.FAILED: StateGroup.FAILED,
    SourceState.OFFLINE: StateGroup.FAILED,
    SourceState.READING: StateGroup.WORKING,
    SourceState.EMBEDDING: StateGroup.WORKING,
    SourceState.SEARCHABLE: StateGroup.WORKING,
    SourceState.QUEUED: StateGroup.WORKING,
    SourceState.NEEDS_UPDATE: StateGroup.WORKING,
    SourceState.READY: StateGroup.READY,
    SourceState.EXCLUDED: StateGroup.EXCLUDED,
}
"""Every state, those that need a person first, and the chip under which it is found."""

RANKS: dict[SourceState, int] = {state: rank for rank, state in enumerate(GROUPS)}


def state_label(state: SourceState) -> str:
    """Return the word for a state in the window's language."""
    return {
        SourceState.QUEUED: tr("queued"),
        SourceState.READING: tr("reading"),
        SourceState.SEARCHABLE: tr("searchable"),
        SourceState.EMBEDDING: tr("embedding"),
        SourceState.READY: tr("ready"),
        SourceState.FAILED: tr("failed"),
        SourceState.EXCLUDED: tr("excluded"),
        SourceState.OFFLINE: tr("offline"),
        SourceState.NEEDS_UPDATE: tr("needs update"),
    }[state]


def group_label(group: StateGroup) -> str:
    """Return the word on a chip in the window's language."""
    return {
        StateGroup.ALL: tr("All"),
        StateGroup.READY: tr("Ready"),
        StateGroup.WORKING: tr("Working"),
        StateGroup.FAILED: tr("Failed"),
        StateGroup.EXCLUDED: tr("Excluded"),
    }[group]
