"""What a run of Mneme starts from: settings, places and its own files. Read by `bootstrap` and the command line."""

import os
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from assistant.app.leaving import Tell, tell_nobody
from assistant.config import Places, Settings, load, places
from assistant.domain.secret import Secret
from assistant.ports.system import PassphraseSource
from assistant.vault import Redactor

ROOT = Path(__file__).resolve().parents[2]
"""The folder that holds configs/, models/ and golden/ beside the packages."""


PASSPHRASE = "MNEME_PASSPHRASE"
FRESH = "MNEME_NEW_PASSPHRASE"
"""The passphrase that `mneme passphrase` takes in place of the one above."""

Asked = Literal["known", "again", "new"]
Ask = Callable[[Asked], Awaitable[str | None]]


class GivenPassphrase:
    """A PassphraseSource: what the environment gave, else whom `otherwise` asks; a wrong one from the environment stays wrong."""

    def __init__(
        self, given: Secret | None = None, otherwise: PassphraseSource | None = None, fresh: Secret | None = None
    ) -> None:
        self._given = given
        self._otherwise = otherwise
        self._fresh = fresh
        self._changing = False

    @property
    def possible(self) -> bool:
        """See PassphraseSource.possible."""
        return self._given is not None or (self._otherwise is not None and self._otherwise.possible)

    async def passphrase(self, asked: Literal["known", "again", "new"]) -> Secret | None:
        """See PassphraseSource.passphrase."""
        if asked == "new" and self._changing and (self._fresh is not None or self._given is not None):
            return self._fresh
        if self._given is not None:
            return None if asked == "again" else self._given
        return await self._otherwise.passphrase(asked) if self._otherwise else None

    def or_from(self, source: PassphraseSource) -> "GivenPassphrase":
        """Return this source with somebody to ask where the environment gave nothing."""
        return GivenPassphrase(self._given, source, self._fresh)

    def to_change(self) -> "GivenPassphrase":
        """Return this source with another answer for a new passphrase than for the one that is known."""
        source = GivenPassphrase(self._given, self._otherwise, self._fresh)
        source._changing = True
        return source


@dataclass(frozen=True, slots=True)
class Environment:
    """Settings and folders of one run; `resources` holds what came with Mneme, `redactor` keeps secrets out of logs.

    `leaving` hears what the process waits for when it closes.
    """

    settings: Settings
    places: Places
    resources: Path
    passphrases: GivenPassphrase = field(default_factory=GivenPassphrase, repr=False)
    redactor: Redactor = field(default_factory=Redactor, repr=False)
    leaving: Tell = field(default=tell_nobody, repr=False)


class _Asked:
    """A PassphraseSource over a function that asks a person."""

    possible = True

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def passphrase(self, asked: Asked) -> Secret | None:
        text = await self._ask(asked)
        return Secret(text.encode("utf-8", "surrogateescape")) if text else None


def asking(env: Environment, ask: Ask) -> Environment:
    """Return the environment with somebody to ask for a passphrase where none was given: `ask` returns it, or None."""
    return replace(env, passphrases=env.passphrases.or_from(_Asked(ask)))


def environment(env: Mapping[str, str] = os.environ) -> Environment:
    """Read settings and places; raises ConfigError. Creates nothing.

    A passphrase is taken out of `env`, so that no process started from here inherits it.
    """
    where = places(env)
    settings = load(ROOT / "configs" / "default.toml", where.config / "config.toml", env)
    given, fresh = _passphrase(env, PASSPHRASE), _passphrase(env, FRESH)
    found = Environment(settings, where, ROOT, GivenPassphrase(given, fresh=fresh))
    for secret in (given, fresh):
        if secret is not None:
            found.redactor.know(secret)
    return found


def _passphrase(env: Mapping[str, str], name: str) -> Secret | None:
    value = env.get(name, "")
    if env is os.environ and value:
        from assistant.adapters.system.hardening import wipe_variable  # help texts do not wait for adapters

        wipe_variable(name)
    if isinstance(env, MutableMapping):
        env.pop(name, None)
    return Secret(value.encode("utf-8", "surrogateescape")) if value else None
