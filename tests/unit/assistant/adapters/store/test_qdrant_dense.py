"""What a Qdrant server is told, what its failures become, and that nothing else is contacted."""

import json
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.adapters.store import qdrant_server
from assistant.adapters.store.qdrant_collection import collection_name, owner_of
from assistant.adapters.store.qdrant_dense import QdrantDense
from assistant.adapters.store.qdrant_server import QdrantServer
from assistant.config.schema import Qdrant
from assistant.domain.errors import ConfigError, DamagedError, MnemeError
from assistant.ports.stores import Filter
from tests.contract.samples import DIMENSIONS, axis, chunk_id, point
from tests.fakes.qdrant import local_qdrant
from tests.fakes.qdrant_http import Answer, Asked, HttpServer, collection, done, healthy, serving

ROOT = Path(__file__).resolve().parents[5]
KEY = "kEy-7f3a9c55e1-never-shown"


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qdrant_server, "PAUSE_S", 0.0)


@pytest.fixture
def server() -> Iterator[HttpServer]:
    with serving() as found:
        yield found


Maker = Callable[..., QdrantDense]


@pytest.fixture
async def make(server: HttpServer, tmp_path: Path) -> AsyncIterator[Maker]:
    made: list[QdrantDense] = []

    def index(url: str = "", **settings: Any) -> QdrantDense:
        made.append(QdrantDense(Qdrant(url=url or server.url, **settings), tmp_path, DIMENSIONS, "m@1", KEY, batch=2))
        return made[-1]

    yield index
    server.release.set()
    for one in made:
        await one.close()


async def failed(index: QdrantDense) -> MnemeError:
    with pytest.raises(MnemeError) as told:
        await index.search(axis(0), 3)
    error = told.value
    assert not isinstance(error, DamagedError), "an index is not thrown away for a server that does not answer"
    assert error.kept and KEY not in f"{error} {error!r} {error.__cause__!r}"
    return error


async def test_a_new_collection_is_made_as_the_settings_say(server: HttpServer, make: Maker) -> None:
    def missing(asked: Asked) -> Answer | None:
        return done({"exists": False}) if asked.path.endswith("/exists") else healthy(asked)

    server.answers = missing
    await make(shard_number=3, replication_factor=2, write_consistency_factor=2, on_disk=True, collection_prefix="mine").open()
    created = next(one for one in server.asked if one.method == "PUT" and one.path.count("/") == 2)
    assert created.path.startswith("/collections/mine_m-1_")
    told = {key: value for key, value in created.body.items() if value is not None}
    assert (told["shard_number"], told["replication_factor"], told["write_consistency_factor"]) == (3, 2, 2)
    assert told["vectors"] | {"size": 8, "distance": "Cosine", "on_disk": True} == told["vectors"]
    scalar = told["quantization_config"]["scalar"]
    assert (scalar["type"], scalar["always_ram"]) == ("int8", True)
    assert told["hnsw_config"]["m"] == 0
    indexed = [one.body["field_name"] for one in server.asked if one.path.split("?")[0].endswith("/index")]
    assert {"project", "modality"} <= set(indexed)


async def test_points_are_sent_in_batches_with_no_more_than_filters_need(server: HttpServer, make: Maker) -> None:
    await make().upsert([point(n, path="/home/u/private name") for n in range(5)])
    sent = [one for one in server.asked if one.method == "PUT" and one.path.split("?")[0].endswith("/points")]
    assert [len(one.body["batch"]["ids"]) for one in sent] == [2, 2, 1]
    assert all("wait=true" in one.path for one in sent)
    assert set(sent[0].body["batch"]["payloads"][0]) == {"project", "modality", "language", "source"}
    assert "private name" not in json.dumps([one.body for one in sent])


async def test_searches_ask_for_rescoring_and_the_filter(server: HttpServer, make: Maker) -> None:
    await make(oversampling=3.0).search(axis(0), 100, Filter(modality=("code",), project="p"))
    asked = next(one.body for one in server.asked if one.path.split("?")[0].endswith("/points/query"))
    assert asked["params"]["quantization"] | {"rescore": True, "oversampling": 3.0} == asked["params"]["quantization"]
    assert asked["params"]["hnsw_ef"] == 100
    assert {one["key"] for one in asked["filter"]["must"]} == {"project", "modality"}


async def test_above_the_configured_size_the_graph_of_the_specification_is_built_once(server: HttpServer, make: Maker) -> None:
    def large(asked: Asked) -> Answer | None:
        if asked.path.endswith("/points/count"):
            return done({"count": 1000})
        built = server.counted("PATCH", asked.path.split("?")[0])
        return collection(m=32 if built else 0) if asked.method == "GET" and "exists" not in asked.path else healthy(asked)

    assert await make(graph_chunks=1000).optimise() is False
    server.answers = large
    assert await make(graph_chunks=1001).optimise() is False
    index = make(graph_chunks=1000)
    assert await index.optimise() is True
    told = next(one.body["hnsw_config"] for one in server.asked if one.method == "PATCH")
    assert (told["m"], told["ef_construct"]) == (32, 256)
    assert await index.optimise() is False


@pytest.mark.parametrize(
    ("status", "says", "attempts"),
    [
        (401, "API key", 1),
        (403, "API key", 1),
        (404, "not on", 1),
        (400, "refuses this", 1),
        (429, "failed", 3),
        (500, "failed", 1),
        (502, "failed", 3),
        (503, "failed", 3),
        (507, "no room", 1),
        (302, "sends elsewhere", 1),
    ],
)
async def test_each_answer_says_what_to_do(server: HttpServer, make: Maker, status: int, says: str, attempts: int) -> None:
    def refusing(asked: Asked) -> Answer | None:
        if not asked.path.split("?")[0].endswith("/points/query"):
            return healthy(asked)
        # A hostile server echoes the key, with enough around it that cutting comes into it.
        return status, {"status": {"error": f"{'x' * 180}{asked.headers['api-key']} wrong"}}

    server.answers = refusing
    error = await failed(make())
    assert says in str(error)
    assert server.counted("POST", "/points/query") == attempts


@pytest.mark.parametrize("body", ["", "<html>hello</html>", "[]", '{"result": 5}', "\0"])
async def test_what_is_no_qdrant_is_named(server: HttpServer, make: Maker, body: str) -> None:
    server.answers = lambda asked: (200, body)
    assert "cannot be understood" in str(await failed(make()))


async def test_a_server_that_hangs_is_given_up_once(server: HttpServer, make: Maker) -> None:
    server.answers = lambda asked: None
    error = await failed(make(timeout_seconds=0.3))
    assert "did not answer" in str(error)
    assert len(server.asked) == 1


async def test_a_server_that_is_not_there_is_named_without_its_key(make: Maker) -> None:
    with serving() as gone:
        url = gone.url
    error = await failed(make(url, retries=1))
    assert "cannot be reached" in str(error) and url.removeprefix("http://") in str(error)


async def test_a_server_that_comes_back_is_used_again(server: HttpServer, make: Maker) -> None:
    server.answers = lambda asked: (503, "starting")
    index = make()
    await failed(index)
    server.answers = healthy
    assert await index.search(axis(0), 3) == []


async def test_an_upsert_survives_a_passing_failure(server: HttpServer, make: Maker) -> None:
    def flaky(asked: Asked) -> Answer | None:
        first = asked.method == "PUT" and server.counted("PUT", "/points") == 1
        return (503, "busy") if first and asked.path.split("?")[0].endswith("/points") else healthy(asked)

    server.answers = flaky
    await make().upsert([point(1)])
    assert server.counted("PUT", "/points") == 2


async def test_a_collection_of_other_dimensions_is_left_alone(server: HttpServer, make: Maker) -> None:
    server.answers = lambda asked: collection(size=5) if asked.method == "GET" and "exists" not in asked.path else healthy(asked)
    error = await failed(make())
    assert "5-dimensional" in str(error)
    assert not [one for one in server.asked if one.method != "GET"]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "No Qdrant server"),
        ("nonsense", "No Qdrant server"),
        ("https://[::1", "No Qdrant server"),
        ("http://vectors.example:6333", "another computer"),
        ("http://10.0.0.5:6333", "another computer"),
        ("http://localhost.example:6333", "another computer"),
        ("http://127.0.0.1.example:6333", "another computer"),
        ("ftp://vectors.example", "not a plain https"),
        ("https://user:pass@vectors.example", "not a plain https"),
        ("https://vectors.example/?key=pass", "not a plain https"),
    ],
)
async def test_an_address_that_gives_things_away_is_refused_before_anything_is_sent(make: Maker, url: str, says: str) -> None:
    index = make(url)
    index._settings = index._server._settings = Qdrant(url=url)  # type: ignore[attr-defined]
    error = await failed(index)
    assert isinstance(error, ConfigError)
    assert says in str(error) and "pass" not in str(error)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:6333", "http://[::1]:6333", "http://localhost", "https://vectors.example/path/"]
)
def test_this_computer_and_https_are_allowed(url: str) -> None:
    address = qdrant_server.checked_address(Qdrant(url=url))
    assert address.url.startswith(url.rstrip("/").split("/path")[0])


def test_plain_http_can_be_allowed() -> None:
    assert qdrant_server.checked_address(Qdrant(url="http://10.0.0.5", allow_plain_http=True)).port == 6333


def test_a_certificate_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nonsense")
    for name in ("ca.pem", "missing.pem"):
        with pytest.raises(ConfigError, match="certificate authority"):
            QdrantServer(Qdrant(url="https://vectors.example", ca_file=str(tmp_path / name))).connect()


async def test_the_key_goes_to_the_server_and_nowhere_else(
    server: HttpServer, make: Maker, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    index = make()
    await index.upsert([point(1)])
    server.answers = lambda asked: (500, "no " + asked.headers["api-key"])
    await failed(index)
    assert all(one.headers["api-key"] == KEY for one in server.asked)
    assert KEY not in caplog.text
    assert KEY not in repr(index) + repr(index._server) + str(vars(QdrantServer).get("__doc__"))
    assert not any(KEY in file.read_text("utf-8", "replace") for file in tmp_path.rglob("*") if file.is_file())


def test_every_memory_and_every_model_has_a_collection_of_its_own(tmp_path: Path) -> None:
    one, other = owner_of(tmp_path / "one"), owner_of(tmp_path / "other")
    assert owner_of(tmp_path / "one") == one
    names = {collection_name(Qdrant(), model, owner) for model in ("a@1", "a@2", "a/1") for owner in (one, other)}
    assert len(names) == 6
    assert all(name.startswith("mneme_a-") and "/" not in name for name in names)
    (tmp_path / "one" / "owner").write_bytes(b"\xff\x00")
    assert owner_of(tmp_path / "one") != one


async def test_dropping_removes_the_collection_from_the_server(tmp_path: Path) -> None:
    index = local_qdrant(tmp_path, DIMENSIONS)
    await index.upsert([point(1)])
    await index.drop()
    assert await index.ids() == set()
    await index.upsert([point(2)])
    assert await index.ids() == {chunk_id(2)}
    await index.close()


CONNECTIONS = """
import asyncio, os, sys
from pathlib import Path

seen = set()

def note(event, args):
    if event == "socket.connect":
        seen.add(str(args[1]))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"):
        seen.add(str(args[:2]))

sys.addaudithook(note)
os.environ.pop("ORT_DISABLE_TELEMETRY", None)
os.environ["HTTP_PROXY"] = os.environ["ALL_PROXY"] = "http://127.0.0.1:9"
from assistant.adapters.store.qdrant_dense import QdrantDense
from assistant.config.schema import Qdrant
from tests.contract.samples import axis, point

async def use():
    index = QdrantDense(Qdrant(url=sys.argv[1]), Path(sys.argv[2]), 8, "m@1", "key")
    await index.upsert([point(1)])
    await index.search(axis(1), 3)
    await index.ids()
    await index.optimise()
    await index.close()

asyncio.run(use())
print(os.environ["ORT_DISABLE_TELEMETRY"], sorted(seen))
"""


async def test_nobody_else_is_contacted(server: HttpServer, tmp_path: Path) -> None:
    """No telemetry, no version check, no proxy of the environment: every connection of a whole process is looked at."""
    command = [sys.executable, "-c", CONNECTIONS, server.url, str(tmp_path)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    port = server.url.rpartition(":")[2]
    silent, _, seen = found.stdout.strip().partition(" ")
    assert silent == "1"
    assert port in seen
    for place in seen.strip("[]").replace('"', "").split("), ("):
        assert "127.0.0.1" in place and port in place, seen
    assert {one.path.split("?")[0].split("/")[1] for one in server.asked} == {"collections"}
