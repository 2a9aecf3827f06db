"""`frontdesk time-zones rederive`, and the doctor who says that it is needed."""

from functools import partial
from importlib.metadata import version
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.frontdesk.commands import run
from tests.frontdesk.test_operators import settings_of
from tests.support.calendars import new_desk
from tests.support.databases import TestDatabase
from tests.support.days import at
from tests.support.house import house_over
from tests.support.people import new_tenant
from tests.support.stories import inspector

kathmandu = partial(at, zone=ZoneInfo("Asia/Kathmandu"))


async def test_after_an_upgrade_visits_follow_the_clocks_and_who_cannot_is_listed(
    own_database: TestDatabase, tmp_path: Path
) -> None:
    settings = settings_of(own_database)
    async with house_over(own_database, tmp_path) as house:
        tenant = await new_tenant(house)
        desk = await new_desk(house, tenant, bufferAfter=0)
        visit = await desk.booked(startsAt=kathmandu("09:00"), timezone="Asia/Kathmandu")
        stuck = await desk.booked(startsAt=kathmandu("09:00", day=1), timezone="Asia/Kathmandu")
        other = await desk.booked(startsAt=kathmandu("10:00", day=1))
        assert run(tmp_path, "time-zones", "rederive", **settings).stdout.startswith(
            f"By tzdata {version('tzdata')}, 0"
        )
        async with inspector(house) as admin:
            await admin.execute("update work.zone_rules set tzdata = '2020.1'")
            agreed = "update appointments set starts_local = starts_local + $2 * interval '1 minute' where id = $1"
            for each in (visit, stuck):
                await admin.execute(agreed, UUID(each["id"]), 15)
            ill = run(tmp_path, "doctor", **settings)
            done = run(tmp_path, "time-zones", "rederive", **settings)
            well = run(tmp_path, "doctor", **settings).stdout
            starts = await admin.fetchval("select starts_at from appointments where id = $1", UUID(visit["id"]))
    assert "reckoned by tzdata 2020.1" in ill.stdout, ill
    assert done.returncode == 0, done
    assert done.stdout.splitlines() == [
        f"{tenant.slug}  {visit['id']}  moved",
        f"{tenant.slug}  {stuck['id']}  kept: {other['id']} is in the way",
        f"By tzdata {version('tzdata')}, 1 visits begin at another instant.",
    ]
    assert done.stderr == "1 keep the old one.\n"
    assert "2020.1" not in well
    assert f"{starts:%H:%M}" == "03:30"
