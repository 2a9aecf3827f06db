"""Calendars that people keep elsewhere: what stands there is not offered, and nobody learns what it is."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import pytest

from domains.shared.permissions import Role
from domains.shared.vault import Place
from domains.shared.work import UnitOfWork
from frontdesk.operators import at_work
from infra.postgres.clock import BusinessClock
from infra.postgres.imported_calendars import PostgresCalendarShelf
from infra.vault import AesVault
from tests.support.calendar_server import CalendarServer, busy_from, calendar_of, calendar_server, imported
from tests.support.calendars import Desk, new_desk
from tests.support.days import DAY, at, instant
from tests.support.house import DATA_KEYS, House
from tests.support.people import Tenant, new_person
from tests.support.races import patiently
from tests.support.soon import until
from tests.support.stories import inspector

HOUR = timedelta(hours=1)
LUNCH = calendar_of(busy_from(instant("12:00"), instant("13:00")))
DINNER = calendar_of(busy_from(instant("15:00"), instant("16:00")))


@pytest.fixture
async def desk(house: House, tenant: Tenant) -> Desk:
    return await new_desk(house, tenant, bufferAfter=0, bookableOnline=True)


async def offered(desk: Desk) -> set[str]:
    return {each["startsAt"] for each in (await desk.available(**DAY))["slots"]}


async def take(desk: Desk, server: CalendarServer) -> dict[str, object]:
    return await imported(desk.house, desk.tenant.owner.token, desk.staff, server.url)


async def refresh(desk: Desk, calendar: object) -> dict[str, object]:
    async with desk.client() as client:
        answer = await client.post(f"/staff/calendars/{calendar}/refresh")
        assert answer.status_code == 200, answer.text
        await desk.house.follow_up()
        return dict((await client.get(f"/staff/calendars/{calendar}")).json())


async def test_busy_times_are_not_offered_to_anybody_and_explained(desk: Desk) -> None:
    before = await offered(desk)
    assert {at("11:30"), at("12:00"), at("12:30")} <= before
    async with calendar_server(LUNCH) as server:
        shown = await take(desk, server)
    assert (shown["lastError"], shown["url"]) == (None, f"http://127.0.0.1:{server.port}/…")
    assert shown["lastFetchedAt"] is not None
    assert await offered(desk) == before - {at("11:30"), at("12:00"), at("12:30")}
    why = (await desk.available(**DAY, explain="true"))["explanations"]
    assert {
        "staffId": desk.staff,
        "startsAt": at("11:30"),
        "endsAt": at("13:00"),
        "reason": "busy_elsewhere",
    } in why
    body = {"serviceId": desk.service, "startsAt": at("12:00"), "name": "Ada", "email": "ada@example.com"}
    async with desk.house.client() as client:
        answer = await client.post(f"/public/tenants/{desk.tenant.slug}/bookings", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")


async def test_staff_book_nonetheless_and_who_is_free_elsewhere_comes_first(house: House, desk: Desk) -> None:
    other = str((await new_person(house, desk.tenant, Role.STAFF)).user)
    async with desk.client() as client:
        await client.patch(f"/services/{desk.service}", json={"staffIds": [desk.staff, other]})
        hours = (await client.get(f"/staff/{desk.staff}/hours")).json()["hours"]
        await client.put(f"/staff/{other}/hours", json={"hours": hours})
    async with calendar_server(LUNCH) as server:
        await take(desk, server)
    first = await desk.booked(startsAt=at("12:00"), staffId=None)
    second = await desk.booked(startsAt=at("12:00"), staffId=None)
    assert (first["staffId"], second["staffId"]) == (other, desk.staff)


async def test_only_the_times_are_kept_and_the_address_is_locked(house: House, desk: Desk) -> None:
    async with calendar_server(LUNCH) as server:
        shown = await take(desk, server)
    async with inspector(house) as admin:
        tables = await admin.fetch("select format('%I.%I', schemaname, tablename) as name from pg_tables"
                                   " where schemaname in ('public', 'work', 'directory')")  # fmt: skip
        for table in tables:
            said = await admin.fetchval(f"select coalesce(string_agg(t::text, ' '), '') from {table['name']} t")
            assert "Dentist" not in said, table["name"]
            assert "kTc0vSb2" not in said, table["name"]
        asked = "select starts_at, ends_at, user_id::text from busy_times where calendar_id = $1::text::uuid"
        times = await admin.fetch(asked, shown["id"])
    assert [tuple(row) for row in times] == [(instant("12:00"), instant("13:00"), desk.staff)]


async def test_it_is_read_again_and_what_was_read_stays_where_that_fails(desk: Desk) -> None:
    async with calendar_server(LUNCH, headers={"ETag": '"one"'}) as server:
        shown = await take(desk, server)
        server.document, server.headers = DINNER, {"ETag": '"two"'}
        assert at("12:00") not in await offered(desk)
        await refresh(desk, shown["id"])
        there = await offered(desk)
        assert at("12:00") in there
        assert at("15:00") not in there
        for status, document, error in (
            ("500 Oh", b"", "refused"),
            ("200 OK", b"<html>", "not_a_calendar"),
            ("302 Found", b"", "refused"),
        ):
            server.status, server.document = status, document
            failed = await refresh(desk, shown["id"])
            assert failed["lastError"] == error
            assert await offered(desk) == there
        server.status, server.document = "200 OK", calendar_of()
        healed = await refresh(desk, shown["id"])
        assert healed["lastError"] is None
        assert at("15:00") in await offered(desk)


async def test_every_hour_it_is_asked_whether_it_is_another_one_and_later_where_it_fails(
    house: House, desk: Desk
) -> None:
    now = (await house.container.get(BusinessClock)).now()
    async with calendar_server(LUNCH, headers={"ETag": '"one"'}) as server:
        shown = await take(desk, server)
        planned = datetime.fromisoformat(str(shown["nextFetchAt"]))
        assert timedelta(minutes=59) < planned - now < timedelta(minutes=61)
        async with inspector(house) as admin:
            put_forward = "update imported_calendars set fetch_at = now() where id = $1::text::uuid"
            come = "update work.envelopes set due_at = now() where subject_id = $1::text::uuid"
            for expected in (2, 3):
                await admin.execute(put_forward, shown["id"])
                await admin.execute(come, shown["id"])
                await house.follow_up()
                assert len(server.asked) == expected
                assert 'If-None-Match: "one"' in server.asked[-1]
            await admin.execute(come, shown["id"])
            await house.follow_up()
        assert len(server.asked) == 3
        server.status, server.headers = "503 Busy", {}
        waits = []
        for _ in range(7):
            failed = await refresh(desk, shown["id"])
            waits.append(round((datetime.fromisoformat(str(failed["nextFetchAt"])) - now) / HOUR))
    assert waits == [1, 2, 4, 8, 16, 24, 24]


async def test_ten_calendars_a_person_and_each_once(house: House, desk: Desk) -> None:
    async with desk.client() as client:
        path = f"/staff/{desk.staff}/calendars"
        urls = [f"https://calendar.example.com/{number}.ics" for number in range(12)]
        ways = [partial(client.post, path, json={"url": url}) for url in urls]
        answers = await asyncio.gather(*map(patiently, ways))
        assert sorted(answer.status_code for answer in answers) == [201] * 10 + [409] * 2
        shown = (await client.get(path)).json()["items"]
        assert len(shown) == 10
        gone = shown[0]["id"]
        assert (await client.delete(f"/staff/calendars/{gone}")).status_code == 204
        assert (await client.delete(f"/staff/calendars/{gone}")).status_code == 404
        again = await client.post(path, json={"url": "webcal://calendar.example.com/new.ics"})
        assert again.json()["url"] == "https://calendar.example.com/…"
        twice = await client.post(path, json={"url": "https://calendar.example.com/new.ics"})
        assert (twice.status_code, twice.json()["code"]) == (409, "already_exists")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/a.ics",
        "https:///a.ics",
        "https://user:password@example.com/a.ics",
        "https://[::1/a.ics",
        "https://example.com:99999/a.ics",
        "https://example.com/a b.ics",
        "https://example.com/\u00e9.ics",
        "javascript://alert(1)",
    ],
)
async def test_what_is_no_address(desk: Desk, url: str) -> None:
    async with desk.client() as client:
        answer = await client.post(f"/staff/{desk.staff}/calendars", json={"url": url})
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_error")


async def test_what_is_removed_is_free_and_who_is_erased_leaves_nothing(house: House, desk: Desk) -> None:
    async with calendar_server(LUNCH) as server, desk.client() as client:
        shown = await take(desk, server)
        assert at("12:00") not in await offered(desk)
        await client.delete(f"/staff/calendars/{shown['id']}")
        assert at("12:00") in await offered(desk)
        await take(desk, server)
        assert (await client.delete(f"/admin/users/{desk.staff}")).is_success
        await house.follow_up()
    async with inspector(house) as admin:
        for table in ("imported_calendars", "busy_times"):
            assert not await admin.fetchval(f"select count(*) from {table} where user_id = $1::text::uuid", desk.staff)


async def test_staff_see_them_and_admins_keep_them(house: House, desk: Desk) -> None:
    async with calendar_server(LUNCH) as server:
        shown = await take(desk, server)
    staff = desk.tenant.people[Role.STAFF]
    async with house.client(staff.token) as client:
        assert (await client.get(f"/staff/{desk.staff}/calendars")).json()["items"] == [shown]
        assert (await client.delete(f"/staff/calendars/{shown['id']}")).status_code == 403


async def test_a_newer_key_locks_the_address_anew(house: House, desk: Desk) -> None:
    async with calendar_server(LUNCH) as server:
        shown = await take(desk, server)
        older = AesVault(DATA_KEYS[::-1])
        place = Place(desk.tenant.id, "imported_calendars.url", str(shown["id"]))
        async with inspector(house) as admin:
            put = "update imported_calendars set url = $2, locked_with = $3 where id = $1::text::uuid"
            await admin.execute(put, shown["id"], older.lock(server.url.encode(), place), older.key)
        async with at_work(house.work, desk.tenant.id) as scope:
            shelf, work = await scope.get(PostgresCalendarShelf), await scope.get(UnitOfWork)
            counted = []
            for _ in range(2):
                async with work:
                    counted.append(await shelf.lock_anew())
        async with inspector(house) as admin:
            rests = await admin.fetchval("select url from imported_calendars where id = $1::text::uuid", shown["id"])
        server.document = DINNER
        assert (await refresh(desk, shown["id"]))["lastError"] is None
    assert counted == [1, 0]
    assert AesVault(DATA_KEYS[:1]).open(rests, place) == server.url.encode()


async def test_calendars_of_others_do_not_wait_for_those_of_one_tenant(
    house: House, desk: Desk, other_tenant: Tenant
) -> None:
    other, stop, released = await new_desk(house, other_tenant), asyncio.Event(), asyncio.Event()

    async def add(to: Desk, url: str) -> str:
        async with to.client() as client:
            made = await client.post(f"/staff/{to.staff}/calendars", json={"url": url})
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    async def has_been_asked(calendar: str) -> bool:
        async with other.client() as client:
            return bool((await client.get(f"/staff/calendars/{calendar}")).json()["lastError"] == "refused")

    async with calendar_server(status="404 No", held_back=released) as slow, calendar_server(status="404 No") as quick:
        for number in range(6):
            await add(desk, f"{slow.url}?{number}")
        working = asyncio.create_task(house.relay.run(stop))
        await until(lambda: slow.asked)
        mine = await add(other, quick.url)
        await until(lambda: has_been_asked(mine))
        assert len(slow.asked) < 6
        released.set()
        stop.set()
        await working
        await house.follow_up()
        assert len(slow.asked) >= 6
