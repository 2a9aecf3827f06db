"""`frontdesk api`."""

import click
import uvicorn

from frontdesk.settings import Settings

_STOP_SECONDS = 15
_MAX_FRAME_BYTES = 1_000_000


@click.command()
def command() -> None:
    """Serve HTTP and WebSockets."""
    settings = Settings.load()
    uvicorn.run(
        "frontdesk.asgi:create_app",
        factory=True,
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
