"""Bringing a database to this version. What it needs takes long to load, and most commands do without."""

import asyncio

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from frontdesk.databases import first_line
from frontdesk.refusal import Refusal
from infra.postgres import migrate
from infra.postgres.url import asyncpg_url


async def revision(url: str) -> str | None:
    """The migration that the database is at; None for an empty one."""
    engine = create_async_engine(asyncpg_url(url), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(migrate.current)
    finally:
        await engine.dispose()


def upgrade(url: str) -> bool:
    """Run the migrations that are missing; say whether there were any. Raise `Refusal` if one fails."""
    try:
        if asyncio.run(revision(url)) == migrate.head():
            return False
        migrate.upgrade(url)
    except CommandError as error:
        raise Refusal(f"The database is of another version of Frontdesk than this one: {error}.") from error
    except DBAPIError as error:
        raise Refusal(f"The database could not be migrated: {first_line(error.orig or error)}") from error
    return True
