"""Runs the revisions as `frontdesk_owner`, one migrator at a time, never waiting long for a lock that serving holds."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from infra.postgres.tables import metadata
from infra.postgres.url import asyncpg_url

_ONE_MIGRATOR = 7_061_725
_LOCK_TIMEOUT = "5s"


def _run(connection: Connection) -> None:
    connection.execute(text("select pg_advisory_lock(:key)"), {"key": _ONE_MIGRATOR})
    connection.execute(text(f"set lock_timeout = '{_LOCK_TIMEOUT}'"))
    connection.commit()
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


async def _migrate() -> None:
    engine = create_async_engine(asyncpg_url(context.config.attributes["owner_url"]), poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


asyncio.run(_migrate())
