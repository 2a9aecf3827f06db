"""A slow and lossy network between the application and Postgres: slower, and nothing wrong. Attack C16 208."""

import asyncio
import random
from collections import Counter
from pathlib import Path

import httpx
import msgspec

from domains.shared.ids import new_id
from tests.infra.postgres.slow_line import line_to
from tests.support.databases import TestDatabase, rows
from tests.support.house import House, house_over
from tests.support.people import Tenant, new_tenant

LATENCY = 0.1
RETRANSMISSION = 0.5
LOST = 0.05
CLIENTS = 6
EACH = 6
TRIES = 60


def delays() -> float:
    """One way. TCP sends again what was lost: that is late, and what follows it too."""
    return LATENCY + (RETRANSMISSION if random.random() < LOST else 0)  # noqa: S311 - chance, not a secret


async def test_what_is_answered_is_stored_once_whatever_the_network_does(
    own_database: TestDatabase, tmp_path: Path
) -> None:
    async with house_over(own_database, tmp_path / "near") as house:
        shops = [await new_tenant(house) for _ in range(2)]
    async with line_to(own_database.app, delays) as (line, far):
        distant = msgspec.structs.replace(own_database, app=far)
        async with house_over(distant, tmp_path / "far") as house:
            clients = [client(house, shops[number % 2], f"Client {number}") for number in range(CLIENTS)]
            working = asyncio.gather(*clients)
            await asyncio.wait({working}, timeout=LATENCY * 10)
            line.cut()
            acknowledged = await working
    stored = Counter(row["name"] for row in await rows(own_database.admin, "select name from customers"))
    assert stored == dict.fromkeys([name for names in acknowledged for name in names], 1)
    assert stored.total() == CLIENTS * EACH


async def client(house: House, shop: Tenant, name: str) -> list[str]:
    """Make customers one after the other, each until it is acknowledged."""
    done = []
    async with house.client(shop.owner.token) as client:
        for number in range(EACH):
            await make(client, f"{name}, no. {number}")
            done.append(f"{name}, no. {number}")
    return done


async def make(client: httpx.AsyncClient, name: str) -> None:
    headers = {"Idempotency-Key": str(new_id())}
    for _ in range(TRIES):
        answer = await client.post("/customers", json={"name": name}, headers=headers)
        if answer.status_code == 201:
            return
        assert answer.status_code in {409, 503}, answer.text
        await asyncio.sleep(LATENCY)
    raise AssertionError(f"{name} could not be made")
