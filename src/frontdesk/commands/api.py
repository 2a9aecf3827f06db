"""`frontdesk api`."""

import sys

import click
import uvicorn

from frontdesk.asgi import announce_departure, create_app
from frontdesk.serving import Server, passed_sockets
from frontdesk.settings import Settings

_STOP_SECONDS = 15
_MAX_FRAME_BYTES = 1_000_000


@click.command()
def command() -> None:
    """Serve HTTP and WebSockets."""
    settings = Settings.load()
    app = create_app()
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws_max_size=_MAX_FRAME_BYTES,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )
    server = Server(config, leave=lambda: announce_departure(app), drain=settings.drain_seconds)
    server.run(passed_sockets())
    if not server.started:
        sys.exit(1)
