"""`frontdesk api`."""

import asyncio
import sys

import click
import uvicorn

from frontdesk.http_server import server_config
from frontdesk.only_process import only_process
from frontdesk.settings import Settings

_NOT_STARTED = 3


@click.command()
def command() -> None:
    """Serve HTTP and WebSockets."""
    settings = Settings.load()
    config = server_config(settings)
    server = uvicorn.Server(config)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_serve(server, settings))
    if not server.started:
        sys.exit(_NOT_STARTED)


async def _serve(server: uvicorn.Server, settings: Settings) -> None:
    async with only_process(settings):
        await server.serve()
