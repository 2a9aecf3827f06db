"""A year of visits in zones whose clocks are odd, lived through by moving the business clock on."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import msgspec

from tests.support.calendars import Desk
from tests.support.databases import TestDatabase
from tests.support.house import House

WEEK = timedelta(days=7)
REMINDERS = (timedelta(days=1), timedelta(hours=1))
FIRST_DAYS = {
    "Australia/Lord_Howe": date(2011, 9, 18),
    "Asia/Kathmandu": date(2011, 9, 20),
    "Pacific/Apia": date(2011, 9, 16),
}
"""A Sunday, a Tuesday and a Friday: clocks are changed on Sundays, and Samoa skipped Friday, 2011-12-30."""
BEGIN = datetime(2011, 9, 14, tzinfo=UTC)


class Series(msgspec.Struct, frozen=True):
    """Visits at nine, week by week, by the clocks of a zone."""

    zone: str
    weeks: int

    @property
    def starts(self) -> list[datetime]:
        """Found by looking at every half hour around each day: the first at which it is nine there, or later."""
        return [_nine(FIRST_DAYS[self.zone] + number * WEEK, ZoneInfo(self.zone)) for number in range(self.weeks)]


def _nine(day: date, zone: ZoneInfo) -> datetime:
    wanted = datetime.combine(day, time(9))
    at = wanted.replace(tzinfo=UTC) - timedelta(hours=15)
    while at.astimezone(zone).replace(tzinfo=None) < wanted:
        at += timedelta(minutes=15)
    return at


@asynccontextmanager
async def in_2011(database: TestDatabase) -> AsyncIterator[None]:
    """Have a new database's business begin in 2011, before any process reads its clock; and end where it is now."""
    admin = await asyncpg.connect(database.admin)
    await admin.execute("update work.clock set ahead = $1 - now(), reached = $1 - now()", BEGIN)
    yield
    await admin.execute("update work.clock set ahead = '0', reached = '0'")
    await admin.close()


async def lived(desk: Desk, steps: Iterator[timedelta], *, weeks: int) -> list[str]:
    """Book a series in each zone, move on step by step, and tell of each reminder that is missed, doubled or wrong."""
    series = [Series(zone, weeks) for zone in FIRST_DAYS]
    for each in series:
        await _book(desk, each)
    now, faults = await moved_on(desk.house, "PT1S"), list[str]()
    end = max(each.starts[-1] for each in series) + timedelta(days=2)
    faults += [fault for each in series for fault in await _misplaced(desk, each)]
    while now < end:
        now = await moved_on(desk.house, f"PT{int(next(steps).total_seconds())}S")
        faults += [f"{now}: {fault}" for each in series for fault in _miscounted(desk, each, now)]
    return faults


async def moved_on(house: House, by: str) -> datetime:
    """Move the clock while a worker runs, and say what time it is then."""
    stop = asyncio.Event()
    working = asyncio.create_task(house.relay.run(stop))
    async with house.root_client() as client:
        answer = await client.post("/sandbox/clock", json={"advance": by}, timeout=120)
    stop.set()
    await working
    assert answer.status_code == httpx.codes.OK, answer.text
    return datetime.fromisoformat(answer.json()["now"])


def _address(desk: Desk, series: Series) -> str:
    return f"{series.zone.rpartition('/')[2].lower()}@{desk.tenant.slug}.example.com"


async def _book(desk: Desk, series: Series) -> None:
    starts = series.starts[0]
    async with desk.client() as client:
        body = {"name": series.zone, "emails": [_address(desk, series)]}
        customer = (await client.post("/customers", json=body)).json()["id"]
        visit = {
            "customerId": customer, "title": series.zone, "timezone": series.zone, "startsAt": starts.isoformat(),
            "endsAt": (starts + timedelta(hours=1)).isoformat(), "recurrence": f"FREQ=WEEKLY;COUNT={series.weeks}",
        }  # fmt: skip
        answer = await client.post("/appointments", json=visit)
        assert answer.status_code == httpx.codes.CREATED, answer.text


async def _misplaced(desk: Desk, series: Series) -> list[str]:
    async with desk.client() as client:
        params = {"from": f"{BEGIN:%Y-%m-%d}", "to": "2013-01-01", "limit": "100", "sort": "startsAt"}
        found = (await client.get("/appointments", params=params)).json()["items"]
        while len(found) % 100 == 0 and found:
            params["from"] = found[-1]["startsAt"]
            more = (await client.get("/appointments", params=params)).json()["items"]
            found += [each for each in more if each["id"] not in {one["id"] for one in found}]
    own = [datetime.fromisoformat(each["startsAt"]) for each in found if each["timezone"] == series.zone]
    return [] if own == series.starts else [f"{series.zone}: {set(own) ^ set(series.starts)}"]


def _miscounted(desk: Desk, series: Series, now: datetime) -> Iterator[str]:
    """A visit's letters are alike: so many of them as reminders were due, whatever their order."""
    letters = Counter(mail.text for mail in desk.house.mail_to(_address(desk, series), most=1_000))
    due = Counter(start for start in series.starts for before in REMINDERS if start - before <= now)
    if sorted(letters.values()) != sorted(due.values()):
        yield f"{series.zone}: {letters.total()} letters about {len(letters)} visits, {due.total()} about {len(due)}"
    if odd := [text for text in letters if "9:00" not in text and "12:00" not in text]:
        yield f"{series.zone}: {odd[0]}"
