"""Keys, the seal of a memory, and keeping secrets out of logs."""

import io
import json
import logging
import pickle
from pathlib import Path

import pytest

from assistant.domain.errors import DamagedError, VaultError
from assistant.domain.secret import Secret
from assistant.vault import SEAL, MemoryKey, Redactor, new_seal, opened_seal, read_seal, write_seal

KEY = MemoryKey(Secret(bytes(range(32))))


def test_a_secret_shows_itself_nowhere() -> None:
    secret = Secret(b"hunter2hunter2")
    for shown in (repr(secret), str(secret), f"{secret}", repr([secret]), repr(KEY)):
        assert "hunter2" not in shown
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert secret == Secret(b"hunter2hunter2") != Secret(b"hunter3hunter3")


def test_keys_are_those_of_the_standard_and_differ_by_use() -> None:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    expected = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"mneme/records.db").derive(bytes(range(32)))
    assert KEY.derive("records.db").reveal() == expected
    assert KEY.derive("records.db") != KEY.derive("vectors") != KEY.root
    assert MemoryKey.fresh().root != MemoryKey.fresh().root


def test_a_seal_is_read_back_and_opened_by_its_key_alone(tmp_path: Path) -> None:
    assert read_seal(tmp_path) is None
    seal = new_seal(KEY, "keyring")
    write_seal(tmp_path, seal)
    assert read_seal(tmp_path) == seal
    assert [path.name for path in tmp_path.iterdir()] == [SEAL]
    for form in KEY.root.forms():
        assert form not in (tmp_path / SEAL).read_text("utf-8")
    assert opened_seal(seal, KEY.root).root == KEY.root
    for wrong in (None, MemoryKey.fresh().root, Secret(b"short")):
        with pytest.raises(VaultError):
            opened_seal(seal, wrong)


@pytest.mark.parametrize("content", [b"", b"{", b'{"key": 1}', b"[]"])
def test_a_damaged_seal_is_no_plain_memory(tmp_path: Path, content: bytes) -> None:
    (tmp_path / SEAL).write_bytes(content)
    with pytest.raises(DamagedError):
        read_seal(tmp_path)


def test_a_newer_seal_is_refused(tmp_path: Path) -> None:
    write_seal(tmp_path, new_seal(KEY, "keyring"))
    tree = json.loads((tmp_path / SEAL).read_bytes())
    (tmp_path / SEAL).write_text(json.dumps(tree | {"layout": 2}), "utf-8")
    with pytest.raises(VaultError, match="newer"):
        read_seal(tmp_path)


def test_known_values_never_reach_a_log() -> None:
    sink = io.StringIO()
    handler = logging.StreamHandler(sink)
    redactor = Redactor()
    handler.addFilter(redactor)
    log = logging.Logger("assistant.test")
    log.addHandler(handler)
    secret = Secret(b"correct horse battery")
    log.warning("before %s", "all is well")
    redactor.know(secret)
    redactor.know(KEY.root)
    for form in (*secret.forms(), *KEY.root.forms()):
        log.warning("opening with %s now", form)
        try:
            raise ValueError(f"bad key {form}")
        except ValueError:
            log.exception("it failed: " + form)
    told = sink.getvalue()
    assert "before all is well" in told and "[secret]" in told and "ValueError" in told
    for form in (*secret.forms(), *KEY.root.forms()):
        assert form not in told
