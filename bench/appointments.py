"""Availability among few and many visits, and what a booking costs.

Run it with `python -m bench.appointments`. It starts the embedded Postgres in its own folder.
Availability is that of one person over four weeks, asked as the application asks it; the database's share is the
processor time of its process.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import asyncpg

from bench.own_database import own_database
from domains.appointments import AskAvailability, BookAppointment, Booking, Offering
from domains.shared.actor import Actor
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from infra.postgres.appointments import PostgresCalendar
from infra.postgres.catalogue import PostgresServices
from infra.postgres.database import Database
from infra.postgres.roles import DatabaseUrls
from tests.support.work import CLOCK, work_over

TIMES = 50
BOOKINGS = 300
STAGES = (1_000, 10_000, 100_000, 1_000_000)
BEGIN = datetime(2027, 1, 4, tzinfo=UTC)
WEEKS = timedelta(weeks=4)
FOUND = """
    insert into tenants (tenant_id, slug, name, timezone, currency, locale, created_at, updated_at)
    values ($1, 'bench', 'Bench', 'America/New_York', 'USD', 'en', now(), now())
"""
STAFF = """
    insert into users (tenant_id, id, account_id, role, email, username, display_name, created_at, updated_at)
    select $1, person, person, 'staff', n || '@example.com', 'staff' || n, 'Staff', now(), now()
    from unnest($2::uuid[]) with ordinality p (person, n)
"""
HOURS = """
    insert into staff_schedules (tenant_id, user_id, hours, created_at, updated_at)
    select $1, person, (select jsonb_object_agg(d, '[{"opens": "00:00", "closes": "24:00"}]'::jsonb)
        from unnest(string_to_array('monday tuesday wednesday thursday friday saturday sunday', ' ')) d),
           now(), now()
    from unnest($2::uuid[]) person
"""
CUSTOMER = """
    insert into customers (tenant_id, id, name, emails, phones, addresses, tags, custom, created_at, updated_at)
    values ($1, $2, 'Grace', '{}', '{}', '[]', '{}', '{}', now(), now())
"""
SERVICE = """
    insert into services (tenant_id, id, name, duration_minutes, buffer_before, buffer_after, price, currency,
                          staff_ids, resource_kinds, bookable_online, created_at, updated_at)
    values ($1, $2, 'Inspection', 30, 0, 0, 0, 'USD', $3, '{}', true, now(), now())
"""
POLICY = """
    insert into booking_policies values ($1, 0, 730, 30, 0, '{}', 1, now(), now())
"""
# Half of each hour. The first 10,000 visits are the person's who is asked for.
FILL = """
    with made as (
        select gen_random_uuid() as id,
               case when n <= $5 then $3::uuid else ($4::uuid[])[1 + n % array_length($4::uuid[], 1)] end as staff,
               $6::timestamptz + (case when n <= $5 then n else n / array_length($4::uuid[], 1) end)
               * interval '1 hour' as starts_at
        from generate_series($7::int + 1, $8::int) n
    ), visits as (
        insert into appointments (tenant_id, id, customer_id, staff_id, starts_at, ends_at, blocked_from, blocked_until,
            timezone, starts_local, status, title, resource_ids, reminder_minutes, created_at, updated_at)
        select $1, id, $2, staff, starts_at, starts_at + interval '30 minutes', starts_at,
               starts_at + interval '30 minutes', 'UTC', starts_at at time zone 'UTC', 'scheduled', 'Visit', '{}', '{}',
               now(), now()
        from made
    )
    insert into occupancies select $1, id, staff, starts_at, starts_at + interval '30 minutes' from made
"""


VISITS = """
    select count(*) from occupancies
    where holder_id = any ($1) and starts_at < $2::timestamptz + interval '62 days' and ends_at > $2
"""


class Filled:
    """A tenant whose first person has up to 10,000 visits, and 100 others the rest."""

    def __init__(self) -> None:
        self.tenant, self.customer, self.service, self.person = new_id(), new_id(), new_id(), new_id()
        self.others = [new_id() for _ in range(100)]
        self.filled = 0

    async def found(self, admin: asyncpg.Connection) -> None:
        people = [self.person, *self.others]
        await admin.execute("insert into directory.tenants (id, slug, name) values ($1, 'bench', 'Bench')", self.tenant)
        await admin.execute(FOUND, self.tenant)
        await admin.execute(STAFF, self.tenant, people)
        await admin.execute(HOURS, self.tenant, people)
        await admin.execute(CUSTOMER, self.tenant, self.customer)
        await admin.execute(SERVICE, self.tenant, self.service, [self.person])
        await admin.execute(POLICY, self.tenant)

    async def fill(self, admin: asyncpg.Connection, total: int) -> None:
        await admin.execute(
            FILL, self.tenant, self.customer, self.person, self.others, 10_000, BEGIN, self.filled, total, timeout=600
        )
        self.filled = total
        await admin.execute("vacuum analyze occupancies")
        await admin.execute("vacuum analyze appointments")


def worked(pid: int) -> float:
    """Milliseconds of processor time that a process has used."""
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) * 1000 / os.sysconf("SC_CLK_TCK")


async def measured(ask: Callable[[], Awaitable[object]], backend: int, times: int) -> tuple[float, float, float]:
    """Processor time of the database and of this process, and the median of the wall's, in milliseconds each."""
    await ask()
    took, database, own = [], worked(backend), time.process_time()
    for _ in range(times):
        started = time.perf_counter()
        await ask()
        took.append((time.perf_counter() - started) * 1000)
    spent = (time.process_time() - own) * 1000
    return (worked(backend) - database) / times, spent / times, statistics.median(took)


async def ask_and_book(urls: DatabaseUrls, admin_url: str) -> None:
    admin, filled = await asyncpg.connect(admin_url), Filled()
    await filled.found(admin)
    pool = Database(urls.app, size=3)
    async with pool.connection() as connection:
        backend = await connection.fetchval("select pg_backend_pid()")
    work = work_over(pool, filled.tenant)
    asker = Actor(tenant=filled.tenant, user=new_id(), account=new_id(), session=new_id(), role=Role.STAFF)
    calendar, services = PostgresCalendar(work), PostgresServices(work)
    offering = Offering(asker, calendar, services, CLOCK, work)
    booking = Booking(asker, calendar, services, CLOCK, work)
    asked = AskAvailability(service_id=filled.service, start=BEGIN, end=BEGIN + WEEKS)
    print("| visits | of whom | asked | database CPU, ms | own CPU, ms | median, ms |")
    print("| ---: | ---: | --- | ---: | ---: | ---: |")
    free = iter(range(10**6))
    for total in STAGES:
        await filled.fill(admin, total)
        own = min(total, 10_000)
        found = await measured(lambda: offering.available(asked), backend, TIMES)
        print(f"| {total} | {own} | availability | {found[0]:.2f} | {found[1]:.1f} | {found[2]:.1f} |", flush=True)
        booked = await measured(
            lambda: booking.book(order(filled.customer, filled.person, next(free))), backend, BOOKINGS
        )
        print(f"| {total} | {own} | booking | {booked[0]:.2f} | {booked[1]:.1f} | {booked[2]:.1f} |", flush=True)
    await measure_crowds(admin, filled, offering, backend)
    await pool.close()
    await admin.close()


async def measure_crowds(admin: asyncpg.Connection, filled: Filled, offering: Offering, backend: int) -> None:
    """One answer about many people, 62 days and steps of five minutes: when nobody has a visit, and when all have."""
    await admin.execute("update booking_policies set step_minutes = 5")
    print("| people | visits of them then | database CPU, ms | own CPU, ms | times shown |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for begin in (BEGIN, BEGIN + timedelta(days=500)):
        for people in (1, 20, 100):
            await admin.execute("update services set staff_ids = $1", filled.others[:people])
            asked = AskAvailability(service_id=filled.service, start=begin, end=begin + timedelta(days=62))
            visits = await admin.fetchval(VISITS, filled.others[:people], begin)
            shown = len((await offering.available(asked)).slots)
            found = await measured(partial(offering.available, asked), backend, 5)
            print(f"| {people} | {visits} | {found[0]:.1f} | {found[1]:.1f} | {shown} |", flush=True)


def order(customer: UUID, person: UUID, number: int) -> BookAppointment:
    """In the second half of an hour of its own, after the weeks that are asked for."""
    starts = BEGIN + WEEKS + timedelta(hours=number, minutes=30)
    ends = starts + timedelta(minutes=30)
    return BookAppointment(customer_id=customer, staff_id=person, starts_at=starts, ends_at=ends, title="Visit")


def main() -> None:
    with own_database() as (urls, admin_url):
        asyncio.run(ask_and_book(urls, admin_url))


if __name__ == "__main__":
    main()
