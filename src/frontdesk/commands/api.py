"""`frontdesk api`."""

import socket
import sys
from collections.abc import Awaitable, Callable

import click
import uvicorn

from frontdesk.asgi import create_app, end_streams
from frontdesk.settings import Settings
from frontdesk.socket_protocol import SOCKET_SETTINGS

_STOP_SECONDS = 15


class Server(uvicorn.Server):
    """Calls `leave` when it is told to stop: event streams would go on for ever."""

    def __init__(self, config: uvicorn.Config, *, leave: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._leave = leave

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._leave()
        await super().shutdown(sockets)


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
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_STOP_SECONDS,
        **SOCKET_SETTINGS,
    )
    server = Server(config, leave=lambda: end_streams(app))
    server.run()
    if not server.started:
        sys.exit(1)
