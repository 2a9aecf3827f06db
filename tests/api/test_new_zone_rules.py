"""A country changes its clocks: what was agreed by them stays, and the instants follow (attack C8 121)."""

import asyncio
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from uuid import UUID

import pytest

from domains.appointments.rederiving import Rederived, Rederiving
from domains.shared.clock import timestamp
from domains.shared.permissions import Role
from frontdesk.operators import at_work
from infra.postgres.agreed_times import FollowedRules
from infra.postgres.database import Database
from tests.support.calendars import Desk, new_desk
from tests.support.databases import TestDatabase
from tests.support.days import instant
from tests.support.house import House, house_over
from tests.support.people import Tenant, new_person, new_tenant
from tests.support.stories import events_of, inspector
from workers.zone_rules import ZoneRuleFollower

KATHMANDU = "Asia/Kathmandu"
NINE = instant("09:00", zone=zoneinfo.ZoneInfo(KATHMANDU))
"""By clocks that are 5:45 ahead."""
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)


@contextmanager
def kathmandu_like(zone: str, folder: Path) -> Iterator[None]:
    """As if a new tzdata said of Kathmandu what the present one says of `zone`."""
    place = folder.joinpath(*KATHMANDU.split("/"))
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(files("tzdata").joinpath("zoneinfo", *zone.split("/")).read_bytes())
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=[str(folder)])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        yield
    finally:
        zoneinfo.reset_tzpath(to=before)
        zoneinfo.ZoneInfo.clear_cache()


async def rederived(house: House, tenant: Tenant) -> Rederived:
    async with at_work(house.work, tenant.id) as scope:
        return await (await scope.get(Rederiving)).carry_out()


@pytest.fixture
async def desk(house: House, tenant: Tenant) -> Desk:
    return await new_desk(house, tenant, bufferAfter=0)


async def shown(desk: Desk, visit: str) -> dict[str, object]:
    async with desk.client() as client:
        return dict((await client.get(f"/appointments/{visit}")).json())


async def test_visits_in_a_row_move_with_the_clocks_and_others_do_not(desk: Desk, tmp_path: Path) -> None:
    house, tenant = desk.house, desk.tenant
    row = [await desk.booked(startsAt=timestamp(NINE + at * HOUR), timezone=KATHMANDU) for at in range(3)]
    other = await desk.booked(startsAt=timestamp(NINE + 10 * HOUR))
    ended = await desk.booked(startsAt=timestamp(NINE + 5 * HOUR), timezone=KATHMANDU)
    async with desk.client() as client:
        await client.patch(f"/appointments/{ended['id']}/status", json={"status": "completed"})
    assert await rederived(house, tenant) == Rederived()
    with kathmandu_like("Asia/Kolkata", tmp_path):
        found = await rederived(house, tenant)
        assert await rederived(house, tenant) == Rederived()
    assert (sorted(map(str, found.moved)), found.kept) == (sorted(each["id"] for each in row), {})
    for at, each in enumerate(row):
        present = await shown(desk, each["id"])
        assert present["startsAt"] == timestamp(NINE + at * HOUR + QUARTER)
        assert present["endsAt"] == timestamp(NINE + (at + 1) * HOUR + QUARTER)
        assert present["version"] == 2
    for each in (other, ended):
        assert (await shown(desk, each["id"]))["startsAt"] == each["startsAt"]
    told = [event["subject_id"] for event in await events_of(house, tenant) if event["type"] == "appointment.updated"]
    assert sorted(map(str, told)) == sorted(each["id"] for each in row)
    async with inspector(house) as admin:
        plans = await admin.fetch(
            "select due_at from work.envelopes where subject_id = $1 and kind = 'appointments.remind'",
            UUID(row[0]["id"]),
        )
    assert NINE + QUARTER - timedelta(days=1) in {each["due_at"] for each in plans}


async def test_who_has_another_visit_then_is_named_and_stays(desk: Desk, tmp_path: Path) -> None:
    first = await desk.booked(startsAt=timestamp(NINE), timezone=KATHMANDU)
    second = await desk.booked(startsAt=timestamp(NINE + HOUR), timezone=KATHMANDU)
    in_the_way = await desk.booked(startsAt=timestamp(NINE + 2 * HOUR))
    elsewhere = str((await new_person(desk.house, desk.tenant, Role.STAFF)).user)
    third = await desk.booked(startsAt=timestamp(NINE + HOUR), timezone=KATHMANDU, staffId=elsewhere)
    with kathmandu_like("Asia/Kolkata", tmp_path):
        found = await rederived(desk.house, desk.tenant)
    assert {str(visit): str(other) for visit, other in found.kept.items()} == {
        second["id"]: in_the_way["id"],
        first["id"]: second["id"],
    }
    assert [str(each) for each in found.moved] == [third["id"]]
    for each in (first, second):
        assert (await shown(desk, each["id"]))["startsAt"] == each["startsAt"]
    async with inspector(desk.house) as admin:
        noted = await admin.fetch(
            "select subject_id from audit_log where tenant_id = $1 and action = 'appointment.kept'", desk.tenant.id
        )
    assert {str(each["subject_id"]) for each in noted} == {first["id"], second["id"]}


async def test_a_worker_that_starts_has_new_rules_followed_once(own_database: TestDatabase, tmp_path: Path) -> None:
    finding = Database(own_database.relay, size=1)
    rules, stop = FollowedRules(finding), asyncio.Event()
    async with house_over(own_database, tmp_path) as house:
        desk = await new_desk(house, await new_tenant(house))
        visit = await desk.booked(startsAt=timestamp(NINE), timezone=KATHMANDU)
        await ZoneRuleFollower(rules, version("tzdata")).run(stop)
        async with inspector(house) as admin:
            planned = "select due_at - now() from work.envelopes where kind = 'appointments.rederive'"
            assert await admin.fetch(planned) == []
            with kathmandu_like("Asia/Kolkata", tmp_path):
                assert await rules.follow("2099.1") > 0
                await house.follow_up()
            assert await rules.follow("2099.1") == 0
            (again,) = await admin.fetch(planned)
        assert timedelta(minutes=30) < again[0] <= timedelta(hours=1)
        assert (await shown(desk, visit["id"]))["startsAt"] == timestamp(NINE + QUARTER)
    await finding.close()
