"""A database with the settings of a new installation, on an embedded Postgres of its own; both are gone afterwards."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from infra.postgres.embedded import EmbeddedPostgres
from infra.postgres.migrate import upgrade
from infra.postgres.roles import DatabaseUrls, Passwords, prepare
from tests.frontdesk.commands import reachable_folder


@contextmanager
def own_database() -> Iterator[tuple[DatabaseUrls, str]]:
    """The addresses of the application, and an administrator's."""
    with reachable_folder() as folder, EmbeddedPostgres(folder / "postgres") as server:
        passwords = Passwords("owner-of-bench", "app-of-bench", "relay-of-bench")
        urls = asyncio.run(prepare(server.admin_url, database="bench", passwords=passwords))
        upgrade(urls.owner)
        yield urls, server.admin_url.rpartition("/")[0] + "/bench"
