"""Stands before an index and keeps its damage from whoever asks: search goes on with what is left. Built by `app`."""

import functools
from collections.abc import Callable
from typing import Any

from assistant.domain.errors import DamagedError
from assistant.ports.keeping import IndexName

Report = Callable[[IndexName, DamagedError], None]

NOTES: dict[IndexName, str] = {
    "text": "the text index is being rebuilt: words may not be found yet",
    "vectors": "the vectors are being rebuilt: search by meaning is incomplete",
}

_WHILE_BROKEN: dict[str, Callable[[], object]] = {
    "search": list,
    "frequencies": dict,
    "beginning": dict,
    "upsert": lambda: None,
    "delete": lambda: None,
    "commit": lambda: None,
    "optimise": lambda: False,
    "count": lambda: 0,
}
"""What an index that is out of order answers: nothing is found, and what is written comes later from the records."""


class Repairs:
    """Which indexes are being filled again. One for each memory."""

    def __init__(self) -> None:
        self._under_way: list[IndexName] = []

    @property
    def names(self) -> tuple[IndexName, ...]:
        """The indexes that do not hold everything yet."""
        return tuple(self._under_way)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person who searches has to know."""
        return tuple(NOTES[name] for name in self._under_way)

    def begin(self, name: IndexName) -> None:
        """An index lacks what it should hold."""
        if name not in self._under_way:
            self._under_way.append(name)

    def end(self, name: IndexName) -> None:
        """It is whole again."""
        if name in self._under_way:
            self._under_way.remove(name)


class Sturdy:
    """An index whose damage is reported once and then borne; fulfils whatever protocol the index inside does.

    `open`, `reset` and `close` go straight through; anything else that needs a true answer (listing ids) raises DamagedError
    until `mended` is called.
    """

    def __init__(self, inner: Any, name: IndexName, report: Report) -> None:
        self._inner = inner
        self._name: IndexName = name
        self._report = report
        self._broken: DamagedError | None = None

    def mended(self) -> None:
        """The index was emptied and works again; from now on calls reach it."""
        self._broken = None

    def __getattr__(self, name: str) -> Any:
        method: Callable[..., Any] = getattr(self._inner, name)
        if name in ("open", "reset", "close") or not callable(method):
            return method

        @functools.wraps(method)
        async def call(*places: Any, **names: Any) -> Any:
            if self._broken is None:
                try:
                    return await method(*places, **names)
                except DamagedError as error:
                    self._break(error)
            if name in _WHILE_BROKEN:
                return _WHILE_BROKEN[name]()
            raise self._broken or DamagedError(f"The {self._name} index is damaged.")

        return call

    def _break(self, error: DamagedError) -> None:
        if self._broken is None:
            self._broken = error
            self._report(self._name, error)
