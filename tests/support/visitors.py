"""Visitors of a business: no account, no credential, only its slug and the tokens that they were given."""

import asyncio
from typing import Any

import httpx

from infra.postgres.clock import BusinessClock
from tests.support.calendars import Desk
from tests.support.days import DAY, TEN, at
from tests.support.house import House
from tests.support.stories import inspector

NAMED = {"name": "Ada Lovelace", "email": "Ada@Example.com"}


def shop(desk: Desk) -> str:
    return f"/public/tenants/{desk.tenant.slug}"


async def post(
    desk: Desk, path: str, body: Any = None, *, key: str | None = None, address: str = "192.0.2.1"
) -> httpx.Response:
    """As anybody, from `address`."""
    headers = {"Idempotency-Key": key} if key else {}
    async with desk.house.client(address=address) as client:
        return await client.post(path, json=body, headers=headers)


async def book_online(desk: Desk, *, key: str | None = None, **fields: Any) -> httpx.Response:
    body = {"serviceId": desk.service, "startsAt": TEN, **NAMED, **fields}
    return await post(desk, f"{shop(desk)}/bookings", body, key=key)


async def hold(desk: Desk, *, key: str | None = None, address: str = "192.0.2.1", **fields: Any) -> httpx.Response:
    body = {"serviceId": desk.service, "startsAt": TEN, **fields}
    return await post(desk, f"{shop(desk)}/holds", body, key=key, address=address)


async def wait(desk: Desk, *, address: str = "192.0.2.1", **fields: Any) -> httpx.Response:
    """Wait for any time of the day."""
    times = {"fromAt": at("00:00"), "untilAt": at("00:00", day=1)}
    body = {"serviceId": desk.service, **times, **NAMED, **fields}
    return await post(desk, f"{shop(desk)}/waiting-list", body, address=address)


async def offered(desk: Desk) -> set[str]:
    """The beginnings that are offered that day."""
    async with desk.house.client() as client:
        found = await client.get(f"{shop(desk)}/availability", params={"serviceId": desk.service, **DAY})
    return {slot["startsAt"] for slot in found.json()["slots"]}


async def move_clock(house: House, by: str) -> None:
    """Move the business clock while a worker runs: what is due then has been done."""
    stop = asyncio.Event()
    working = asyncio.create_task(house.relay.run(stop))
    async with house.root_client() as client:
        answer = await client.post("/sandbox/clock", json={"advance": by})
    stop.set()
    await working
    assert answer.status_code == 200, answer.text


async def clock_alone(house: House, minutes: int) -> None:
    """Move the business clock while no worker runs."""
    async with inspector(house) as admin:
        await admin.execute("update work.clock set ahead = ahead + make_interval(mins => $1)", minutes)
    await (await house.container.get(BusinessClock)).read()
