"""A vault in memory, a passphrase that is always known, and keyring backends, real-looking and not."""

from typing import Literal

from assistant.domain.secret import Secret


class FakeVault:
    """A SecretVault in memory."""

    kind = "fake"

    def __init__(self) -> None:
        self.held: dict[str, Secret] = {}

    async def get(self, name: str) -> Secret | None:
        return self.held.get(name)

    async def put(self, name: str, secret: Secret) -> None:
        self.held[name] = secret

    async def delete(self, name: str) -> None:
        self.held.pop(name, None)


class Told:
    """A PassphraseSource that answers from a list and remembers what it was asked."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    @property
    def possible(self) -> bool:
        return bool(self.answers)

    async def passphrase(self, asked: Literal["known", "again", "new"]) -> Secret | None:
        self.asked.append(asked)
        return Secret(self.answers.pop(0).encode()) if self.answers else None


class MemoryKeyring:
    """What the keyring package calls a backend, in memory."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.held.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self.held[service, name] = value

    def delete_password(self, service: str, name: str) -> None:
        del self.held[service, name]
