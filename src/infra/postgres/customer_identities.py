"""Under which ids a customer is known, in Postgres."""

from collections.abc import Sequence
from uuid import UUID

from domains.shared.errors import NotFound
from infra.postgres.work import PostgresWork

_IDS = """
    with recursive known (id) as (
        select id from customers where id = $1 and erased_at is null
        union all select c.id from known k join customers c on c.merged_into = k.id
    )
    select id from known
"""


class PostgresIdentities:
    """The `Identities` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def of(self, customer: UUID) -> Sequence[UUID]:
        ids = [row["id"] for row in await self._work.connection.fetch(_IDS, customer)]
        if not ids:
            raise NotFound.one("customer")
        return ids


async def of_customer(work: PostgresWork, customer: UUID | None) -> list[tuple[str, object]]:
    """The condition on a list by which it shows what is about `customer`, and about whoever was merged into it."""
    if customer is None:
        return []
    known = [row["id"] for row in await work.connection.fetch(_IDS, customer)]
    return [("customer_id = any ({})", known)] if len(known) > 1 else [("customer_id = {}", customer)]
