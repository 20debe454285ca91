"""What engines raise is named for what it is: only what cannot be understood counts as damage, which costs an index."""

import errno

import pytest

from assistant.adapters.store.failures import translate
from assistant.domain.errors import DamagedError, InUseError, StorageError


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EIO, "Input/output error"),
        OSError(errno.EMFILE, "Too many open files"),
        RuntimeError("disk I/O error"),
        ValueError("An IO error occurred: 'Input/output error (os error 5)'"),
        ValueError("Too many open files (os error 24)"),
        MemoryError(),
        PermissionError(errno.EACCES, "Permission denied"),
    ],
)
def test_a_machine_in_trouble_is_no_damage(error: Exception) -> None:
    told = translate("text index", error, "remedy")
    assert isinstance(told, StorageError)
    assert not isinstance(told, DamagedError)
    assert told.kept and told.remedy


def test_what_cannot_be_understood_is_damage() -> None:
    told = translate("text index", ValueError("Meta file cannot be deserialized"), "Start again.")
    assert isinstance(told, DamagedError)
    assert told.remedy == "Start again."


def test_a_held_store_is_in_use() -> None:
    assert isinstance(translate("text index", RuntimeError("database is locked"), ""), InUseError)
