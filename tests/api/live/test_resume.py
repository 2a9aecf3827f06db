"""What was missed is heard once, in order, on any process and after a restart. Attacks 138 and 140."""

import asyncio
from pathlib import Path

import httpx
import pytest

from domains.shared.ids import new_id
from domains.shared.permissions import Role
from tests.support.customers import make_customer
from tests.support.databases import TestDatabase, rows
from tests.support.house import PATIENT, House, house_over
from tests.support.live import ApiProcess, Ear, api_process, live_relay
from tests.support.people import Tenant, new_tenant
from tests.support.soon import until

LOG_MANY = """
    with added as (
        insert into event_log (tenant_id, seq, event_id, type, audience, subject_id, subject_version)
        select $1, number, $2, 'customer.created', 'customers:read', $2, 1 from generate_series(1, $3::int) number
        returning 1
    ), headed as (
        insert into work.stream_heads (tenant_id, seq) values ($1, $3)
    )
    select count(*) from added
"""

HEADED = "select from work.stream_heads where tenant_id = $1 and seq >= $2"


async def resumed(ear: Ear, last: int) -> list[int]:
    """The ids that a resume brings, up to its acknowledgement."""
    await ear.say({"event": "resume", "data": {"lastId": last}, "ref": "done"})
    found = []
    while (frame := await ear.next())["event"] != "ack":
        found.append(frame["id"])
    return found


async def numbered(house: House, tenant: Tenant, count: int) -> None:
    """Wait until the relay has come to event number `count`."""
    await until(lambda: rows(house.database.admin, HEADED, tenant.id, count), within=5)


async def test_after_a_break_on_another_process_and_after_a_restart(
    house: House, database: TestDatabase, process: ApiProcess, shop: Tenant, tmp_path: Path
) -> None:
    async with process.client(shop.owner.token) as client, process.ear(shop.owner.token) as ear:
        for _ in range(3):
            await make_customer(client)
        seen = [frame["id"] for frame in await ear.many(3)]
    async with process.client(shop.owner.token) as client:
        for _ in range(4):
            await make_customer(client)
    async with api_process(database, tmp_path) as other:
        await numbered(house, shop, 7)
        async with other.ear(shop.owner.token) as ear:
            assert await resumed(ear, seen[-1]) == [4, 5, 6, 7]
            assert await resumed(ear, 7) == []
    async with api_process(database, tmp_path) as again, again.ear(shop.owner.token) as ear:
        assert await resumed(ear, 5) == [6, 7]


@pytest.mark.breaks_invariants("a log without the events")
async def test_ten_thousand_missed_events_come_in_order(process: ApiProcess, shop: Tenant, house: House) -> None:
    await rows(house.database.admin, LOG_MANY, shop.id, new_id(), 10_000)
    async with process.ear(shop.owner.token) as ear:
        assert ear.last_id == 10_000
        assert await resumed(ear, 0) == list(range(1, 10_001))
        assert await resumed(ear, 9_871) == list(range(9_872, 10_001))
    async with process.ear(shop.people[Role.MEMBER].token) as member:
        assert await resumed(member, 0) == []


@pytest.mark.breaks_invariants("a log without the events")
async def test_what_is_kept_no_more_is_told(process: ApiProcess, shop: Tenant, house: House) -> None:
    await rows(house.database.admin, LOG_MANY, shop.id, new_id(), 20)
    forgotten = "delete from event_log where tenant_id = $1 and seq <= 10 returning seq"
    await rows(house.database.admin, forgotten, shop.id)
    async with process.ear(shop.owner.token) as ear:
        assert await resumed(ear, 10) == list(range(11, 21))
        for gone in (9, 0, 21, 2**53 - 1):
            await ear.say({"event": "resume", "data": {"lastId": gone}})
            assert await ear.next() == {"event": "resync", "data": {"lastId": 20}}


async def test_fifty_writers_make_one_order_without_gaps(own_database: TestDatabase, tmp_path: Path) -> None:
    async with (
        house_over(own_database, tmp_path, pool_size=30, pool_patience=PATIENT) as house,
        live_relay(own_database),
    ):
        shop = await new_tenant(house)
        other = await new_tenant(house)
        async with (
            api_process(own_database, tmp_path) as one,
            api_process(own_database, tmp_path) as two,
            one.ear(shop.owner.token) as ear,
            two.ear(shop.owner.token) as echo,
        ):
            async with house.client(shop.owner.token) as client, house.client(other.owner.token) as noise:
                await asyncio.gather(*(write(client, 6) for _ in range(50)), *(write(noise, 6) for _ in range(10)))
            heard, echoed = await ear.many(300), await echo.many(300)
    assert [frame["id"] for frame in heard] == list(range(1, 301))
    assert heard == echoed


async def write(client: httpx.AsyncClient, times: int) -> None:
    for _ in range(times):
        await make_customer(client)
