"""`frontdesk api`."""

import asyncio
import gc
import sys

import click

from frontdesk.asgi import announce_departure, create_app, end_streams
from frontdesk.http_server import server_config
from frontdesk.migrated import must_be_migrated
from frontdesk.only_process import only_process
from frontdesk.serving import Server, passed_sockets
from frontdesk.settings import Settings

_NOT_STARTED = 3
_LOOK_AFTER = 20_000


@click.command()
def command() -> None:
    """Serve HTTP and WebSockets."""
    settings = Settings.load()
    app = create_app()
    config = server_config(settings, app)
    server = Server(
        config, leave=lambda: announce_departure(app), end=lambda: end_streams(app), drain=settings.drain_seconds
    )
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_serve(server, settings))
    if not server.started:
        sys.exit(_NOT_STARTED)


async def _serve(server: Server, settings: Settings) -> None:
    _spare_the_collector()
    await must_be_migrated(settings)
    async with only_process(settings):
        await server.serve(passed_sockets())


def _spare_the_collector() -> None:
    """What is there now stays, and requests leave hardly a cycle: look less often, and never at all of it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_LOOK_AFTER)
