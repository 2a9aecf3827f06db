"""Which revision a database is at, for processes that do not migrate: they do without Alembic."""

from pathlib import Path

import asyncpg

_VERSIONS = Path(__file__).parents[3] / "migrations" / "versions"
_CONNECT_SECONDS = 5.0
_CANNOT_TELL = (
    asyncpg.InsufficientPrivilegeError,
    asyncpg.InvalidSchemaNameError,
    asyncpg.UndefinedFunctionError,
    asyncpg.UndefinedTableError,
)


def newest() -> str:
    """The newest revision that this code knows. They are numbered, and so are their files."""
    return max(file.name.partition("_")[0] for file in _VERSIONS.glob("[0-9]*.py"))


async def revision_of(app_url: str) -> str | None:
    """The revision that the database is at; None where it cannot tell yet. Raise OSError or PostgresError."""
    connection = await asyncpg.connect(app_url, timeout=_CONNECT_SECONDS)
    try:
        found: str | None = await connection.fetchval("select directory.schema_revision()")
    except _CANNOT_TELL:
        return None
    finally:
        await connection.close()
    return found
