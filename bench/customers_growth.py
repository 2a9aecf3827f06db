"""Whether a request costs more as a business grows, a list is read on, or businesses join.

`.venv/bin/python -m bench.customers_growth`. One server; a tenant of 1,000 customers and one of 1,000,000 in the same
tables; the first page and the thousandth; then 10,000 tenants more. Rounds take turns. What is compared is the median
time of a request on a line of its own, since the database's part is what could grow. A table and a JSON line come out.
"""

import asyncio
import json
import statistics
import time
from urllib.parse import quote

import asyncpg
import httpx
import msgspec

from bench.customers import BODY
from bench.serving import Line, Served, served
from tests.support.people import Tenant

SMALL, LARGE, TENANTS = 1_000, 1_000_000, 10_000
PAGE, FAR = 20, 1_000
ROUNDS, EACH = 12, 40
_FILL = """
    insert into customers (tenant_id, id, name, emails, phones, addresses, tags, custom, created_at, updated_at)
    select $1, gen_random_uuid(), 'Customer ' || n, array['a' || n || '@example.com'], array['+12125550101'],
        '[]', array['vip'], '{}', now() - n * interval '1 minute', now()
    from generate_series(1, $2::int) n
"""
_MORE_TENANTS = """
    insert into customers (tenant_id, id, name, emails, phones, addresses, tags, custom, created_at, updated_at)
    select tenant, gen_random_uuid(), 'Customer ' || n, '{}', '{}', '[]', '{}', '{}', now() - n * interval '1 hour',
        now()
    from (select gen_random_uuid() as tenant from generate_series(1, $1::int)) t cross join generate_series(1, 10) n
"""


class Ask(msgspec.Struct, frozen=True):
    """One kind of request by one tenant."""

    name: str
    tenant: Tenant
    method: str
    path: str
    body: bytes = b""


async def main() -> None:
    async with served(tenants=2, RATE_LIMITS="off") as at:
        small, large = at.tenants
        admin = await asyncpg.connect(at.database.admin)
        for tenant, rows in ((small, SMALL), (large, LARGE)):
            await admin.execute(_FILL, tenant.id, rows)
        await admin.execute("vacuum analyze")
        asks = [each for tenant, of in ((small, SMALL), (large, LARGE)) for each in await _asks(at, admin, tenant, of)]
        found = await _measured(at, asks, "")
        await admin.execute("set session_replication_role = replica")
        await admin.execute(_MORE_TENANTS, TENANTS)
        await admin.execute("vacuum analyze")
        await admin.close()
        found |= await _measured(at, asks, f", {TENANTS:,} tenants more")
    for name, milliseconds in found.items():
        print(f"| {name} | {milliseconds:.2f} |")
    print(json.dumps(found))


async def _asks(at: Served, admin: asyncpg.Connection, tenant: Tenant, rows: int) -> list[Ask]:
    customer = await admin.fetchval("select id from customers where tenant_id = $1 limit 1", tenant.id)
    pages = min(FAR, rows // PAGE)
    far = quote(await cursor_behind(at, tenant, "/customers", (pages - 1) * PAGE))
    of = f"of {rows:,}"
    return [
        Ask(f"page 1 {of}", tenant, "GET", "/customers"),
        Ask(f"page {pages:,} {of}", tenant, "GET", f"/customers?cursor={far}"),
        Ask(f"one {of}", tenant, "GET", f"/customers/{customer}"),
        Ask(f"create beside {rows:,}", tenant, "POST", "/customers", BODY),
    ]


async def cursor_behind(at: Served, tenant: Tenant, path: str, beyond: int) -> str:
    """The cursor behind so many of a list, walked to."""
    headers, cursor = {"Authorization": f"Bearer {tenant.owner.token}"}, ""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{at.port}/api/v1", headers=headers) as client:
        while beyond > 0:
            step = min(beyond, 100)
            parameters = {"limit": str(step), **({"cursor": cursor} if cursor else {})}
            cursor = (await client.get(path, params=parameters)).json()["nextCursor"]
            beyond -= step
    return cursor


async def _measured(at: Served, asks: list[Ask], when: str) -> dict[str, float]:
    """Median milliseconds of each, by name."""
    waited: dict[str, list[float]] = {ask.name + when: [] for ask in asks}
    for _ in range(ROUNDS):
        for ask in asks:
            line = Line(at.port, ask.tenant.owner.token)
            for _ in range(EACH):
                began = time.perf_counter()
                if await line.send(ask.method, ask.path, ask.body) not in (200, 201):
                    raise RuntimeError(ask.name)
                waited[ask.name + when].append((time.perf_counter() - began) * 1e3)
            line.close()
    return {name: statistics.median(times) for name, times in waited.items()}


if __name__ == "__main__":
    asyncio.run(main())
