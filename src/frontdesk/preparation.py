"""A database that is ready to be used, and its server, for commands that stand alone."""

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
        yield asyncio.run(databases.prepared(settings, server_url=_embedded(settings, stack)))


@contextmanager
def server(settings: Settings) -> Iterator[str]:
    """The administrator's address of the database's server. Raise `Refusal` where that is not known."""
    with ExitStack() as stack:
        yield databases.server_url(settings, embedded=_embedded(settings, stack))


def _embedded(settings: Settings, stack: ExitStack) -> str | None:
    if not databases.is_embedded(settings):
        return None
    folder = settings.postgres_folder
    return running_url(folder) or stack.enter_context(EmbeddedPostgres(folder)).admin_url
