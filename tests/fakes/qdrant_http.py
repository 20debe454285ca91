"""A tiny HTTP server on this computer that answers as a test tells it, and keeps what it was asked. For failure paths."""

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, Any]
"""Status and body: what is no string becomes JSON."""


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class HttpServer:
    """The running server; `answers` is asked for every request, and `release` ends a request that hangs."""

    answers: Callable[[Asked], Answer | None]
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)

    def counted(self, method: str, end: str) -> int:
        return sum(one.method == method and one.path.split("?")[0].endswith(end) for one in self.asked)


def collection(size: int = 8, m: int = 0) -> Answer:
    """What a server says of a collection."""
    config = {
        "params": {"vectors": {"size": size, "distance": "Cosine"}, "shard_number": 1},
        "hnsw_config": {"m": m, "ef_construct": 100, "full_scan_threshold": 10000},
        "optimizer_config": {
            "deleted_threshold": 0.2,
            "vacuum_min_vector_number": 1000,
            "default_segment_number": 0,
            "flush_interval_sec": 5,
        },
        "wal_config": {"wal_capacity_mb": 32, "wal_segments_ahead": 0},
    }
    return done(
        {
            "status": "green",
            "optimizer_status": "ok",
            "segments_count": 1,
            "points_count": 0,
            "config": config,
            "payload_schema": {},
        }
    )


def done(result: Any) -> Answer:
    return 200, {"result": result, "status": "ok", "time": 0.001}


def healthy(asked: Asked) -> Answer | None:
    """An empty collection that takes everything."""
    path = asked.path.split("?")[0]
    if path.endswith("/exists"):
        return done({"exists": True})
    if path.endswith("/points/query"):
        return done({"points": []})
    if path.endswith("/points/scroll"):
        return done({"points": [], "next_page_offset": None})
    if path.endswith("/points/count"):
        return done({"count": 0})
    if asked.method == "GET":
        return collection()
    if path.count("/") == 2:
        return done(True)
    return done({"operation_id": 1, "status": "completed"})


@contextmanager
def serving(answers: Callable[[Asked], Answer | None] = healthy) -> Generator[HttpServer]:
    """Serve on a free port of this computer; an answer of None lets the request hang until the test ends."""
    server = HttpServer(answers)

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            asked = Asked(self.command, self.path, {key.lower(): value for key, value in self.headers.items()}, body)
            server.asked.append(asked)
            found = server.answers(asked)
            if found is None:
                server.release.wait(30)
                return
            status, told = found
            data = told.encode() if isinstance(told, str) else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            self.send_header("content-type", "application/json")
            if 300 <= status < 400:
                self.send_header("location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = answer

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        server.url = f"http://127.0.0.1:{http.server_address[1]}"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.release.set()
            http.shutdown()
            thread.join()
