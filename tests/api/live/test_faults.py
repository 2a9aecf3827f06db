"""What breaks makes the pipe late, never wrong: lost notifications, a lost LISTEN connection, slow readers, a stop."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from api.live.hub import Hub
from domains.customers import CustomerCreated
from domains.shared.ids import new_id
from domains.shared.live import LoggedEvent
from frontdesk.frames import AUDIENCES
from infra.postgres.database import Database
from infra.postgres.event_log import PostgresEventLog
from infra.postgres.numbering import SLOTS, Numbering
from infra.postgres.recording import Hearers, recorded, written
from infra.postgres.streaming import Streaming, nobody
from tests.support.customers import make_customer
from tests.support.databases import TestDatabase, rows
from tests.support.house import House, house_over
from tests.support.live import ApiProcess, Ear, api_process, live_relay
from tests.support.people import Tenant, new_tenant
from tests.support.soon import in_time, until
from tests.support.work import CLOCK, work_over
from workers.live import LiveRelay

LISTENERS = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and usename = 'frontdesk_app' and query like 'LISTEN%'
"""
RELAYS = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid in (select pid from pg_locks where locktype = 'advisory')
"""

HEARD = Hearers((), AUDIENCES[CustomerCreated.type])
LAST = 1_000_000


@pytest.fixture
async def own(own_database: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    async with house_over(own_database, tmp_path) as house:
        yield house


async def cut_off_listener(house: House) -> None:
    """Once there is one."""
    await until(lambda: rows(house.database.admin, LISTENERS), within=5)


async def test_when_every_notification_is_lost_nothing_is(own: House, tmp_path: Path) -> None:
    shop = await new_tenant(own)
    deaf = Numbering(own.database.relay)
    deaf._hear = nobody  # type: ignore[method-assign]  # the wake is lost
    stop = asyncio.Event()
    relay = asyncio.create_task(LiveRelay(deaf).run(stop))
    async with api_process(own.database, tmp_path) as process, process.ear(shop.owner.token) as ear:
        hub = await process.hub()
        hub._bell._hear = nobody  # type: ignore[attr-defined]  # what is already listening hears; so it is cut off
        await cut_off_listener(own)
        async with own.client(shop.owner.token) as client:
            for _ in range(5):
                await make_customer(client)
        assert [frame["id"] for frame in await ear.many(5, within=4)] == [1, 2, 3, 4, 5]
    stop.set()
    await relay


async def test_a_lost_listen_connection_is_made_anew(own: House, tmp_path: Path) -> None:
    shop = await new_tenant(own)
    async with (
        live_relay(own.database),
        api_process(own.database, tmp_path) as process,
        process.ear(shop.owner.token) as ear,
        own.client(shop.owner.token) as client,
    ):
        await make_customer(client)
        await ear.next()
        await cut_off_listener(own)
        await make_customer(client)
        assert (await ear.next(within=3))["id"] == 2
        await cut_off_listener(own)


async def test_a_second_relay_takes_over_what_the_first_leaves(own: House, tmp_path: Path) -> None:
    shop = await new_tenant(own)
    async with (
        live_relay(own.database),
        live_relay(own.database),
        api_process(own.database, tmp_path) as process,
        process.ear(shop.owner.token) as ear,
        own.client(shop.owner.token) as client,
    ):
        for number in range(1, 9):
            if number % 3 == 0:
                assert await rows(own.database.admin, RELAYS)
            await make_customer(client)
            assert (await ear.next(within=5))["id"] == number


async def test_two_relays_never_hold_the_same_slot(own_database: TestDatabase) -> None:
    one, two = Numbering(own_database.relay), Numbering(own_database.relay)
    await one.hold()
    await two.hold()
    assert (list(one.held), list(two.held)) == (list(SLOTS), [])
    await one.close()
    async with in_time(3):
        while len(two.held) < len(SLOTS):
            await two.hold()
    assert sorted(two.held) == list(SLOTS)
    await two.close()


@pytest.mark.breaks_invariants("a tenant that nobody founded")
async def test_who_wrote_first_and_committed_last_is_heard_last(own_database: TestDatabase) -> None:
    database, tenant = Database(own_database.app, size=9), new_id()
    numbering, log = Numbering(own_database.relay), PostgresEventLog(database)
    first, second = CustomerCreated(subject=new_id()), CustomerCreated(subject=new_id())
    await numbering.hold()
    async with work_over(database, tenant) as slow:
        for write in written(recorded(first, tenant=tenant, origin=slow.origin, now=CLOCK.now()), HEARD):
            slow.put(write.statement, *write.values)
        await slow.connection.execute("select 'they are written'")
        async with work_over(database, tenant).telling(Streaming(AUDIENCES, nobody)) as quick:
            quick.record(second)
        assert await numbering.number() == 1
        [heard] = await log.after(tenant, 0, most=9)
    assert await numbering.number() == 1
    [late] = await log.after(tenant, heard.seq, most=9)
    assert [(each.seq, each.subject) for each in (heard, late)] == [(1, second.subject), (2, first.subject)]
    await numbering.close()
    await database.close()


@pytest.mark.breaks_invariants("a tenant that nobody founded")
async def test_what_is_rolled_back_leaves_no_gap(own_database: TestDatabase) -> None:
    database, tenant = Database(own_database.app, size=6), new_id()
    streaming = Streaming(AUDIENCES, nobody)

    async def record(*, fails: bool) -> None:
        with pytest.raises(ZeroDivisionError) if fails else contextlib.nullcontext():
            async with work_over(database, tenant).telling(streaming) as work:
                work.record(CustomerCreated(subject=new_id()))
                1 / (not fails)

    await asyncio.gather(*(record(fails=number % 3 == 0) for number in range(30)))
    relay = LiveRelay(Numbering(own_database.relay))
    assert await relay.once() == 20
    logged = await rows(own_database.admin, "select seq from event_log where tenant_id = $1 order by seq", tenant)
    assert [row["seq"] for row in logged] == list(range(1, 21))
    await relay._numbers.close()
    await database.close()


def narrow(process: ApiProcess) -> socket.socket:
    """A client's end that takes in little at once."""
    end = socket.socket()
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    end.connect(("127.0.0.1", process.port))
    return end


def news(seq: int) -> LoggedEvent:
    return LoggedEvent(seq, "customer.created", "customers:read", new_id(), 1)


async def flood(hub: Hub, tenant: UUID, subscribers: int) -> int:
    """Deliver until somebody is cut off; say how much it was."""
    for seq in range(1, 500_000):
        hub._deliver(hub._rooms[tenant], news(seq))
        if seq % 50 == 0:
            await asyncio.sleep(0.002)
        if sum(each.outbox.ending is None for each in hub._subscribers()) < subscribers:
            return seq
    raise AssertionError("nobody was cut off")


async def test_a_slow_reader_is_cut_off_and_others_hear_all(process: ApiProcess, shop: Tenant) -> None:
    hub = await process.hub()
    async with (
        process.ear(shop.owner.token) as quick,
        process.ear(shop.owner.token, sock=narrow(process)) as slow,
    ):
        slow.connection.transport.pause_reading()
        listening = asyncio.create_task(heard_by(quick))
        delivered = await flood(hub, shop.id, len(hub._subscribers()))
        slow.connection.transport.resume_reading()
        assert await slow.closed(within=10) == (4008, "slow_reader")
        hub._deliver(hub._rooms[shop.id], news(LAST))
        assert await listening == [*range(1, delivered + 1), LAST]


async def heard_by(ear: Ear) -> list[int]:
    heard = [0]
    while heard[-1] != LAST:
        heard.append((await ear.next(within=20))["id"])
    return heard[1:]


async def test_a_reader_that_never_reads_again_loses_its_connection(process: ApiProcess, shop: Tenant) -> None:
    hub = await process.hub()
    before = len(process.server.server_state.connections)
    async with process.ear(shop.owner.token, sock=narrow(process)) as slow:
        slow.connection.transport.pause_reading()
        await flood(hub, shop.id, len(hub._subscribers()))
        await until(lambda: len(process.server.server_state.connections) <= before, within=8)
        assert hub._turnstile.open_of(shop.owner.user) == 0


async def test_who_does_not_answer_pings_is_closed(own: House, tmp_path: Path) -> None:
    shop = await new_tenant(own)
    quick: dict[str, Any] = {"ws_ping_interval": 0.3, "ws_ping_timeout": 0.5}
    async with api_process(own.database, tmp_path, **quick) as process, process.ear(shop.owner.token) as alive:
        async with process.ear(shop.owner.token, ping_interval=None) as dead:
            dead.connection.transport.pause_reading()
            await alive.silence(2)
            dead.connection.transport.resume_reading()
            assert (await dead.closed())[0] == 1011
        await alive.say({"event": "resume", "data": {"lastId": 0}, "ref": 1})
        assert (await alive.next())["event"] == "ack"


async def test_a_stop_says_1012_and_ends_streams_at_once(own: House, tmp_path: Path) -> None:
    shop = await new_tenant(own)
    async with (
        api_process(own.database, tmp_path) as process,
        process.ear(shop.owner.token) as ear,
        process.client(shop.owner.token) as client,
        client.stream("GET", "/events/stream") as stream,
    ):
        lines = stream.aiter_lines()
        assert await anext(lines)
        began = asyncio.get_running_loop().time()
        stopping = asyncio.create_task(process.stop())
        assert (await ear.closed())[0] == 1012
        assert [line async for line in lines][-1] == ""
        await stopping
        assert asyncio.get_running_loop().time() - began < 3


@pytest.mark.breaks_invariants("a log without the events")
async def test_old_events_are_forgotten_after_a_week(own_database: TestDatabase) -> None:
    tenant = new_id()
    log = """
        insert into event_log (tenant_id, seq, event_id, type, audience, subject_id, subject_version, recorded_at)
        values ($1, $2, $1, 'customer.created', 'customers:read', $1, 1, now() - make_interval(hours => $3)) returning 1
    """
    for seq, hours in ((1, 24 * 7 + 1), (2, 24 * 7 - 1), (3, 0)):
        await rows(own_database.admin, log, tenant, seq, hours)
    numbering = Numbering(own_database.relay)
    assert not await numbering.forget()
    await numbering.close()
    kept = await rows(own_database.admin, "select seq from event_log order by seq")
    assert [row["seq"] for row in kept] == [2, 3]
