"""Downloading from a model hub, against a local server that answers as the hub does."""

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.adapters.system.fetch import MachineFetcher
from assistant.adapters.system.hub_files import FetchStopped, download_files
from assistant.domain.errors import ChecksumError, FetchError
from assistant.domain.models import ModelSource

COMMIT = "5617a9f61b028005a4858fdac845db406aefb181"
GRAPH = b"graph " * 5000
CONFIG = b'{"a": 1}'


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def git(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


class Hub(ThreadingHTTPServer):
    """Two files of one repository; `served` is what is sent, `stated` what the hub says about it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.served = {"onnx/model.onnx": GRAPH, "config.json": CONFIG}
        self.stated = dict(self.served)
        self.tokens: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        self._note()
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        entries = []
        for name, data in self.server.stated.items():
            entry: dict[str, object] = {"type": "file", "path": name, "size": len(data), "oid": git(data)}
            if name.endswith(".onnx"):
                entry["lfs"] = {"oid": sha(data), "size": len(data), "pointerSize": 130}
            entries.append(entry)
        self._send(json.dumps(entries).encode(), "application/json")

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self._note()
        name = self.path.split(f"/resolve/{COMMIT}/")[-1]
        if name not in self.server.served:
            self.send_error(404)
            return
        data = self.server.served[name]
        self._send(data, "application/octet-stream", {"ETag": f'"{sha(data)}"', "X-Repo-Commit": COMMIT})

    def _note(self) -> None:
        self.server.tokens.append(self.headers.get("Authorization", ""))

    def _send(self, body: bytes, kind: str, more: dict[str, str] | None = None) -> None:
        self.send_response(200)
        for key, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(more or {})}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_TOKEN", "secret")
    with Hub() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def source(**files: str) -> ModelSource:
    wanted = {"onnx/model.onnx": sha(GRAPH), "config.json": ""} | files
    return ModelSource(kind="hub", name="tiny/model", version=COMMIT, size_bytes=len(GRAPH) + len(CONFIG), files=wanted)


async def test_files_come_at_the_pinned_revision_with_progress_and_without_a_token(hub: Hub, tmp_path: Path) -> None:
    shares: list[float] = []
    await MachineFetcher(hub=hub.address).fetch(source(), tmp_path / "raw", lambda _, share: shares.append(share))
    assert (tmp_path / "raw" / "onnx" / "model.onnx").read_bytes() == GRAPH
    assert sorted(path.name for path in (tmp_path / "raw").iterdir()) == ["config.json", "onnx"]
    assert shares[-1] == 1.0 and all(0 <= share <= 1 for share in shares)
    assert set(hub.tokens) == {""}


async def test_a_file_unlike_the_manifest_is_refused(hub: Hub, tmp_path: Path) -> None:
    hub.served["onnx/model.onnx"] = hub.stated["onnx/model.onnx"] = b"other " * 5000
    with pytest.raises(ChecksumError):
        await MachineFetcher(hub=hub.address).fetch(source(), tmp_path / "raw", lambda *_: None)


@pytest.mark.parametrize(("name", "sent"), [("onnx/model.onnx", b"wrong " * 5000), ("config.json", b'{"a": 2}')])
async def test_without_a_checksum_the_hubs_own_hash_is_checked(hub: Hub, tmp_path: Path, name: str, sent: bytes) -> None:
    hub.served[name] = sent
    with pytest.raises(ChecksumError):
        await MachineFetcher(hub=hub.address).fetch(source(**{"onnx/model.onnx": ""}), tmp_path / "raw", lambda *_: None)


async def test_a_file_the_repository_lacks_is_named(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"vocab\.txt is not in the repository"):
        await MachineFetcher(hub=hub.address).fetch(source(**{"vocab.txt": ""}), tmp_path / "raw", lambda *_: None)


async def test_a_hub_that_cannot_be_reached_is_told(tmp_path: Path, hub: Hub) -> None:
    hub.shutdown()
    hub.server_close()
    with pytest.raises(FetchError, match="could not be fetched from the model hub"):
        await MachineFetcher(hub=hub.address).fetch(source(), tmp_path / "raw", lambda *_: None)


def test_a_download_that_nobody_waits_for_stops(hub: Hub, tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(FetchStopped):
        download_files(source(), tmp_path, lambda *_: None, stop, hub.address)
