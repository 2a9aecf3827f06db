"""Weeks of visits through changed clocks and a day that was skipped: nobody is reminded twice, or not at all."""

import random
from datetime import timedelta
from itertools import repeat
from pathlib import Path

from tests.support.calendars import new_desk
from tests.support.databases import TestDatabase
from tests.support.house import house_over
from tests.support.people import new_tenant
from tests.support.simulated_year import in_2011, lived

WEEKS = 17


async def test_reminders_come_once_through_a_changed_clock_and_a_skipped_day(
    own_database: TestDatabase, tmp_path: Path
) -> None:
    some = random.Random(6)  # noqa: S311 - steps, not secrets
    steps = (timedelta(hours=some.choice([1, 23, 24 * 6, 24 * 20])) for _ in repeat(None))
    async with in_2011(own_database), house_over(own_database, tmp_path) as house:
        desk = await new_desk(house, await new_tenant(house))
        async with desk.client() as client:
            assert (await client.patch("/appointments/policy", json={"reminderMinutes": [1440, 60]})).is_success
        assert await lived(desk, steps, weeks=WEEKS) == []
