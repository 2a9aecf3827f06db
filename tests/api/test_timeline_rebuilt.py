"""Timelines can be made anew from the events, whatever has become of the customers since."""

from typing import Any

import asyncpg
import httpx
import msgspec

from domains.customers import TimelineKind
from domains.shared.events import Recorded
from frontdesk.subscriptions import INSIDE, books
from infra.postgres.database import Database
from tests.domains.test_golden_events import GOLDEN, KINDS
from tests.support.calendars import Desk, new_desk
from tests.support.days import at
from tests.support.house import House
from tests.support.imports import imported
from tests.support.people import Tenant
from tests.support.quotes import a_quote, moved
from tests.support.stories import inspector
from tests.support.work import work_over

TIMELINES = {kind: tuple(each for each in heard if each is not books) for kind, heard in INSIDE.items()}
"""Who writes into timelines: the books are closed to what is told twice."""

_EVENTS = """
    select id, tenant_id as tenant, type, version, subject_id as subject, subject_version, actor_id as actor,
        occurred_at, correlation_id, causation_id, data
    from events where tenant_id = $1 and type = any ($2) order by id
"""
_ENTRIES = "select * from customer_timeline where tenant_id = $1 order by customer_id, id"


async def ok(asked: Any) -> Any:
    answer: httpx.Response = await asked
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


async def visits(desk: Desk) -> None:
    """Visits with all that can happen to one."""
    async with desk.client() as client:
        for day, status in enumerate(("confirmed", "completed", "no_show", "cancelled")):
            visit = (await desk.booked(startsAt=at("10:00", day=day)))["id"]
            await ok(client.patch(f"/appointments/{visit}", json={"notes": "Ring twice"}))
            await ok(client.patch(f"/appointments/{visit}/status", json={"status": status}))


async def quotes(desk: Desk) -> None:
    """Quotes with all that can happen to one."""
    made = [await a_quote(desk.house, desk.tenant, customerId=desk.customer) for _ in range(4)]
    async with desk.client() as client:
        for quote, answer in zip(made, ("accepted", "rejected", "expired"), strict=False):
            await ok(client.post(f"/quotes/{quote['id']}/send", json={}))
            await moved(desk.house, desk.tenant, quote["id"], answer)
        await ok(client.post(f"/quotes/{made[0]['id']}/convert", json={}))
        await ok(client.delete(f"/quotes/{made[3]['id']}"))
        later = await ok(client.post(f"/quotes/{made[1]['id']}/revise"))
        await moved(desk.house, desk.tenant, later["id"], "sent")


async def customers(desk: Desk) -> None:
    """The customer is merged, parted and merged again, with somebody who was archived; others are gone."""
    async with desk.client() as client:
        other, erased, away = [(await ok(client.post("/customers", json={"name": name})))["id"] for name in "abc"]
        await ok(client.patch(f"/customers/{other}", json={"notes": "seen"}))
        await ok(client.delete(f"/customers/{other}"))
        await ok(client.post(f"/customers/{other}/restore"))
        for verb, body in (("merge", {"into": other}), ("unmerge", None), ("merge", {"into": other})):
            await ok(client.post(f"/customers/{desk.customer}/{verb}", json=body))
        await ok(client.post(f"/customers/{away}/merge", json={"into": erased}))
        for gone in (away, erased, other):
            if gone != away:
                await ok(client.post(f"/customers/{gone}/notes", json={"text": "Prefers mornings."}))
    job = await imported(desk.house, desk.tenant.owner, f"id,Name,Tags\n,New,\n{erased},b,vip\n", duplicates="update")
    assert job["result"]["counts"]["updated"] == 1, job
    async with desk.client() as client:
        await ok(client.post(f"/customers/{erased}/erase"))


async def all_else(pool: Database, desk: Desk, lived: set[str]) -> None:
    """Events that the stories do not tell of, as their golden files have them."""
    async with work_over(pool, desk.tenant.id).heard_by(TIMELINES) as work:
        for name in TIMELINES:
            if name.replace(".", "_") not in lived:
                golden = msgspec.json.decode((GOLDEN / f"{name}.v1.json").read_bytes(), type=Recorded)
                told = msgspec.structs.replace(golden, data=golden.data | {"customer_id": desk.customer})
                work.record(KINDS[name].of(told))


async def kept(admin: asyncpg.Connection, tenant: Tenant) -> list[dict[str, Any]]:
    return [dict(row) for row in await admin.fetch(_ENTRIES, tenant.id)]


async def test_timelines_are_made_anew_from_the_events(house: House, tenant: Tenant) -> None:
    desk = await new_desk(house, tenant)
    for tell in (visits, quotes, customers):
        await tell(desk)
    pool = Database(house.database.app, size=3)
    async with inspector(house) as admin:
        await all_else(pool, desk, lived={entry["kind"] for entry in await kept(admin, tenant)})
        before = await kept(admin, tenant)
        events = [
            Recorded(**{**row, "data": msgspec.json.decode(row["data"])})
            for row in await admin.fetch(_EVENTS, tenant.id, list(INSIDE))
        ]
        await admin.execute("delete from customer_timeline where tenant_id = $1", tenant.id)
        assert {entry["kind"] for entry in before} == set(TimelineKind)
        assert len(events) > len(before) / 2
        for _ in range(2):
            async with work_over(pool, tenant.id) as work:
                for event in events:
                    for subscriber in TIMELINES[event.type]:
                        await subscriber(work).hear(event)
        await pool.close()
        assert await kept(admin, tenant) == before
