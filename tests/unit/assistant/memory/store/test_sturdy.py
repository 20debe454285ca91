"""A damaged index is reported once and borne until it is mended; questions get what is left."""

import pytest

from assistant.domain.errors import DamagedError, StorageError
from assistant.memory.store.sturdy import Repairs, Sturdy


class Torn:
    """An index whose next calls fail with `error`."""

    def __init__(self) -> None:
        self.error: Exception | None = DamagedError("The text index is damaged.")

    async def search(self, text: str) -> list[str]:
        if self.error:
            raise self.error
        return [text]

    async def ids(self) -> set[str]:
        if self.error:
            raise self.error
        return {"a"}

    async def reset(self) -> None:
        self.error = None


async def test_damage_is_reported_once_and_searching_goes_on_with_nothing() -> None:
    heard: list[str] = []
    index = Sturdy(Torn(), "text", lambda name, error: heard.append(f"{name}: {error.what}"))
    assert await index.search("lease") == []
    assert await index.search("lease") == []
    with pytest.raises(DamagedError):
        await index.ids()
    assert heard == ["text: The text index is damaged."]
    await index.reset()
    index.mended()
    assert await index.search("lease") == ["lease"]
    assert await index.ids() == {"a"}


async def test_a_full_disk_is_no_damage() -> None:
    torn = Torn()
    torn.error = StorageError("The disk is full.")
    heard: list[str] = []
    index = Sturdy(torn, "text", lambda name, _: heard.append(name))
    with pytest.raises(StorageError, match="full"):
        await index.search("lease")
    assert heard == []


def test_notes_name_what_is_being_filled_again() -> None:
    repairs = Repairs()
    repairs.begin("text")
    repairs.begin("text")
    repairs.begin("vectors")
    assert repairs.names == ("text", "vectors")
    assert len(repairs.notes) == 2
    repairs.end("text")
    repairs.end("vectors")
    assert repairs.notes == ()
