"""Which engines hold a memory: the file counts, the settings only choose for a new one."""

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.app.profile import Profile, read_profile, write_profile
from assistant.app.stores import Ground, settled_profile, sparse_store
from assistant.config import EngineChoice
from assistant.domain.errors import StorageError
from tests.fixtures.filled_memory import engines, ground, home, with_engines

OTHERS = EngineChoice(dense="usearch", sparse="fts5")


def test_the_settings_choose_for_a_new_memory(tmp_path: Path) -> None:
    env = home(tmp_path, dense="usearch", sparse="fts5")
    assert settled_profile(ground(env)) == Profile(dense="usearch", sparse="fts5", asked=OTHERS)
    changed = with_engines(env, dense="edge", sparse="tantivy")
    held = settled_profile(ground(changed))
    assert (held.dense, held.sparse) == ("usearch", "fts5")
    assert "ask for the engines edge and tantivy" in str(held.disagreement(changed.settings.engines)[0])
    assert not settled_profile(ground(env)).disagreement(env.settings.engines)


@pytest.mark.parametrize("text", [None, "", "garbage", '{"dense": "unknown"}', '{"version": 1, "later": true}'])
def test_without_a_readable_file_what_is_there_counts(tmp_path: Path, text: str | None) -> None:
    (tmp_path / "records.db").write_bytes(b"x")
    (tmp_path / "text").mkdir()
    (tmp_path / "vectors").mkdir()
    if text is not None:
        (tmp_path / "engines.json").write_text(text, "utf-8")
    found = read_profile(tmp_path, OTHERS)
    assert (found.dense, found.sparse) == ("edge", "tantivy")


def test_where_both_are_there_the_settings_decide(tmp_path: Path) -> None:
    (tmp_path / "records.db").write_bytes(b"x")
    (tmp_path / "text").mkdir()
    (tmp_path / "words").mkdir()
    assert read_profile(tmp_path, OTHERS).sparse == "fts5"


def test_what_a_migration_left_is_removed_and_what_is_used_is_not(tmp_path: Path) -> None:
    env = home(tmp_path)
    place = ground(env)
    for name in ("text", "vectors", "words", "usearch"):
        (place.folder / name).mkdir()
    left = Profile(
        dense="edge", sparse="tantivy", asked=env.settings.engines, discard_dense=("usearch",), discard_sparse=("fts5",)
    )
    write_profile(place.folder, left)
    settled = settled_profile(place)
    assert (settled.discard_dense, settled.discard_sparse) == ((), ())
    assert {path.name for path in place.folder.iterdir()} == {"text", "vectors", "engines.json"}
    assert json.loads((place.folder / "engines.json").read_text("utf-8"))["discard_dense"] == []


def test_a_disk_that_refuses_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: Any) -> None:
        raise StorageError("The disk is full.")

    env = home(tmp_path)
    monkeypatch.setattr("assistant.app.stores.write_profile", full)
    assert settled_profile(ground(env)).dense == "edge"
    assert engines(env) == ("edge", "tantivy")


async def test_every_text_engine_opens(tmp_path: Path) -> None:
    place = Ground(tmp_path, home(tmp_path).settings)
    for engine in ("tantivy", "fts5"):
        index = sparse_store(place, engine)
        await index.open()
        assert await index.ids() == set()
        await index.close()
