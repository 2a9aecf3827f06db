"""Whether the database answers."""

from typing import ClassVar

from infra.postgres.database import Database


class PostgresHealth:
    """A health check: without the database nothing can be served."""

    name: ClassVar[str] = "database"
    critical: ClassVar[bool] = True

    def __init__(self, database: Database) -> None:
        self._database = database

    async def check(self) -> None:
        async with self._database.connection() as connection:
            await connection.fetchval("select 1")
