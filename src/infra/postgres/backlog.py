"""How much of what is due waits to be done, over all tenants."""

import msgspec

from infra.postgres.database import Database

_BACKLOG = """
    select count(*) filter (where parked_at is null),
           coalesce(extract(epoch from c.now - min(due_at) filter (where parked_at is null)), 0)::float8,
           count(*) filter (where parked_at is not null)
    from work.envelopes, (select now() + ahead as now from work.clock) c
    where due_at <= c.now group by c.now
    union all select 0, 0, 0 limit 1
"""


class Backlog(msgspec.Struct, frozen=True):
    """Envelopes that are due and wait, for how long the oldest has been due, and those put aside for an operator."""

    waiting: int
    oldest_seconds: float
    parked: int


async def backlog(database: Database) -> Backlog:
    """Measure it, as the relay."""
    async with database.connection() as connection:
        [row] = await connection.fetch(_BACKLOG)
    waiting, oldest, parked = row.values()
    return Backlog(waiting, max(0.0, oldest), parked)
