"""Envelopes: what has to follow a commit, claimed by one worker at a time."""

from datetime import timedelta
from uuid import UUID

from domains.shared.outbox import Envelope
from infra.postgres.database import Database, driver_of
from infra.postgres.work import PostgresWork

_LEASE = timedelta(seconds=60)

_CLAIM = """
    with claimed as (
        select tenant_id, id from work.outbox
        where parked_at is null and due_at <= now()
        order by due_at, id limit $1
        for update skip locked
    )
    update work.outbox o set due_at = now() + $2, attempts = o.attempts + 1
    from claimed c where o.tenant_id = c.tenant_id and o.id = c.id
    returning o.tenant_id, o.id, o.event_id, o.subscriber, o.attempts
"""
_DONE = "delete from work.outbox where tenant_id = $1 and id = $2"
_AGAIN = "update work.outbox set due_at = now() + $3 where tenant_id = $1 and id = $2"
_PARK = "update work.outbox set parked_at = now() where tenant_id = $1 and id = $2"
_SUBJECT = "select subject_id from events where id = $1"


class PostgresOutbox:
    """The envelopes of all tenants, for the relay. What is claimed is hidden from others for a minute."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, most: int) -> list[Envelope]:
        async with self._database.connection() as connection:
            rows = await (await driver_of(connection)).fetch(_CLAIM, most, _LEASE)
        return [Envelope(*row.values()) for row in rows]

    async def done(self, envelope: Envelope) -> None:
        await self._execute(_DONE, envelope)

    async def again(self, envelope: Envelope, delay: timedelta) -> None:
        await self._execute(_AGAIN, envelope, delay)

    async def park(self, envelope: Envelope) -> None:
        await self._execute(_PARK, envelope)

    async def _execute(self, statement: str, envelope: Envelope, *more: object) -> None:
        async with self._database.connection() as connection:
            await (await driver_of(connection)).execute(statement, envelope.tenant, envelope.id, *more)


class PostgresEvents:
    """What has happened in the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def subject_of(self, event: UUID) -> UUID:
        """What the event is about. Raises `LookupError` when the tenant has no such event."""
        async with self._work:
            subject = await self._work.connection.fetchval(_SUBJECT, event)
        if not isinstance(subject, UUID):
            raise LookupError(event)
        return subject
