"""What the audit log costs: creating customers with and without their entry, then sealing and verifying the chain.

Run it with `python -m bench.audit_cost`. It starts the embedded Postgres (fsync on) in a folder of its own
and alternates short rounds of both ways, so that whatever else the machine does meets both.
"""

import asyncio
import statistics
import time
from uuid import UUID

import asyncpg

from bench.own_database import own_database
from domains.customers import CreateCustomer, RecordKeeping
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from infra.postgres.audit_log import PostgresAuditQueries, PostgresSeals
from infra.postgres.customers import PostgresCustomers
from infra.postgres.database import Database
from infra.postgres.recording import Origin
from infra.postgres.roles import DatabaseUrls
from infra.postgres.work import PostgresWork
from tests.support.work import CLOCK

ROUNDS = 8
WRITERS = 16
EACH = 40
SEALED_AT_ONCE = 500
ORDER = CreateCustomer(name="Grace Hopper", emails=("grace@example.com",), phones=("+12125550101",), tags=("vip",))


class Unnoted(PostgresWork):
    """A unit of work without an audit log."""

    def note(self, note: Note) -> None:
        pass


class Bench:
    def __init__(self, urls: DatabaseUrls) -> None:
        self.app, self.relay = Database(urls.app, size=3 * WRITERS), Database(urls.relay, size=2)
        self.owner = Actor(tenant=new_id(), user=new_id(), account=new_id(), session=new_id(), role=Role.OWNER)

    async def found(self, admin_url: str) -> None:
        admin = await asyncpg.connect(admin_url)
        await admin.execute(
            "insert into tenants (tenant_id, slug, name, timezone, currency, locale, created_at, updated_at)"
            " values ($1, 'bench', 'Bench', 'UTC', 'USD', 'en', now(), now())",
            self.tenant,
        )
        await admin.close()

    @property
    def tenant(self) -> UUID:
        return self.owner.tenant

    def work(self, kind: type[PostgresWork]) -> PostgresWork:
        origin = Origin("request-1", self.owner.user, ip="192.0.2.7", agent="Mozilla/5.0 Firefox/145.0")
        return kind(self.app, self.tenant, origin, {}, CLOCK)

    async def create(self, kind: type[PostgresWork], times: int, took: list[float]) -> None:
        for _ in range(times):
            work = self.work(kind)
            keeping = RecordKeeping(self.owner, PostgresCustomers(work), CLOCK, work)
            started = time.perf_counter()
            await keeping.create(ORDER)
            took.append(time.perf_counter() - started)

    async def round(self, kind: type[PostgresWork], *, writers: int, took: list[float]) -> float:
        """Creations a second."""
        started = time.perf_counter()
        await asyncio.gather(*(self.create(kind, EACH, took) for _ in range(writers)))
        return writers * EACH / (time.perf_counter() - started)

    async def compare(self, writers: int) -> None:
        rates: dict[type[PostgresWork], list[float]] = {Unnoted: [], PostgresWork: []}
        took: dict[type[PostgresWork], list[float]] = {Unnoted: [], PostgresWork: []}
        for number in range(ROUNDS + 1):
            for kind, found in rates.items():
                times: list[float] = []
                rate = await self.round(kind, writers=writers, took=times)
                if number:
                    found.append(rate)
                    took[kind].extend(times)
        for kind, name in ((Unnoted, "without"), (PostgresWork, "with")):
            median = statistics.median(took[kind]) * 1000
            print(f"{writers:3} writers, {name:>7} an entry: {statistics.median(rates[kind]):6.0f}/s, {median:5.2f} ms")

    async def seal(self) -> None:
        seals, sealed, started = PostgresSeals(self.relay), 0, time.perf_counter()
        while found := await seals.seal(self.tenant, SEALED_AT_ONCE):
            sealed += found
        print(f"sealing: {sealed / (time.perf_counter() - started):.0f} entries/s")
        started = time.perf_counter()
        proof = await PostgresAuditQueries(self.owner, self.work(PostgresWork)).verify()
        print(f"verifying: {proof.sealed / (time.perf_counter() - started):.0f} entries/s, valid: {proof.valid}")


async def measure(urls: DatabaseUrls, admin_url: str) -> None:
    bench = Bench(urls)
    await bench.found(admin_url)
    for writers in (1, WRITERS):
        await bench.compare(writers)
    await bench.seal()
    await bench.app.close()
    await bench.relay.close()


def main() -> None:
    with own_database() as (urls, admin_url):
        asyncio.run(measure(urls, admin_url))


if __name__ == "__main__":
    main()
