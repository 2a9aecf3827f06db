"""Whether lists of documents and payments cost more as a business grows, or as they are read on.

`.venv/bin/python -m bench.documents_growth [large]`. One server; a tenant of 1,000 quotes, invoices, payments and
refunds and one of 1,000,000 (or `large`) of each in the same tables; both have the same number of what is looked for
by status. What is compared is CPU time of the API and Postgres together a request, which another load on the machine
does not change much, and the median time of a request. Rounds take turns. A table comes out, and what is not flat.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import quote

import asyncpg
import msgspec

from bench.customers_growth import FAR, PAGE, Ask, cursor_behind
from bench.serving import Line, Served, cpu_seconds_of, served
from tests.support.people import Tenant

SMALL, LARGE, DRAFTS, PRICES = 1_000, 1_000_000, 400, 10_000
ROUNDS, EACH = 8, 40
_FLAT = 1.5
_TEXT_INDEXES = ("quotes_by_text", "invoices_by_text")
_ITEMS = """jsonb_build_array(jsonb_build_object(
    'id', gen_random_uuid(), 'description', 'Replace the tap', 'quantity', '1', 'unitPrice', 10000, 'discount', null,
    'taxRate', null, 'taxes', '[]'::jsonb, 'optional', false, 'selected', true, 'amount', 10000, 'total', 10000))"""
_CUSTOMERS = """
    insert into customers (tenant_id, id, name, emails, phones, addresses, tags, custom, created_at, updated_at)
    select $1, gen_random_uuid(), 'Customer ' || n, '{}', '{}', '[]', '{}', '{}', now(), now()
    from generate_series(1, $2::int) n
"""
_OF_CUSTOMERS = "(select array_agg(id) as ids from customers where tenant_id = $1) c"
_COMMON = """tenant_id, id, number, status, customer_id, currency, prices_include_tax, items, subtotal, discount_total,
    tax_total, taxes, total, search_text, created_at, updated_at"""
_VALUES = f"""$1, gen_random_uuid(), case when {{status}} = 'draft' then null else 'N-' || n end, {{status}},
    ids[1 + n % cardinality(ids)], 'USD', false, {_ITEMS}, 10000, 0, 0, '[]', 10000, 'n-' || n || E'\\nreplace the tap',
    now() - n * interval '1 minute', now()"""
_QUOTES = f"""
    insert into quotes ({_COMMON}) select {_VALUES.format(status="status")}
    from generate_series(1, $2::int) n
    cross join lateral (select case when n <= {DRAFTS} then 'draft' when n > $2 - 50 then 'rejected' else 'accepted' end
                        as status) s cross join {_OF_CUSTOMERS}
"""  # noqa: S608 - put together from constants
_INVOICES = f"""
    insert into invoices ({_COMMON}, amount_paid, amount_credited, amount_due, due_date, paid_at, reminders)
    select {_VALUES.format(status="status")}, case status when 'paid' then 10000 else 0 end, 0,
        case status when 'paid' then 0 else 10000 end, (now() - n * interval '1 minute')::date,
        case status when 'paid' then now() end, 0
    from generate_series(1, $2::int) n
    cross join lateral (select case when n > $2 - 50 then 'overdue' else 'paid' end as status) s
    cross join {_OF_CUSTOMERS}
"""  # noqa: S608 - as above
_PAYMENTS = """
    insert into payments (tenant_id, id, invoice_id, customer_id, amount, applied_amount, unapplied_amount,
        refunded_amount, lost_amount, currency, method, status, own_account, disputed, created_at, updated_at)
    select $1, gen_random_uuid(), id, customer_id, 10000, 10000, 0, 0, 0, 'USD',
        case when n > $2 - 50 then 'cheque' else 'cash' end,
        case when n > $2 - 50 then 'refunded' else 'succeeded' end, false, false, created_at, now()
    from (select *, row_number() over (order by created_at desc) as n from invoices where tenant_id = $1) i
"""
_REFUNDS = """
    insert into refunds
        (tenant_id, id, payment_id, amount, taken_back, currency, status, reason, created_at, updated_at)
    select tenant_id, gen_random_uuid(), id, 1, 0, 'USD', 'succeeded', 'other', created_at, now()
    from payments where tenant_id = $1
"""
_PRICE_LIST = """
    insert into price_items (tenant_id, id, name, unit_price, currency, sku, created_at, updated_at)
    select $1, gen_random_uuid(), 'Price ' || md5(n::text), 100, 'USD', 'SKU-' || n, now(), now()
    from generate_series(1, $2::int) n
"""


class Cost(msgspec.Struct):
    """Of one kind of request: seconds of CPU time in all, and what each request took."""

    cpu: float = 0.0
    waits: list[float] = msgspec.field(default_factory=list)

    def row(self) -> tuple[float, float]:
        """Milliseconds of CPU time a request, and the median wait."""
        return self.cpu * 1e3 / len(self.waits), statistics.median(self.waits) * 1e3


async def main(large: int) -> None:
    async with served(tenants=2, RATE_LIMITS="off") as at:
        admin = await asyncpg.connect(at.database.admin, command_timeout=3_600)
        await _fill(admin, list(zip(at.tenants, (SMALL, large), strict=True)))
        names = {SMALL: "1,000", large: f"{large:,}"}
        asks = {size: await _asks(at, admin, tenant, size) for tenant, size in zip(at.tenants, names, strict=True)}
        costs = await _measured(at, asks)
        await admin.close()
    print(f"| request | CPU ms of {names[SMALL]} | of {names[large]} | times | wait ms | wait ms |")
    print("|---|---:|---:|---:|---:|---:|")
    for name in costs[SMALL]:
        (cpu, wait), (more, longer) = costs[SMALL][name].row(), costs[large][name].row()
        mark = "" if more < cpu * _FLAT else " **not flat**"
        print(f"| {name}{mark} | {cpu:.2f} | {more:.2f} | {more / cpu:.2f} | {wait:.2f} | {longer:.2f} |")


async def _fill(admin: asyncpg.Connection, tenants: list[tuple[Tenant, int]]) -> None:
    made = [await admin.fetchval("select pg_get_indexdef($1::regclass)", name) for name in _TEXT_INDEXES]
    await admin.execute(f"set session_replication_role = replica; drop index {', '.join(_TEXT_INDEXES)}")
    for tenant, size in tenants:
        await admin.execute(_CUSTOMERS, tenant.id, max(10, size // 1_000))
        for statement in (_QUOTES, _INVOICES):
            await admin.execute(statement, tenant.id, size)
        await admin.execute(_PAYMENTS.replace("$2", str(size)), tenant.id)
        await admin.execute(_REFUNDS, tenant.id)
        await admin.execute(_PRICE_LIST, tenant.id, min(size, PRICES))
    for statement in made:
        await admin.execute(statement)
    await admin.execute("vacuum analyze")
    await admin.execute("alter system set autovacuum = off")
    await admin.execute("select pg_reload_conf()")


async def _asks(at: Served, admin: asyncpg.Connection, tenant: Tenant, size: int) -> list[Ask]:
    one = "select id from {} where tenant_id = $1 order by created_at limit 1"
    ids = {name: await admin.fetchval(one.format(name), tenant.id) for name in ("invoices", "payments", "customers")}
    asks = [
        Ask("one invoice", tenant, "GET", f"/invoices/{ids['invoices']}"),
        Ask("payments of an invoice", tenant, "GET", f"/invoices/{ids['invoices']}/payments"),
        Ask("refunds of a payment", tenant, "GET", f"/payments/{ids['payments']}/refunds"),
        Ask("invoices that are overdue", tenant, "GET", "/invoices?status=overdue"),
        Ask("invoices due by a day", tenant, "GET", "/invoices?dueBy=2999-01-01"),
        Ask("quotes that were rejected", tenant, "GET", "/quotes?status=rejected"),
        Ask("quotes never seen so", tenant, "GET", "/quotes?status=expired"),
        Ask("payments that were refunded", tenant, "GET", "/payments?status=refunded"),
        Ask("payments by cheque", tenant, "GET", "/payments?method=cheque"),
        Ask("payments never seen so", tenant, "GET", "/payments?method=transfer"),
        Ask("quotes by number", tenant, "GET", f"/quotes?search=n-{size}"),
        Ask("price list", tenant, "GET", "/price-list"),
        Ask("price list, searched in vain", tenant, "GET", "/price-list?search=nowhere"),
        Ask("the next number", tenant, "PATCH", "/quotes/{draft}/status", b'{"status":"sent"}'),
    ]
    for path in ("/quotes", "/invoices", "/payments"):
        far = quote(await cursor_behind(at, tenant, path, (min(FAR, size // PAGE) - 1) * PAGE))
        asks.append(Ask(f"page 1 of {path}", tenant, "GET", path))
        asks.append(Ask(f"page {FAR:,} (of 1,000: the last) of {path}", tenant, "GET", f"{path}?cursor={far}"))
        asks.append(Ask(f"{path} of a customer", tenant, "GET", f"{path}?customerId={ids['customers']}"))
        asks.append(Ask(f"{path} with the total", tenant, "GET", f"{path}?includeTotal=true&limit=1"))
    return asks


async def _measured(at: Served, asks: dict[int, list[Ask]]) -> dict[int, dict[str, Cost]]:
    costs = {size: {ask.name: Cost() for ask in asks[size]} for size in asks}
    drafts = {size: await _drafts(at, asks[size][0].tenant) for size in asks}
    for _ in range(ROUNDS):
        for at_once in zip(*asks.values(), strict=True):
            for size, ask in zip(asks, at_once, strict=True):
                await _round(at, ask, costs[size][ask.name], drafts[size])
    return costs


async def _round(at: Served, ask: Ask, cost: Cost, drafts: Iterator[str]) -> None:
    line = Line(at.port, ask.tenant.owner.token)
    before = at.cpu_seconds() + cpu_seconds_of(at.postgres)
    for _ in range(EACH):
        path = ask.path.replace("{draft}", next(drafts)) if "{draft}" in ask.path else ask.path
        began = time.perf_counter()
        if await line.send(ask.method, path, ask.body) != HTTPStatus.OK:
            raise RuntimeError(ask.name)
        cost.waits.append(time.perf_counter() - began)
    cost.cpu += at.cpu_seconds() + cpu_seconds_of(at.postgres) - before
    line.close()


async def _drafts(at: Served, tenant: Tenant) -> Iterator[str]:
    admin = await asyncpg.connect(at.database.admin)
    rows = await admin.fetch("select id from quotes where tenant_id = $1 and status = 'draft'", tenant.id)
    await admin.close()
    return iter([str(row["id"]) for row in rows])


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else LARGE))
