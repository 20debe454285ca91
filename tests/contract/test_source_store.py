"""What every SourceStore promises."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_records import SqliteChunks, SqliteSources
from assistant.domain.document import Root, SourceState
from assistant.domain.errors import StorageError
from assistant.ports.records import ChunkStore, SourceStore
from tests.contract.samples import AT, chunk, source
from tests.fakes.stores import FakeChunks, FakeRecords, FakeSources


@dataclass
class Stores:
    sources: SourceStore
    chunks: ChunkStore


@pytest.fixture(params=["fake", "sqlite"])
async def stores(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stores]:
    if request.param == "fake":
        records = FakeRecords()
        yield Stores(FakeSources(records), FakeChunks(records))
        return
    database = Database(tmp_path / "records.db")
    yield Stores(SqliteSources(database), SqliteChunks(database))
    await database.close()


async def test_gives_back_what_was_put(stores: Stores) -> None:
    full = source(
        "s1",
        state=SourceState.NEEDS_UPDATE,
        reason="grund ' \" ; DROP TABLE",
        media="text/plain",
        modality="code",
        language="python",
        size=2**40,
        modified=1700000000.123456,
        digest="ab",
        quality=0.25,
        chunks=7,
    )
    await stores.sources.put([full, source("s2")])
    assert await stores.sources.get(["s1", "nobody"]) == {"s1": full}
    assert (await stores.sources.get(["s1"]))["s1"].state is SourceState.NEEDS_UPDATE


async def test_put_replaces_by_id_and_keeps_the_chunks(stores: Stores) -> None:
    await stores.chunks.replace(source("s1"), [chunk(1)])
    await stores.sources.put([source("s1", state=SourceState.READY)])
    assert (await stores.sources.get(["s1"]))["s1"].state == SourceState.READY
    assert len(await stores.chunks.get([chunk(1).id])) == 1


async def test_finds_in_the_order_of_paths_and_by_state(stores: Stores) -> None:
    await stores.sources.put([source("b", "/x/b"), source("a", "/x/a", state=SourceState.FAILED), source("c", "/x/B")])
    assert [found.id for found in await stores.sources.find()] == ["c", "a", "b"]
    assert [found.id for found in await stores.sources.find(states=[SourceState.FAILED])] == ["a"]
    assert [found.id for found in await stores.sources.find(under=str(Path("/x")), states=[SourceState.QUEUED])] == ["c", "b"]


@pytest.mark.parametrize(
    ("under", "expected"),
    [
        ("/a/b", {"/a/b", "/a/b/c", "/a/b/c/d.txt"}),
        ("/a/b/", {"/a/b", "/a/b/c", "/a/b/c/d.txt"}),
        ("/a/%", {"/a/%/x"}),
        ("/a/_c", {"/a/_c/x"}),
        ("/a/[b]", {"/a/[b]"}),
        ("/a/Папка", {"/a/Папка/ё"}),
        ("/a/bc", {"/a/bc/x"}),
        ("/A/b", set[str]()),
        ("/nowhere", set[str]()),
    ],
)
async def test_under_means_the_folder_and_never_its_namesakes(stores: Stores, under: str, expected: set[str]) -> None:
    paths = ["/a/b", "/a/b/c", "/a/b/c/d.txt", "/a/bc/x", "/a/b0", "/a/b.txt", "/a/%/x", "/a/xx/x", "/a/_c/x", "/a/[b]"]
    paths += ["/a/Папка/ё", "/a/Папка2/ё"]
    await stores.sources.put([source(f"s{n}", path) for n, path in enumerate(paths)])
    tail = "/" if under.endswith("/") else ""
    found = await stores.sources.find(under=str(Path(under)) + tail)
    assert {Path(each.path).as_posix() for each in found} == expected


async def test_the_root_folder_holds_everything(stores: Stores) -> None:
    await stores.sources.put([source("a", "/a"), source("b", "/b/c")])
    assert len(await stores.sources.find(under=str(Path("/")))) == 2


async def test_deleting_a_source_takes_its_chunks_and_ignores_unknown_ids(stores: Stores) -> None:
    await stores.chunks.replace(source("s1"), [chunk(1)])
    await stores.chunks.replace(source("s2"), [chunk(2, "s2")])
    await stores.sources.delete(["s1", "nobody"])
    assert set(await stores.sources.get(["s1", "s2"])) == {"s2"}
    assert await stores.chunks.ids() == {chunk(2).id}


async def test_thousands_of_ids_in_one_call(stores: Stores) -> None:
    many = [source(f"s{n:05}") for n in range(12_000)]
    await stores.sources.put(many)
    assert len(await stores.sources.get([each.id for each in many])) == len(many)
    await stores.sources.delete([each.id for each in many[1:]])
    assert [found.id for found in await stores.sources.find()] == ["s00000"]


async def test_roots_are_granted_and_withdrawn(stores: Stores) -> None:
    one, two = (Root(path=path, project="p", added=AT) for path in ("/b", "/a"))
    await stores.sources.set_roots(add=[one, two])
    assert await stores.sources.roots() == [two, one]
    changed = Root(path="/a", project="other", added=AT, watched=False, device="ext4 8:1", forgotten=("src_1", "src_2"))
    await stores.sources.set_roots(add=[changed], remove=["/b", "/nowhere"])
    assert await stores.sources.roots() == [changed]


async def test_empty_calls_do_nothing(stores: Stores) -> None:
    await stores.sources.put([])
    await stores.sources.delete([])
    assert await stores.sources.get([]) == {}
    assert await stores.sources.find() == []


@pytest.mark.parametrize("odd", ["a\0b", "' OR 1=1 --", "\u202etxt.exe", "\U0001f4a9", "x" * 1_000_000])
async def test_odd_names_are_kept_letter_for_letter(stores: Stores, odd: str) -> None:
    strange = source("s1").model_copy(update={"path": f"/p/{odd}", "reason": odd})
    await stores.sources.put([strange])
    assert await stores.sources.get(["s1"]) == {"s1": strange}
    assert [found.path for found in await stores.sources.find(under=f"/p/{odd}")] == [f"/p/{odd}"]


async def test_what_is_no_text_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "records.db")
    sources = SqliteSources(database)
    with pytest.raises(StorageError, match="Unicode"):
        await sources.put([source("good"), source("bad").model_copy(update={"path": "/p/\ud800"})])
    assert await sources.find() == []
    await database.close()
