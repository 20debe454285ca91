"""From what a person typed to the absolute path that memory knows. Used by `add`, `forget`, `status` and `eval`."""

from pathlib import Path

from assistant.api.contract import Assistant
from assistant.api.views import Status
from assistant.cli.output import name
from assistant.domain.errors import PathRefusedError
from assistant.domain.own import is_own


def existing(typed: str) -> str:
    """Return the absolute path with every link followed; raises PathRefusedError where nothing is."""
    try:
        return str(Path(typed).expanduser().resolve(strict=True))
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PathRefusedError(
            f"{name(typed)} cannot be used: {reason}.",
            kept="Nothing was changed.",
            remedy="Check the spelling, or connect the drive it is on.",
        ) from error


async def remembered(assistant: Assistant, typed: str) -> tuple[str, Status]:
    """Return the path under which memory knows what was typed, with its sources; the file itself may be gone."""
    named, followed = _readings(typed)
    found = await assistant.status(named)
    if found.sources or followed == named:
        return named, found
    return followed, await assistant.status(followed)


def _readings(typed: str) -> tuple[str, str]:
    """Return the path as named and with a link at its end followed.

    The name comes first, so that a link that took a remembered file's place does not lead to another one.
    """
    if is_own(typed):
        return typed, typed
    place = Path(typed).expanduser().absolute()
    followed = place.resolve()
    return (str(followed if place.name in ("", "..") else place.parent.resolve() / place.name), str(followed))
