"""How long finding customers takes among 1,000,000 of one tenant, with 100 other tenants beside it.

`python -m bench.customer_search` starts the embedded Postgres in a folder of its own and fills
it, which takes minutes; with the application's address and a tenant as arguments it asks a database that is filled
already. It asks as the application does: transaction, row-level security and views included.
"""

import asyncio
import os
import random
import sys
import time
from pathlib import Path
from uuid import UUID

import asyncpg

from bench.own_database import own_database
from domains.customers import CustomerFilter
from domains.shared.actor import Actor
from domains.shared.ids import new_id
from domains.shared.paging import PageRequest
from domains.shared.permissions import Role
from infra.postgres.customer_queries import PostgresCustomerQueries
from infra.postgres.database import Database
from tests.support.work import work_over

CUSTOMERS, OTHER_TENANTS, AT_ONCE, TIMES = 1_000_000, 100, 25_000, 20
FIRST = "Ada Grace Alan Barbara Donald Margaret Annie Katherine Dorothy Joan Mary Karen John Peter Maria Jose Ana Luis"
LAST = "Smith Johnson Williams Brown Jones Garcia Miller Davis Lopez Wilson Anderson Thomas Taylor Moore Jackson Martin"
SYLLABLES = (
    "ba be bi bo ca ce da de di do fa fe ga go ha he ka ko la le li lo ma me mi mo na ne ni no pa re ri ro sa to"
)
FILL = """
    insert into customers (tenant_id, id, name, company, emails, phones, addresses, tags, notes, preferred_language,
                           source, custom, created_at, updated_at)
    select $1, gen_random_uuid(), first || ' ' || last,
           case when at % 4 = 0 then last || ' ' || (array['Plumbing', 'Bakery', 'Heating', 'Law'])[1 + at / 4 % 4] end,
           array[lower(last) || at || '@' || (array['gmail.com', 'example.com', 'yahoo.com'])[1 + at % 3]],
           array['+1' || lpad((2000000000 + at::bigint * 7919 % 7999999999)::text, 10, '0')],
           jsonb_build_array(jsonb_build_object('street', (at % 9000) || ' ' || street || ' Street', 'city', city)),
           array[(array['residential', 'commercial'])[1 + at % 2]] || case at % 5000 when 0 then array['lawsuit'] end,
           case at % 10 when 0 then street || ' ' || city end, 'en', (array['website', 'referral'])[1 + at % 2],
           jsonb_build_object('gateCode', (at % 10000)::text), now() - at * interval '1 minute', now()
    from (select at, $4::text[] as f, $5::text[] as l from generate_series($2::int, $3::int) at) a,
         lateral (select f[1 + abs(hashint4(at)) % cardinality(f)] as first,
                         l[1 + abs(hashint4(-at)) % cardinality(l)] as last,
                         l[1 + abs(hashint4(at * 2 + 1)) % cardinality(l)] as street,
                         l[1 + at * 17 % 300] as city) words
"""
BESIDE = """
    insert into customers
        (tenant_id, id, name, company, emails, phones, addresses, tags, custom, created_at, updated_at)
    select o.id, gen_random_uuid(), name, company, emails, phones, addresses, tags, custom, created_at, updated_at
    from (select * from customers limit 1000) c, (select gen_random_uuid() as id from generate_series(1, $1::int)) o
"""
ASKED = (
    "jonson", "johnson", "jhonson", "peter", "peter smith", "maria gracia", "smi", "jo", "a", "(212) 555-0101",
    "555 123", "12345", "johnson plumbing", "bakery", "gmail", "smith12345@example.com", "residential", "lawsuit",
    "main street", "website", "nobody here at all", "bakery peter", "residential commercial",
    "reside comme", "bake pete", "resid smith",
)  # fmt: skip
NARROWED = (
    CustomerFilter(),
    CustomerFilter(tag="lawsuit"),
    CustomerFilter(tag="residential"),
    CustomerFilter(source="website", has_email=True),
    CustomerFilter(search="johnson", tag="residential"),
)


def words() -> list[str]:
    """Family names: those above, and made-up ones."""
    chosen = random.Random(7)  # noqa: S311 - the same words each time
    parts = SYLLABLES.split()
    made = ("".join(chosen.choices(parts, k=3)).capitalize() + chosen.choice(["", "n", "son"]) for _ in range(2_000))
    return [*LAST.split(), *made]


async def fill(admin_url: str, tenant: UUID) -> None:
    admin = await asyncpg.connect(admin_url)
    await admin.execute(
        "set session_replication_role = replica; alter table customers enable always trigger index_customer"
    )
    names, index = words(), await admin.fetchval("select pg_get_indexdef('customers_by_what_is_kept'::regclass)")
    await admin.execute("drop index customers_by_what_is_kept")
    for first in range(1, CUSTOMERS + 1, AT_ONCE):
        await admin.execute(FILL, tenant, first, first + AT_ONCE - 1, FIRST.split(), names)
    await admin.execute(BESIDE, OTHER_TENANTS)
    await admin.execute(index)
    await admin.execute("vacuum analyze customers")
    await admin.close()


def worked(pid: int) -> float:
    """Milliseconds of processor time that a process has used."""
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) * 1000 / os.sysconf("SC_CLK_TCK")


async def run(app_url: str, tenant: UUID) -> None:
    pool = Database(app_url, size=1)
    asker = Actor(tenant=tenant, user=new_id(), account=new_id(), session=new_id(), role=Role.ADMIN)
    queries = PostgresCustomerQueries(asker, work_over(pool, tenant))
    async with pool.connection() as connection:
        backend = await connection.fetchval("select pg_backend_pid()")
    every: list[float] = []
    print("| asked | on the page | database CPU, ms | fastest, ms | median, ms |\n| --- | ---: | ---: | ---: | ---: |")
    for wanted in (*(CustomerFilter(search=text) for text in ASKED), *NARROWED):
        by = wanted.natural_sort
        request = PageRequest(sort=by.removeprefix("-").replace("createdAt", "created_at"), descending=by[0] == "-")
        found = len((await queries.page(wanted, request)).items)
        before, took = worked(backend), []
        for _ in range(TIMES):
            started = time.perf_counter()
            await queries.page(wanted, request)
            took.append((time.perf_counter() - started) * 1000)
        took.sort()
        every += took if wanted.search else []
        asked = ", ".join(f"{name} {value}" for name in wanted.__struct_fields__ if (value := getattr(wanted, name)))
        cpu = (worked(backend) - before) / TIMES
        print(f"| {asked} | {found} | {cpu:.1f} | {took[0]:.1f} | {took[TIMES // 2]:.1f} |", flush=True)
    every.sort()
    print(f"\nOf all searches: median {every[len(every) // 2]:.1f} ms, p99 {every[len(every) * 99 // 100]:.1f} ms.")
    await pool.close()


def main() -> None:
    if sys.argv[1:]:
        asyncio.run(run(sys.argv[1], UUID(sys.argv[2])))
        return
    with own_database() as (urls, admin_url):
        tenant = new_id()
        asyncio.run(fill(admin_url, tenant))
        asyncio.run(run(urls.app, tenant))


if __name__ == "__main__":
    main()
