"""How long finding people takes among 100,000 users of one tenant, with as many of other tenants beside them.

Run it with `python -m bench.user_search`. It starts the embedded Postgres in a folder of its own
and measures the queries as the application asks them: transaction, row-level security and views included. The clock
also counts whatever else the machine does. So each question is asked in turns with one that costs nothing
(`select 1`, in a transaction of the same kind), and what the server itself needs stands beside it: its processor time,
and the execution time by EXPLAIN ANALYZE of the very statement, warm, the fastest of all.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import asyncpg
from asyncpg.connection import LoggedQuery

from bench.own_database import own_database
from domains.shared.actor import Actor
from domains.shared.ids import new_id
from domains.shared.paging import PageRequest
from domains.shared.permissions import Role
from domains.users import DirectoryFilter, UserFilter
from infra.postgres.database import Database
from infra.postgres.user_queries import PostgresUserQueries
from tests.support.work import work_over

Ask = Callable[[], Awaitable[int]]
USERS, OTHER_TENANTS = 100_000, 100
TIMES, EXPLAINED = 30, 7
FIRST = (
    "Ada Grace Alan Edsger Barbara Donald Margaret Annie Katherine Dorothy Hedy Radia Joan Jean Mary Karen Lynn Frances"
)
LAST = (
    "Lovelace Hopper Turing Dijkstra Liskov Knuth Hamilton Easley Johnson Vaughan Lamarr Perlman Clarke Bartik Jackson"
)
HEAD = (
    "| asked | on the page | EXPLAIN ANALYZE, ms | database CPU, ms | wall, fastest, ms | wall, median, ms |"
    " `select 1` beside it, ms |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
)
WANTED = (
    DirectoryFilter(),
    DirectoryFilter(search="company 42"),
    DirectoryFilter(search="hopper"),
    DirectoryFilter(skills=("skill17", "plumbing3")),
    DirectoryFilter(location="town 123"),
    DirectoryFilter(search="xyzzy"),
)
FILL = """
    insert into users (tenant_id, id, account_id, role, email, username, display_name, company, phone, location, skills,
                       created_at, updated_at)
    select case when i <= $2 then $1 else others[1 + i % array_length(others, 1)] end,
           gen_random_uuid(), gen_random_uuid(), 'member', 'user' || i || '@example.com', 'user' || i,
           firsts[1 + i % 18] || ' ' || initcap(translate(left(md5(i::text), 5), '0123456789', 'aeiounrstl')) || ' '
           || lasts[1 + i / 18 % 15],
           'Company ' || i % 5000, '+1212' || lpad((i % 10000000)::text, 7, '0'), 'Town ' || i % 1000,
           array['skill' || i % 300, 'plumbing' || i % 7], now() - i * interval '1 minute', now()
    from generate_series(1, 2 * $2::int) i, (select string_to_array($3, ' ') firsts, string_to_array($4, ' ') lasts) n,
         (select array_agg(gen_random_uuid()) others from generate_series(1, $5::int)) o
"""


async def fill(admin_url: str, tenant: UUID) -> None:
    admin = await asyncpg.connect(admin_url)
    await admin.execute("set session_replication_role = replica")
    await admin.execute("alter table users enable always trigger index_user")
    await admin.execute(FILL, tenant, USERS, FIRST, LAST, OTHER_TENANTS)
    await admin.execute("vacuum analyze users")
    await admin.close()


def worked(pid: int) -> float:
    """Milliseconds of processor time that a process has used."""
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) * 1000 / os.sysconf("SC_CLK_TCK")


class Backend:
    """The application's only connection, and what is asked over it."""

    def __init__(self, connection: asyncpg.Connection, pid: int, tenant: UUID) -> None:
        self.connection = connection
        self.pid = pid
        self.tenant = tenant

    async def explained(self, ask: Ask) -> float:
        """Milliseconds that the server says the statement about users takes, the fastest of several runs."""
        asked: list[LoggedQuery] = []
        self.connection.add_query_logger(asked.append)
        await ask()
        await asyncio.sleep(0)
        self.connection.remove_query_logger(asked.append)
        [statement, *_] = [each for each in asked if "users" in each.query]
        times = []
        for _ in range(EXPLAINED):
            async with self.connection.transaction():
                await self.connection.execute("select set_config('app.tenant_id', $1, true)", str(self.tenant))
                rows = await self.connection.fetch(f"explain (analyze) {statement.query}", *statement.args)
            times.append(float(rows[-1][0].split()[2]))
        return min(times)


async def measure(name: str, ask: Ask, nothing: Ask, at: Backend) -> None:
    found = await ask()
    took: list[float] = []
    idle: list[float] = []
    await ask()
    before = worked(at.pid)
    took += [await timed(ask) for _ in range(TIMES)]
    cpu = (worked(at.pid) - before) / TIMES
    for _ in range(TIMES):
        idle.append(await timed(nothing))
        took.append(await timed(ask))
    cells = (await at.explained(ask), cpu, min(took), statistics.median(took), statistics.median(idle))
    print(f"| {name} | {found} | {' | '.join(f'{each:.1f}' for each in cells)} |", flush=True)


async def timed(ask: Ask) -> float:
    started = time.perf_counter()
    await ask()
    return (time.perf_counter() - started) * 1000


def idling(pool: Database, tenant: UUID) -> Ask:
    async def nothing() -> int:
        work = work_over(pool, tenant)
        async with work:
            return int(await work.connection.fetchval("select 1"))

    return nothing


async def run(app_url: str, tenant: UUID) -> None:
    pool = Database(app_url, size=1)
    asker = Actor(tenant=tenant, user=new_id(), account=new_id(), session=new_id(), role=Role.ADMIN)
    queries = PostgresUserQueries(asker, work_over(pool, tenant))
    nothing = idling(pool, tenant)
    by_name = PageRequest(sort="name", descending=False)
    newest = PageRequest(sort="created_at", descending=True)

    async with pool.connection() as connection:
        backend = Backend(connection, await connection.fetchval("select pg_backend_pid()"), tenant)

    def search(q: str) -> Ask:
        async def ask() -> int:
            return len((await queries.search(q, limit=20)).items)

        return ask

    def directory(wanted: DirectoryFilter) -> Ask:
        async def ask() -> int:
            return len((await queries.directory(wanted, by_name)).items)

        return ask

    async def managed() -> int:
        return len((await queries.managed(UserFilter(search="turing ada"), newest)).items)

    print(HEAD)
    for q in ("turing", "ada", "an", "lovelase", "grace hoper", "212 0012345", "user4711@example.com", "nobody at all"):
        await measure(f"search `{q}`", search(q), nothing, backend)
    for wanted in WANTED:
        asked = ", ".join(f"{name} {value}" for name in wanted.__struct_fields__ if (value := getattr(wanted, name)))
        await measure(f"directory {asked}".strip(), directory(wanted), nothing, backend)
    await measure("admin list, search turing ada", managed, nothing, backend)
    await pool.close()


def main() -> None:
    with own_database() as (urls, admin_url):
        tenant = new_id()
        asyncio.run(fill(admin_url, tenant))
        asyncio.run(run(urls.app, tenant))


if __name__ == "__main__":
    main()
