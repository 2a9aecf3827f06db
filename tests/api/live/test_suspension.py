"""Suspended means out: an attacker holds sockets, tickets, tokens and keys on two processes. Attacks C3 49 to 51."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest

from domains.shared.permissions import Role
from domains.tenants import Operating
from frontdesk.ingredients import Ingredients
from frontdesk.operators import at_work, desk_over
from tests.support.house import House
from tests.support.live import ApiProcess, Ear
from tests.support.people import Person, Tenant, another_session
from tests.support.soon import becomes

OUT = (4401, "session_ended")


@asynccontextmanager
async def operator(house: House) -> AsyncIterator[Operating]:
    """The platform's operator, in a process of its own as far as the API can tell."""
    async with desk_over(await house.container.get(Ingredients), house.database.owner) as desk, at_work(desk) as scope:
        yield await scope.get(Operating)


async def status(process: ApiProcess, token: str) -> int:
    async with process.client(token) as client:
        return (await client.get("/tenants/me")).status_code


async def key_of(process: ApiProcess, person: Person) -> str:
    async with process.client(person.token) as client:
        made = await client.post("/api-keys", json={"name": "Till", "scopes": ["tenant:read"]})
    return str(made.json()["key"])


async def opens_by_ticket(process: ApiProcess, ticket: str) -> bool:
    async with process.raw(f"?ticket={ticket}") as socket:
        return await is_ready(socket)


async def opens_by_token(process: ApiProcess, token: str) -> bool:
    async with process.raw() as socket:
        await socket.send(json.dumps({"event": "auth", "data": {"token": token}}))
        return await is_ready(socket)


async def is_ready(socket: Any) -> bool:
    ear = Ear(socket)
    try:
        return bool((await ear.next())["event"] == "ready")
    except Exception:  # noqa: BLE001 - closed instead, in whatever way
        return False


async def tries(processes: list[ApiProcess], person: Person, tickets: list[str]) -> list[bool | int]:
    """Whatever can be tried with what was held, on each process."""
    found: list[bool | int] = []
    for process, ticket in zip(processes, tickets, strict=True):
        found += [
            await opens_by_ticket(process, ticket),
            await opens_by_token(process, person.token),
            await status(process, person.token),
        ]
    return found


@pytest.mark.parametrize("whom", ["the tenant", "the person"])
async def test_within_a_second_all_that_was_held_is_worth_nothing(
    process: ApiProcess, second: ApiProcess, house: House, shop: Tenant, whom: str
) -> None:
    """Open sockets are closed on both processes; what was kept back does not open new ones, then or ever after."""
    person, both = shop.people[Role.STAFF], [process, second]
    kept = [await each.ticket(person.token) for each in both]
    allowed = await tries(both, person, [await each.ticket(person.token) for each in both])
    assert allowed == [True, True, 200] * 2
    path = f"/admin/users/{person.user}"
    async with process.ear(person.token) as here, second.ear(person.token) as there, operator(house) as desk:
        if whom == "the tenant":
            await desk.suspend(shop.slug)
        else:
            async with process.client(shop.owner.token) as client:
                assert (await client.post(f"{path}/suspend", json={"reason": "Left"})).is_success
        assert {*await asyncio.gather(here.closed(within=1), there.closed(within=1))} == {OUT}
        assert await tries(both, person, kept) == [False, False, 401] * 2
        if whom == "the tenant":
            await desk.activate(shop.slug)
        else:
            async with process.client(shop.owner.token) as client:
                assert (await client.post(f"{path}/activate")).is_success
    again = await another_session(house, person)
    for each in both:
        await becomes(200, partial(status, each, again.token))
        assert await status(each, person.token) == 401
        assert not await opens_by_token(each, person.token)


async def test_keys_rest_while_the_tenant_is_suspended(
    process: ApiProcess, second: ApiProcess, house: House, shop: Tenant
) -> None:
    """A key is no session: what was built on it serves again, without a new key."""
    key = await key_of(process, shop.owner)
    assert [await status(each, key) for each in (process, second)] == [200, 200]
    async with operator(house) as desk:
        await desk.suspend(shop.slug)
        await asyncio.gather(*(becomes(401, partial(status, each, key)) for each in (process, second)))
        await desk.activate(shop.slug)
    for each in (process, second):
        await becomes(200, partial(status, each, key))
