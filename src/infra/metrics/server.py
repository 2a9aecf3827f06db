"""`GET /metrics` on a port of its own, answered by a thread: it shows that the event loop is stuck even while it is."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, start_http_server


@contextmanager
def metrics_server(registry: CollectorRegistry, *, host: str, port: int) -> Iterator[int]:
    """Serve `registry` to whoever reaches the port, and give the port. It asks for no credential: keep it inside."""
    server, thread = start_http_server(port, addr=host, registry=registry)
    try:
        yield int(server.server_port)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
