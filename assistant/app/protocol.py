"""What one Mneme may ask of another over a memory, and how arguments and results travel. Used by `gateway` and `remote`."""

from typing import Any, get_type_hints

from pydantic import TypeAdapter

from assistant.api.contract import Assistant
from assistant.domain.errors import InUseError

LOOKS = (
    "estimate",
    "progress",
    "pause",
    "recall",
    "ask",
    "status",
    "doctor",
    "models",
    "watching.watched",
    "watching.attend",
    "spaces.all",
    "quality.cases",
    "upkeep.backups",
    "upkeep.recalls",
    "upkeep.health",
    "acting.deny",
    "acting.cancel",
    "acting.waiting",
    "acting.diff",
    "history.runs",
    "history.run",
    "history.ended",
    "history.worktree",
    "permissions.grants",
    "permissions.audit",
    "permissions.tools",
)
"""What is answered while this process waits for others before it closes."""
LASTING = (
    "forget",
    "forgetting.files",
    "forgetting.passages",
    "install_model",
    "upkeep.rebuild",
    "upkeep.backup",
    "upkeep.restore",
    "upkeep.collect",
    "acting.approve",
)
"""What is waited for to its end: half of it done would be worse than none."""
METHODS = (
    *LOOKS,
    *LASTING,
    "ingest",
    "verify",
    "forgetting.within",
    "forgetting.prove",
    "remove_model",
    "upkeep.retry",
    "watching.watch",
    "watching.unwatch",
    "spaces.start",
    "spaces.switch",
    "spaces.rollback",
    "spaces.drop",
    "spaces.compare",
    "quality.confirm",
    "quality.withdraw",
    "quality.measure",
    "quality.run",
    "quality.tune",
    "quality.apply_tuning",
    "quality.reset_tuning",
    "acting.plan",
    "acting.answer",
    "acting.edit",
    "history.undo",
    "history.redo",
    "history.resume",
    "permissions.revoke",
)
"""What may be called from outside; `group.method` is a method of one of the façade's groups."""
TICKET = "gateway.json"


class Signature:
    """How the arguments and the result of one façade method travel as JSON."""

    def __init__(self, name: str) -> None:
        group, _, method = name.rpartition(".")
        owner = get_type_hints(getattr(Assistant, group).fget)["return"] if group else Assistant
        hints = get_type_hints(getattr(owner, method))
        self.result: TypeAdapter[Any] = TypeAdapter(hints.pop("return"))
        self.arguments: dict[str, TypeAdapter[Any]] = {key: TypeAdapter(hint) for key, hint in hints.items()}


def signatures() -> dict[str, Signature]:
    """Return the signatures of all methods that may be called from outside."""
    return {name: Signature(name) for name in METHODS}


def closed() -> InUseError:
    """Return what a caller hears whose holder closed or was killed in the middle."""
    return InUseError(
        "The Mneme that holds this memory was closed while it worked on this.",
        kept="What it had finished is kept.",
        remedy="Try again.",
    )
