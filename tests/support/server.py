"""A Postgres for a test process: `DATABASE_URL`, else the embedded one, else the system's, else a container."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from testcontainers.community.postgres import PostgresContainer

from infra.postgres.embedded import EmbeddedPostgres
from infra.postgres.server_failed import ServerFailed

_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    # by default it visits one of the copies of the template each second
    "autovacuum_naptime": "5min",
}


@contextmanager
def postgres_server() -> Iterator[str]:
    """An administrator's address."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="frontdesk-test-"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder / "postgres", settings=_FAST)
    try:
        server.start()
    except ServerFailed:
        with PostgresContainer("postgres:18") as container:
            yield container.get_connection_url(driver=None)
        return
    try:
        yield server.admin_url
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
