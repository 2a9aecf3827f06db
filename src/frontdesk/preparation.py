"""A database that is ready to be used, for commands that stand alone."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from frontdesk import databases
from frontdesk.settings import Settings
from infra.postgres.embedded import EmbeddedPostgres, running_url
from infra.postgres.roles import DatabaseUrls


@contextmanager
def prepared_database(settings: Settings) -> Iterator[DatabaseUrls]:
    """The database with its roles. The embedded server is the one that runs, else one for as long as this lasts."""
    with ExitStack() as stack:
        server_url = None
        if databases.is_embedded(settings):
            folder = settings.postgres_folder
            server_url = running_url(folder) or stack.enter_context(EmbeddedPostgres(folder)).admin_url
        yield asyncio.run(databases.prepared(settings, server_url=server_url))
