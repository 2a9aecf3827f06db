"""`GET /events/stream`: the frames of a socket, as server-sent events."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.deadlines import DeadlineProtocol, Patience
from api.live.event_stream import _lines
from api.live.outbox import MOST_BYTES, STOPPING
from domains.shared.actor import Actor
from domains.shared.permissions import Role
from tests.api.live.test_faults import flood, narrow, news
from tests.support.customers import make_customer
from tests.support.databases import rows
from tests.support.house import House
from tests.support.live import ApiProcess, api_process
from tests.support.people import Tenant, new_tenant
from tests.support.soon import becomes, in_time, until

STILL_HERE = b": still here\n\n"


class Stream:
    """Reads events one by one."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def next(self, *, within: float = 5) -> dict[str, Any]:
        """Its `id`, `event` and decoded `data`; raises `StopAsyncIteration` at the end."""
        found: dict[str, Any] = {}
        async with in_time(within):
            while line := await anext(self._lines):
                name, _, value = line.partition(": ")
                found[name] = json.loads(value) if name == "data" else value
        return found


@asynccontextmanager
async def stream(process: ApiProcess, token: str, last: int | None = None) -> AsyncIterator[Stream]:
    headers = {} if last is None else {"Last-Event-ID": str(last)}
    async with process.client(token) as client, client.stream("GET", "/events/stream", headers=headers) as response:
        yield Stream(response)


async def test_it_carries_the_frames_with_their_numbers(process: ApiProcess, shop: Tenant) -> None:
    async with stream(process, shop.owner.token) as events, process.client(shop.owner.token) as client:
        assert events.response.status_code == 200
        assert events.response.headers["content-type"].startswith("text/event-stream")
        ready = await events.next()
        assert (ready["id"], ready["event"]) == ("0", "ready")
        async with process.ear(shop.owner.token) as ear:
            await make_customer(client)
            heard = await events.next()
            assert heard == {"id": "1", "event": "customer:changed", "data": await ear.next()}


async def test_last_event_id_replays_what_was_missed(process: ApiProcess, shop: Tenant) -> None:
    async with process.client(shop.owner.token) as client, process.ear(shop.owner.token) as ear:
        for _ in range(4):
            await make_customer(client)
        await ear.many(4)
        async with stream(process, shop.owner.token, last=1) as events:
            assert (await events.next())["id"] == "1"
            assert [(await events.next())["id"] for _ in range(3)] == ["2", "3", "4"]
            await make_customer(client)
            assert (await events.next())["id"] == "5"
        async with stream(process, shop.people[Role.MEMBER].token, last=1) as events:
            assert (await events.next())["event"] == "ready"
            assert (await client.put("/users/me/status", json={"status": "busy"})).status_code == 200
            assert (await events.next())["event"] == "presence:changed"


@pytest.mark.parametrize("last", [99, 10**12])
async def test_what_cannot_be_replayed_is_said(process: ApiProcess, shop: Tenant, last: int) -> None:
    async with stream(process, shop.owner.token, last=last) as events:
        await events.next()
        resync = await events.next()
        assert (resync["id"], resync["event"], resync["data"]["data"]) == ("0", "resync", {"lastId": 0})


@pytest.mark.parametrize("last", ["x", "-1", "1.5", str(2**64)])
async def test_a_bad_last_event_id_is_a_400(process: ApiProcess, shop: Tenant, last: str) -> None:
    async with process.client(shop.owner.token) as client:
        answer = await client.get("/events/stream", headers={"Last-Event-ID": last})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "Last-Event-ID"


async def test_it_needs_a_credential(process: ApiProcess) -> None:
    async with process.client() as client:
        assert (await client.get("/events/stream")).status_code == 401


async def test_it_ends_with_the_session_within_a_second(process: ApiProcess, shop: Tenant, house: House) -> None:
    async with stream(process, shop.owner.token) as events:
        session = (await events.next())["data"]["data"]["sessionId"]
        await rows(house.database.admin, "delete from directory.sessions where id = $1 returning id", session)
        with pytest.raises(StopAsyncIteration):
            await events.next(within=1)


async def test_who_leaves_makes_room(process: ApiProcess, shop: Tenant) -> None:
    hub = await process.hub()

    async def still_open() -> int:
        return hub._turnstile.open_of(shop.owner.user)

    for _ in range(12):
        async with stream(process, shop.owner.token) as events:
            assert (await events.next())["event"] == "ready"
        await becomes(0, still_open, within=5)


async def test_a_comment_comes_while_nothing_happens_and_frames_still_do(process: ApiProcess, shop: Tenant) -> None:
    """Proxies close a connection over which nothing comes."""
    hub, owner = await process.hub(), shop.owner
    reader = Actor(tenant=shop.id, user=owner.user, account=owner.account, session=owner.session, role=owner.role)
    subscriber = await hub.join(reader)
    lines = _lines(hub, subscriber, None, heartbeat=0.01)
    assert b"event: ready" in await anext(lines)
    assert [await anext(lines) for _ in range(3)] == [STILL_HERE] * 3
    hub._deliver(hub._rooms[shop.id], news(1))
    while (line := await anext(lines)) == STILL_HERE:
        pass
    assert line.startswith(b"id: 1\nevent: customer:changed\n")
    assert await anext(lines) == STILL_HERE
    subscriber.outbox.end(STOPPING)
    assert [line async for line in lines] == []
    assert subscriber not in hub._subscribers()


class Hasty(DeadlineProtocol):
    """Does not wait long for who does not read."""

    patience = Patience(read_seconds=0.5)


async def test_who_never_reads_holds_little_and_is_dropped(house: House, tmp_path: Path) -> None:
    shop = await new_tenant(house)
    async with api_process(house.database, tmp_path, http=Hasty) as process:
        hub, connections = await process.hub(), process.server.server_state.connections
        with narrow(process) as end:
            await asked(end, shop.owner.token)
            await until(hub._subscribers)
            [subscriber], [connection] = hub._subscribers(), [each for each in connections if isinstance(each, Hasty)]
            await flood(hub, shop.id, 1)
            assert subscriber.outbox.ending is not None
            assert await subscriber.outbox.take() == []
            assert connection.transport.get_write_buffer_size() < MOST_BYTES
            await until(lambda: not connections and not hub._subscribers())
        assert hub._turnstile.open_of(shop.owner.user) == 0


async def asked(end: socket.socket, token: str) -> None:
    """Ask for the stream, and take nothing of the answer."""
    end.setblocking(False)
    head = f"GET /api/v1/events/stream HTTP/1.1\r\nHost: testserver\r\nAuthorization: Bearer {token}\r\n\r\n"
    await asyncio.get_running_loop().sock_sendall(end, head.encode())
