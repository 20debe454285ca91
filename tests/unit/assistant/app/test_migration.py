"""A memory moves between engines and loses nothing, whatever happens on the way."""

import errno
import itertools
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.adapters.store.failures import translate
from assistant.adapters.store.fts_sparse import FtsSparse
from assistant.adapters.store.qdrant_dense import QdrantDense
from assistant.adapters.store.usearch_dense import UsearchDense
from assistant.app import stores
from assistant.app.holding import holding
from assistant.app.migration import migrate
from assistant.app.profile import read_profile
from assistant.app.stores import settled_profile
from assistant.domain.errors import ConfigError, InUseError, MigrationError, PolicyDeniedError, StorageError
from assistant.ports.stores import DensePoint, SparseRow
from tests.fakes.qdrant import LocalServer
from tests.fixtures.filled_memory import contents, engines, fill, ground, home, with_engines

ROOT = Path(__file__).resolve().parents[4]
COUNT = 60
DENSE = ("edge", "usearch", "qdrant")
SPARSE = ("tantivy", "fts5")


def nothing(_step: str, _done: int, _total: int) -> None:
    pass


@pytest.fixture(autouse=True)
def local_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Qdrant's local mode stands in for its server."""
    server = tmp_path / "server"
    server.mkdir()
    monkeypatch.setattr(
        stores, "QdrantDense", lambda *given, **more: QdrantDense(*given, **more, server=LocalServer(str(server)))
    )


def folders(env: Any) -> set[str]:
    return {place.name for place in env.places.memory.iterdir() if place.is_dir()}


@pytest.mark.parametrize("before,after", list(itertools.permutations(SPARSE, 2)))
async def test_text_moves_between_all_engines(tmp_path: Path, before: str, after: Any) -> None:
    env = home(tmp_path / "home", sparse=before)
    await fill(env, COUNT)
    report = await migrate(env, None, after, nothing)
    assert report.moved and report.passages == COUNT and all(one.agrees for one in report.comparisons)
    assert engines(env) == ("edge", after)
    assert [len(ids) for ids in await contents(env, read_profile(env.places.memory, env.settings.engines))] == [COUNT] * 3
    assert stores.SPARSE_PLACES[before] not in folders(env)  # type: ignore[index]


@pytest.mark.parametrize("before,after", list(itertools.permutations(DENSE, 2)))
async def test_vectors_move_between_all_engines_without_a_model(tmp_path: Path, before: str, after: Any) -> None:
    env = home(tmp_path / "home", dense=before)
    await fill(env, COUNT)
    report = await migrate(env, after, None, nothing)
    assert (report.vectors, report.lacking) == (COUNT, 0)
    assert engines(env) == (after, "tantivy")
    assert [len(ids) for ids in await contents(env, read_profile(env.places.memory, env.settings.engines))] == [COUNT] * 3
    assert stores.DENSE_PLACES[before] not in folders(env)  # type: ignore[index]


async def test_without_options_it_moves_to_what_the_settings_ask(tmp_path: Path) -> None:
    env = home(tmp_path / "home")
    await fill(env, COUNT)
    settled_profile(ground(env))
    asked = with_engines(env, dense="usearch", sparse="fts5")
    told = settled_profile(ground(asked)).disagreement(asked.settings.engines)
    assert "`mneme migrate`" in str(told[0])
    assert (await migrate(asked, None, None, nothing)).moved
    assert engines(asked) == ("usearch", "fts5")
    profile = settled_profile(ground(asked))
    assert not profile.disagreement(asked.settings.engines)
    again = await migrate(asked, None, None, nothing)
    assert not again.moved and again.dense == "usearch"


async def test_engines_chosen_on_the_command_line_are_no_disagreement(tmp_path: Path) -> None:
    env = home(tmp_path / "home")
    await fill(env, COUNT)
    await migrate(env, None, "fts5", nothing)
    assert not settled_profile(ground(env)).disagreement(env.settings.engines)


async def test_vectors_that_are_known_no_longer_are_counted_not_invented(tmp_path: Path) -> None:
    env = home(tmp_path / "home")
    await fill(env, COUNT, uncached=(0, 1, 2))
    report = await migrate(env, "usearch", None, nothing)
    assert (report.vectors, report.lacking) == (COUNT - 3, 3)


async def test_damaged_indexes_do_not_stop_it(tmp_path: Path) -> None:
    env = home(tmp_path / "home")
    await fill(env, COUNT)
    (env.places.memory / "text" / "meta.json").write_text("garbage", "utf-8")
    for pointer in (env.places.memory / "vectors").rglob("live.json"):
        pointer.write_text("garbage", "utf-8")
    report = await migrate(env, "usearch", "fts5", nothing)
    assert (report.passages, report.vectors) == (COUNT, COUNT)


async def test_an_open_memory_is_left_alone(tmp_path: Path) -> None:
    env = home(tmp_path / "home")
    await fill(env, COUNT)
    with holding(env), pytest.raises(InUseError):
        await migrate(env, None, "fts5", nothing)
    assert engines(env) == ("edge", "tantivy")


async def test_an_encrypted_memory_is_not_moved(tmp_path: Path) -> None:
    env = home(tmp_path / "home")
    sealed = env.settings.security.model_copy(update={"encrypt_at_rest": True})
    object.__setattr__(env, "settings", env.settings.model_copy(update={"security": sealed}))
    with pytest.raises(ConfigError, match="encrypted"):
        await migrate(env, None, "fts5", nothing)


async def test_the_policy_is_asked(tmp_path: Path) -> None:
    env = home(tmp_path / "home")
    await fill(env, COUNT)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "policy.toml").write_text("rule = []\n", "utf-8")
    object.__setattr__(env, "resources", tmp_path)
    with pytest.raises(PolicyDeniedError):
        await migrate(env, None, "fts5", nothing)
    assert "words" not in folders(env)


class Forgetful(FtsSparse):
    """A text index that loses rows."""

    async def upsert(self, rows: Sequence[SparseRow]) -> None:
        await super().upsert(rows[1:])


class Deaf(UsearchDense):
    """A vector index that holds everything and finds the wrong things."""

    async def upsert(self, points: Sequence[DensePoint]) -> None:
        await super().upsert([DensePoint(p.chunk_id, points[0].vector, *_rest(p)) for p in points])


def _rest(p: DensePoint) -> tuple[Any, ...]:
    return p.source_id, p.project, p.modality, p.language, p.path, p.modified


@pytest.mark.parametrize(
    "name,engine,chosen", [("FtsSparse", Forgetful, (None, "fts5")), ("UsearchDense", Deaf, ("usearch", None))]
)
async def test_a_new_engine_that_disagrees_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, engine: Any, chosen: Any
) -> None:
    env = home(tmp_path / "home")
    await fill(env, COUNT)
    with monkeypatch.context() as patched:
        patched.setattr(stores, name, engine)
        with pytest.raises(MigrationError, match="stays in its old engine"):
            await migrate(env, *chosen, nothing)
    assert engines(env) == ("edge", "tantivy")
    assert folders(env) == {"text", "vectors"}
    assert [len(ids) for ids in await contents(env, read_profile(env.places.memory, env.settings.engines))] == [COUNT] * 3


async def test_a_full_disk_leaves_the_old_engine_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env = home(tmp_path / "home")
    await fill(env, COUNT)

    async def full(*_args: object) -> None:
        raise translate("text index", OSError(errno.ENOSPC, "No space left on device"), "")

    with monkeypatch.context() as patched:
        patched.setattr(FtsSparse, "commit", full)
        with pytest.raises(StorageError, match="disk is full"):
            await migrate(env, "usearch", "fts5", nothing)
    assert engines(env) == ("edge", "tantivy") and folders(env) == {"text", "vectors"}
    assert (await migrate(env, "usearch", "fts5", nothing)).moved


KILLED = """
import asyncio, os, signal, sys
from assistant.app.migration import migrate
from assistant.app import profile, stores, migration
from tests.fixtures.filled_memory import home
from pathlib import Path

left = int(sys.argv[2])

def step(*_):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

def counted(work):
    def run(*given):
        step()
        value = work(*given)
        step()
        return value
    return run

migration.write_profile = counted(migration.write_profile)
stores.discard_sparse = counted(stores.discard_sparse)
stores.discard_dense = counted(stores.discard_dense)
asyncio.run(migrate(home(Path(sys.argv[1])), "usearch", "fts5", step))
"""


async def killed_after(steps: int, folder: Path) -> int:
    """Kill a migration after so many steps and look at what is left; return how the process ended."""
    env = home(folder)
    await fill(env, COUNT)
    ended = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(steps)], cwd=ROOT, check=False)
    profile = settled_profile(ground(env))
    assert (profile.dense, profile.sparse) in {("edge", "tantivy"), ("usearch", "fts5")}
    assert folders(env) == {stores.DENSE_PLACES[profile.dense], stores.SPARSE_PLACES[profile.sparse]}
    records, text, vectors = await contents(env, profile)
    assert len(records) == COUNT and records == text == vectors
    assert (await migrate(env, "usearch", "fts5", nothing)).dense == "usearch"
    return ended.returncode


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9 there")
@pytest.mark.parametrize("steps", [3, 7, 9, 11])
async def test_killed_anywhere_it_opens_with_one_whole_side(tmp_path: Path, steps: int) -> None:
    assert await killed_after(steps, tmp_path / "home") == -signal.SIGKILL


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9 there")
async def test_killed_at_every_step_it_opens_with_one_whole_side(tmp_path: Path) -> None:
    steps = 0
    while await killed_after(steps, tmp_path / f"home{steps}") == -signal.SIGKILL:
        steps += 1
    assert steps > 10


async def test_collections_left_on_a_server_are_named_and_removed_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env = home(tmp_path / "home", dense="qdrant")
    await fill(env, COUNT)

    async def gone(_self: QdrantDense) -> None:
        raise StorageError("The vector server cannot be reached.")

    with monkeypatch.context() as patched:
        patched.setattr(QdrantDense, "drop", gone)
        assert (await migrate(env, "edge", None, nothing)).moved
    left = settled_profile(ground(env))
    assert left.discard_dense == ("qdrant",)
    assert "left on the Qdrant server" in str(left.disagreement(env.settings.engines))
    assert not (await migrate(env, "edge", None, nothing)).moved
    assert settled_profile(ground(env)).discard_dense == ()
