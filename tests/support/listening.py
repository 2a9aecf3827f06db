"""A stand-in for whoever is told by HTTP: it keeps what it was sent."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec

from tests.support.soon import wait_until


class Told(msgspec.Struct, frozen=True):
    """One request that came in, its body unpacked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Listener:
    """Answers every request with `status`."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.status = 200
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_for(self, count: int, seconds: float = 10) -> list[Told]:
        """All that was told, once it is at least so much."""
        wait_until(lambda: len(self.told) >= count, within=seconds)
        return self.told


@contextmanager
def listener() -> Iterator[Listener]:
    """Listen on a free port of this machine until left."""
    kept = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            plain = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
            kept.told.append(Told(self.command, self.path, headers, plain))
            self.send_response(kept.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's parameter name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    kept.port = server.server_port
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
