"""Removing what is kept for a time only."""

from infra.postgres.database import Database

_SWEEP = "select what, gone from work.sweep($1)"


class PostgresSweeps:
    """The `Sweeps`, as `frontdesk_relay`: it may call the function that removes what is old, and read none of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def sweep(self, most: int) -> dict[str, int]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(_SWEEP, most)
        return {row["what"]: row["gone"] for row in rows}
