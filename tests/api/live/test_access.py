"""What ends, ends within a second on every process, for requests and for what is open. Attacks C3 49 to 51."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import asyncpg
import pytest

from domains.shared.ids import new_id
from domains.shared.permissions import Role
from infra.postgres.access_feed import CHANGED
from tests.support.house import House
from tests.support.live import ApiProcess
from tests.support.people import Person, Tenant, another_session
from tests.support.soon import becomes, in_time
from tests.support.stories import inspector


async def status(process: ApiProcess, token: str, path: str = "/auth/me") -> int:
    async with process.client(token) as client:
        return (await client.get(path)).status_code


async def ends_session(admin: asyncpg.Connection, person: Person) -> None:
    await admin.execute("delete from directory.sessions where id = $1", person.session)


async def runs_out(admin: asyncpg.Connection, person: Person) -> None:
    await admin.execute("update directory.sessions set expires_at = now() where id = $1", person.session)


async def suspends(admin: asyncpg.Connection, person: Person) -> None:
    await admin.execute("update directory.memberships set suspended_at = now() where user_id = $1", person.user)


async def removes(admin: asyncpg.Connection, person: Person) -> None:
    await admin.execute("delete from directory.memberships where user_id = $1", person.user)


async def suspends_tenant(admin: asyncpg.Connection, person: Person) -> None:
    await admin.execute(
        "update directory.tenants set suspended_at = now() where id ="
        " (select tenant_id from directory.memberships where user_id = $1)",
        person.user,
    )


ENDS = [ends_session, runs_out, suspends, removes, suspends_tenant]


@pytest.mark.breaks_invariants("a membership without its user")
@pytest.mark.parametrize("end", ENDS)
async def test_it_ends_on_every_process_within_a_second(
    process: ApiProcess, second: ApiProcess, house: House, shop: Tenant, end: Any
) -> None:
    person, other = shop.people[Role.STAFF], shop.people[Role.MEMBER]
    for each in (process, second):
        assert [await status(each, person.token) for _ in range(2)] == [200, 200]
    async with inspector(house) as admin:
        await end(admin, person)
    await asyncio.gather(*(becomes(401, partial(status, each, person.token)) for each in (process, second)))
    expected = 401 if end is suspends_tenant else 200
    assert [await status(each, other.token) for each in (process, second)] == [expected] * 2


@pytest.mark.breaks_invariants("a membership without its user")
@pytest.mark.parametrize("end", ENDS)
async def test_what_is_open_closes_within_a_second(second: ApiProcess, house: House, shop: Tenant, end: Any) -> None:
    person, other = shop.people[Role.STAFF], shop.people[Role.OWNER]
    async with second.ear(person.token) as ear, second.ear(other.token) as others:
        async with inspector(house) as admin:
            await end(admin, person)
        assert await ear.closed(within=1) == (4401, "session_ended")
        if end is not suspends_tenant:
            async with second.client(other.token) as client:
                await client.post("/customers", json={"name": "Grace"})
            assert (await others.next())["event"] == "customer:changed"


@pytest.mark.breaks_invariants("a role that was changed in one place only")
async def test_a_role_changes_on_every_process_within_a_second(
    process: ApiProcess, second: ApiProcess, house: House, shop: Tenant
) -> None:
    person = shop.people[Role.STAFF]
    for role, expected in ((Role.MEMBER, 403), (Role.ADMIN, 200), (Role.MEMBER, 403)):
        async with inspector(house) as admin:
            await admin.execute("update directory.memberships set role = $1 where user_id = $2", role, person.user)
        for each in (process, second):
            await becomes(expected, partial(status, each, person.token, "/customers"))
    assert [await status(each, person.token) for each in (process, second)] == [200, 200]


async def test_whoever_logs_out_here_is_out_there_at_once(
    process: ApiProcess, second: ApiProcess, house: House, shop: Tenant
) -> None:
    person = await another_session(house, shop.owner)
    for each in (process, second):
        assert await status(each, person.token) == 200
    async with second.ear(person.token) as ear:
        async with process.client(person.token) as client:
            assert (await client.post("/auth/logout")).status_code == 204
            assert (await client.get("/auth/me")).status_code == 401
        await becomes(401, lambda: status(second, person.token))
        assert await ear.closed(within=1) == (4401, "session_ended")
    assert await status(second, shop.owner.token) == 200


async def test_a_revoked_key_is_out_on_every_process_with_its_streams(
    process: ApiProcess, second: ApiProcess, shop: Tenant
) -> None:
    async with process.client(shop.owner.token) as client:
        key = (await client.post("/api-keys", json={"name": "K", "scopes": ["profile:read", "customers:read"]})).json()
        assert await status(second, key["key"], "/customers") == 200
        async with _stream(second, key["key"]) as lines:
            assert await anext(lines) == "event: ready"
            assert (await client.delete(f"/api-keys/{key['id']}")).status_code == 204
            async with in_time(1):
                rest = [line async for line in lines]
        assert not any("customer:changed" in line for line in rest)
    await becomes(401, lambda: status(second, key["key"], "/customers"))
    assert await status(process, key["key"], "/customers") == 401


async def test_without_any_notification_it_still_ends_within_a_second(
    second: ApiProcess, house: House, shop: Tenant
) -> None:
    """Only the look, twice a second, is left: the change is made where nobody tells of it."""
    assert await status(second, shop.owner.token) == 200
    heard: list[str] = []
    async with inspector(house) as admin:
        await admin.add_listener(CHANGED, lambda *said: heard.append(str(said)))
        await ends_session(admin, shop.owner)
        await becomes(401, lambda: status(second, shop.owner.token))
    assert heard == []


async def test_while_changes_cannot_be_read_the_database_is_asked(
    second: ApiProcess, house: House, shop: Tenant
) -> None:
    """Its connection is killed whenever it comes back: nothing that a process remembers is believed for long."""
    person, other = shop.owner, shop.people[Role.ADMIN]
    assert await status(second, person.token) == 200
    async with inspector(house) as admin:
        killing = asyncio.create_task(_kill_feeds(admin))
        async with inspector(house) as another:
            await ends_session(another, person)
        await becomes(401, lambda: status(second, person.token), within=1.1)
        assert await status(second, other.token) == 200
        killing.cancel()
        await asyncio.gather(killing, return_exceptions=True)
    assert await status(second, other.token) == 200


async def test_a_session_that_never_was_is_refused_everywhere(process: ApiProcess, second: ApiProcess) -> None:
    token = f"fd_live_{new_id().hex}"
    assert [await status(each, token) for each in (process, second)] == [401, 401]


async def _kill_feeds(admin: asyncpg.Connection) -> None:
    for _ in range(1000):
        await admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
            " and query ~ 'frontdesk_access|access_changes_since' and pid <> pg_backend_pid()"
        )
        await asyncio.sleep(0.01)


@asynccontextmanager
async def _stream(process: ApiProcess, token: str) -> AsyncIterator[AsyncIterator[str]]:
    async with process.client(token) as client, client.stream("GET", "/events/stream") as answer:
        assert answer.status_code == 200

        async def events() -> AsyncIterator[str]:
            async for line in answer.aiter_lines():
                if line.startswith("event:"):
                    yield line

        yield events()
