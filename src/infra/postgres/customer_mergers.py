"""What was merged, in Postgres."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from domains.customers import Contribution, Merger
from infra.postgres.work import PostgresWork

_ADD = """
    insert into customer_mergers (tenant_id, customer_id, into_id, merged_at, contribution) values ($1, $2, $3, $4, $5)
"""
_OF = "select into_id, merged_at, contribution from customer_mergers where customer_id = $1"
_INTO = "select customer_id from customer_mergers where into_id = $1 order by merged_at, customer_id"
_CONTRIBUTE = "update customer_mergers set contribution = $2 where customer_id = $1"
_REMOVE = "delete from customer_mergers where customer_id = $1"


class PostgresMergers:
    """The `Mergers` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def add(self, merger: Merger) -> None:
        contribution = msgspec.json.encode(merger.contribution).decode()
        await self._work.connection.execute(
            _ADD, self._work.tenant, merger.customer, merger.into, merger.merged_at, contribution
        )

    async def of(self, customer: UUID) -> Merger | None:
        row = await self._work.connection.fetchrow(_OF, customer)
        if row is None:
            return None
        contribution = msgspec.convert(row["contribution"], Contribution)
        return Merger(customer=customer, into=row["into_id"], merged_at=row["merged_at"], contribution=contribution)

    async def into(self, survivor: UUID) -> Sequence[UUID]:
        return [row["customer_id"] for row in await self._work.connection.fetch(_INTO, survivor)]

    async def contribute(self, customer: UUID, more: Contribution) -> None:
        if merger := await self.of(customer):
            contribution = msgspec.json.encode(merger.contribution.and_more(more)).decode()
            await self._work.connection.execute(_CONTRIBUTE, customer, contribution)

    async def remove(self, customer: UUID) -> None:
        await self._work.connection.execute(_REMOVE, customer)
