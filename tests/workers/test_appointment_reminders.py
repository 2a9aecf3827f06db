"""Reminders: sent once, at their time, of what is still to be; in the language and the hours of whom they reach."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from infra.postgres.clock import BusinessClock
from tests.support.calendars import Desk, new_desk
from tests.support.databases import TestDatabase
from tests.support.house import House, house_over
from tests.support.people import new_tenant
from tests.support.simulated_year import moved_on


@pytest.fixture
async def desk(own_database: TestDatabase, tmp_path: Path) -> AsyncIterator[Desk]:
    """A business whose clock is its own. It reminds a day and an hour before."""
    async with house_over(own_database, tmp_path) as house:
        tenant = await new_tenant(house)
        made = await new_desk(house, tenant)
        async with made.client() as client:
            assert (await client.patch("/appointments/policy", json={"reminderMinutes": [1440, 60]})).is_success
        yield made


async def now(house: House) -> datetime:
    return (await house.container.get(BusinessClock)).now()


def letters(desk: Desk) -> list[str]:
    return [mail.text for mail in desk.house.mail_to(f"grace@{desk.tenant.slug}.example.com")]


async def test_a_customer_is_reminded_at_each_time_and_once(desk: Desk) -> None:
    starts = await now(desk.house) + timedelta(days=3)
    made = await desk.booked(startsAt=starts.isoformat(), location="12 Analytical Way")
    await moved_on(desk.house, "P1D")
    assert letters(desk) == []
    await moved_on(desk.house, "P1DT1H")
    assert len(letters(desk)) == 1
    assert "Boiler inspection" in letters(desk)[0]
    assert "12 Analytical Way" in letters(desk)[0]
    await moved_on(desk.house, "P2D")
    assert len(letters(desk)) == 2
    async with desk.client() as client:
        told = (await client.get(f"/customers/{made['customerId']}/timeline")).json()["items"]
        assert [each["kind"] for each in told if each["subjectId"] == made["id"]] == [
            "appointment_reminded", "appointment_reminded", "appointment_booked",
        ]  # fmt: skip
        assert (await client.get(f"/appointments/{made['id']}")).json()["version"] == made["version"]


async def test_what_was_moved_is_reminded_of_at_its_new_time_only(desk: Desk) -> None:
    starts = await now(desk.house) + timedelta(days=3)
    made = await desk.booked(startsAt=starts.isoformat())
    async with desk.client() as client:
        for days in (6, 3, 6):
            moved = {"startsAt": (starts + timedelta(days=days)).isoformat()}
            assert (await client.patch(f"/appointments/{made['id']}", json=moved)).is_success
    await moved_on(desk.house, "P4D")
    assert letters(desk) == []
    await moved_on(desk.house, "P4DT1H")
    assert len(letters(desk)) == 1
    await moved_on(desk.house, "P2D")
    assert len(letters(desk)) == 2


async def test_nobody_is_reminded_of_what_was_cancelled(desk: Desk) -> None:
    starts = await now(desk.house) + timedelta(days=3)
    made = await desk.booked(startsAt=starts.isoformat())
    async with desk.client() as client:
        assert (await client.delete(f"/appointments/{made['id']}")).status_code == 204
    await moved_on(desk.house, "P4D")
    assert letters(desk) == []


async def test_the_letter_is_in_the_customer_s_language(desk: Desk) -> None:
    async with desk.client() as client:
        await client.patch(f"/customers/{desk.customer}", json={"preferredLanguage": "es"})
    starts = await now(desk.house) + timedelta(hours=2)
    await desk.booked(startsAt=starts.isoformat())
    await moved_on(desk.house, "PT90M")
    assert len(letters(desk)) == 1
    assert "Le recordamos su cita" in letters(desk)[0]
