"""Envelopes that failed too often, as an operator sees them, and having them tried again."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import groupby
from typing import Self
from uuid import UUID

import msgspec

from domains.shared.audit import Note
from infra.postgres.clock import BusinessClock
from infra.postgres.database import Database
from infra.postgres.recording import Origin
from infra.postgres.work import PostgresWork

_PARKED = """
    select tenant_id, id, kind, subject_id, due_at, attempts, parked_at from work.envelopes
    where parked_at is not null and kind = coalesce($1, kind) and id = coalesce($2, id)
    order by parked_at, id limit $3
"""
_REPLAY = """
    update work.envelopes set parked_at = null, attempts = 0, retry_at = '-infinity'
    where id = any ($1) and parked_at is not null returning id, kind
"""
_BY = Origin("frontdesk envelopes replay")


class ParkedEnvelope(msgspec.Struct, frozen=True):
    """Ids and times only: what failed is in the log, under the envelope's id."""

    tenant: UUID
    id: UUID
    kind: str
    subject: UUID
    due_at: datetime
    attempts: int
    parked_at: datetime


class Parked:
    """What is parked, of all tenants: found by the relay's role, changed by the application's, bound to the tenant."""

    def __init__(self, finding: Database, taking: Database, clock: BusinessClock) -> None:
        self._finding = finding
        self._taking = taking
        self._clock = clock

    @classmethod
    @asynccontextmanager
    async def at(cls, *, relay_url: str, app_url: str) -> AsyncIterator[Self]:
        """Over connections of its own. Raise `Unavailable` where the database cannot be reached."""
        finding, taking = Database(relay_url, size=1), Database(app_url, size=3)
        clock = BusinessClock(taking)
        try:
            await clock.read()
            yield cls(finding, taking, clock)
        finally:
            await finding.close()
            await taking.close()

    async def found(self, *, most: int, kind: str | None = None, envelope: UUID | None = None) -> list[ParkedEnvelope]:
        """The longest parked first."""
        async with self._finding.connection() as connection:
            rows = await connection.fetch(_PARKED, kind, envelope, most)
        return [ParkedEnvelope(*row.values()) for row in rows]

    async def replay(self, envelopes: Sequence[ParkedEnvelope]) -> int:
        """Have them tried again, ten times more, and note it in each tenant's audit log; say how many there were."""
        replayed = 0
        for tenant, some in groupby(sorted(envelopes, key=_tenant_of), key=_tenant_of):
            async with PostgresWork(self._taking, tenant, _BY, {}, self._clock) as work:
                rows = await work.connection.fetch(_REPLAY, [envelope.id for envelope in some])
                for row in rows:
                    work.note(Note(action="envelope.replayed", subject=row["id"], facts={"kind": row["kind"]}))
            replayed += len(rows)
        return replayed


def _tenant_of(envelope: ParkedEnvelope) -> UUID:
    return envelope.tenant
