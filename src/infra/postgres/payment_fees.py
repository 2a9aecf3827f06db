"""Fees of payments, as far as they are not booked, in Postgres."""

from collections.abc import Sequence
from datetime import datetime

from domains.payments import EntryKind, Fee, FeeTold
from infra.postgres.work import PostgresWork

_NOT_BOOKED = """
    with told as (select * from unnest($1::text[], $2::uuid[]) with ordinality told (about, source, place))
    select told.place, p.id, p.invoice_id from told
    cross join lateral (
        select c.id from payments c where c.charge_id = told.about
        union all select r.payment_id from refunds r where r.refund_id = told.about
        union all select d.payment_id from disputes d where d.dispute_id = told.about
    ) found
    join payments p on p.id = found.id
    where not exists (select from ledger_entries e where e.kind = $3 and e.source_id = told.source)
    order by told.place
"""
_BEGAN = "select date_trunc('second', min(succeeded_at)) from payments where own_account"


class PostgresFees:
    """The `Fees` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def not_booked(self, told: Sequence[FeeTold]) -> Sequence[Fee]:
        about, sources = [each.about for each in told], [each.source for each in told]
        rows = await self._work.connection.fetch(_NOT_BOOKED, about, sources, EntryKind.FEE_CHARGED.value)
        return [Fee(told[row["place"] - 1], row["id"], row["invoice_id"]) for row in rows]

    async def began(self) -> datetime | None:
        found: datetime | None = await self._work.connection.fetchval(_BEGAN)
        return found
