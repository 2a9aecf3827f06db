"""The calendar in Postgres: what the database refuses is a refusal, and the connection goes on."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domains.appointments import Appointment, BookAppointment, SlotTaken
from domains.shared.ids import new_id
from infra.postgres.appointments import PostgresCalendar
from infra.postgres.database import Database
from tests.security.two_tenants import two_tenants
from tests.support.databases import TestDatabase
from tests.support.work import work_over

pytestmark = pytest.mark.breaks_invariants("tenants that nobody founded")

AT = datetime(2027, 1, 4, 9, tzinfo=UTC)


def visit_of(customer: UUID, staff: UUID, at: datetime) -> Appointment:
    order = BookAppointment(
        customer_id=customer, staff_id=staff, starts_at=at, ends_at=at + timedelta(hours=1), title="Visit"
    )
    return Appointment.schedule(order, None, zone="UTC", now=at)


@pytest.mark.parametrize("begun", [False, True], ids=["all of the work", "with what was read before"])
async def test_who_looks_at_nothing_and_books_meets_the_constraint(database: TestDatabase, begun: bool) -> None:
    side, staff = (await two_tenants(database)).a, new_id()
    pool = Database(database.app, size=1)
    async with pool.connection() as connection:
        backend = await connection.fetchval("select pg_backend_pid()")
    for at, refused in ((AT, False), (AT + timedelta(minutes=59), True), (AT + timedelta(hours=1), False)):
        with pytest.raises(SlotTaken) if refused else nullcontext():
            async with work_over(pool, side.tenant) as work:
                calendar = PostgresCalendar(work)
                if begun:
                    await work.connection.fetchval("select 1")
                await calendar.add(visit_of(side.customer, staff, at))
    async with pool.connection() as connection:
        assert await connection.fetchval("select pg_backend_pid()") == backend
    await pool.close()
