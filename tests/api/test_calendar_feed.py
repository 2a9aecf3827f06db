"""Private feeds: one's own visits for the calendars of others, as long as one may see them."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx

from domains.shared.permissions import Role
from tests.support.calendars import Desk, new_desk
from tests.support.house import BASE_URL, House
from tests.support.people import Tenant
from tests.support.stories import inspector


async def own_feed(house: House, token: str, *, renew: bool) -> str | None:
    async with house.client(token) as client:
        answer = await (client.post if renew else client.get)("/users/me/calendar-feed")
    assert answer.status_code == 200, answer.text
    url: str | None = answer.json()["url"]
    return url


async def read(house: House, url: str) -> httpx.Response:
    async with house.root_client() as client:
        return await client.get(url)


def unfolded(text: str) -> list[str]:
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")


async def owner_s(house: House, tenant: Tenant, title: str) -> tuple[Desk, str]:
    """A visit of the owner's, tomorrow at nine in New York."""
    desk = await new_desk(house, tenant)
    zone = ZoneInfo("America/New_York")
    day = datetime.now(zone).date() + timedelta(days=1)
    starts = datetime(day.year, day.month, day.day, 9, tzinfo=zone).astimezone(UTC)
    made = await desk.booked(startsAt=starts.isoformat(), staffId=str(tenant.owner.user), title=title)
    return desk, str(made["id"])


async def test_a_feed_has_one_s_visits_and_says_when_they_change(house: House, tenant: Tenant) -> None:
    title = "Boiler; inspection, with \\ and 🔧 " + "x" * 60
    desk, visit = await owner_s(house, tenant, title)
    assert await own_feed(house, tenant.owner.token, renew=False) is None
    url = await own_feed(house, tenant.owner.token, renew=True)
    assert url is not None
    assert await own_feed(house, tenant.owner.token, renew=False) == url
    answer = await read(house, url)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    lines = unfolded(answer.text)
    summary = "SUMMARY:" + title.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    assert {"BEGIN:VTIMEZONE", f"UID:{visit}@frontdesk", "SEQUENCE:0", "STATUS:TENTATIVE", summary} <= set(lines)
    assert any(re.fullmatch(r"DTSTART;TZID=America/New_York:\d{8}T090000", line) for line in lines)
    async with desk.client() as client:
        await client.delete(f"/appointments/{visit}")
    lines = unfolded((await read(house, url)).text)
    assert {f"UID:{visit}@frontdesk", "SEQUENCE:1", "STATUS:CANCELLED"} <= set(lines)


async def test_a_new_address_takes_the_place_of_the_old_one(house: House, tenant: Tenant) -> None:
    first = await own_feed(house, tenant.owner.token, renew=True)
    second = await own_feed(house, tenant.owner.token, renew=True)
    assert first is not None
    assert second is not None
    assert first != second
    assert ((await read(house, first)).status_code, (await read(house, second)).status_code) == (404, 200)
    for wrong in (second.removesuffix(".ics"), second.replace(".ics", "x.ics"), f"{second}.ics"):
        assert (await read(house, wrong)).status_code == 404


async def test_who_is_suspended_or_no_longer_staff_shows_nothing(house: House, tenant: Tenant) -> None:
    staff = tenant.people[Role.STAFF]
    url = await own_feed(house, staff.token, renew=True)
    assert url is not None
    for change in ("suspended_at = now()", "suspended_at = null, role = 'member'"):
        assert (await read(house, url)).status_code in {200, 404}
        async with inspector(house) as admin, admin.transaction():
            await admin.execute(f"update users set {change} where id = $1", staff.user)
            if "member" in change:
                await admin.execute("update directory.memberships set role = 'member' where user_id = $1", staff.user)
        assert (await read(house, url)).status_code == 404


async def test_another_person_s_visits_are_not_in_it(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    await owner_s(house, tenant, "Private")
    for person in (tenant.people[Role.ADMIN], other_tenant.owner):
        url = await own_feed(house, person.token, renew=True)
        assert url is not None
        assert "Private" not in (await read(house, url)).text


async def test_an_address_is_where_the_world_reaches_us_whatever_a_request_claims(house: House, tenant: Tenant) -> None:
    claims = {"Host": "evil.example.com", "X-Forwarded-Host": "evil.example.com"}
    async with house.client(tenant.owner.token) as client:
        made = await client.post("/users/me/calendar-feed", headers=claims)
        shown = await client.get("/users/me/calendar-feed", headers=claims)
    assert made.json() == shown.json()
    assert made.json()["url"].startswith(f"{BASE_URL}/api/v1/appointments/calendar/")
