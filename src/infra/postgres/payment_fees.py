"""Fees of payments, as far as they are not booked, in Postgres."""

from collections.abc import Sequence
from datetime import datetime

from domains.payments import EntryKind, Fee, FeeTold
from infra.postgres.work import PostgresWork

_NOT_BOOKED = """
    with told as (
        select * from unnest($1::text[], $2::uuid[], $3::boolean[], $4::boolean[])
        with ordinality told (about, source, costs, is_exchanged, place)
    )
    select told.place, p.id, p.invoice_id, found.amount, p.currency from told
    cross join lateral (
        select c.id, c.amount from payments c where c.charge_id = told.about
        union all select r.payment_id, r.amount from refunds r where r.refund_id = told.about
        union all select d.payment_id, d.amount from disputes d where d.dispute_id = told.about
    ) found
    join payments p on p.id = found.id
    where told.costs and not exists (select from ledger_entries e where e.kind = $5 and e.source_id = told.source)
       or told.is_exchanged
          and not exists (select from ledger_entries e where e.kind = $6 and e.source_id = told.source)
    order by told.place
"""
_BEGAN = "select date_trunc('second', min(succeeded_at)) from payments where own_account"


class PostgresFees:
    """The `Fees` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def not_booked(self, told: Sequence[FeeTold]) -> Sequence[Fee]:
        asked = zip(*((each.about, each.source, each.amount != 0, each.exchanged != 0) for each in told), strict=True)
        kinds = (EntryKind.FEE_CHARGED.value, EntryKind.CURRENCY_EXCHANGED.value)
        rows = await self._work.connection.fetch(_NOT_BOOKED, *asked, *kinds)
        return [Fee(told[place - 1], *about) for place, *about in rows]

    async def began(self) -> datetime | None:
        found: datetime | None = await self._work.connection.fetchval(_BEGAN)
        return found
