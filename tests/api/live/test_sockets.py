"""`GET /ws`: who gets in, what is heard, and what is refused. Attacks 39, 47, 50 to 52, 148."""

import asyncio
import contextlib
import json
import logging
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from domains.shared.permissions import Role
from tests.support.customers import make_customer
from tests.support.databases import rows
from tests.support.house import House
from tests.support.live import ORIGIN, ApiProcess, Ear
from tests.support.people import Person, Tenant
from tests.support.soon import until


async def auth(connection: object, token: str) -> Ear:
    ear = Ear(connection)  # type: ignore[arg-type]  # any client connection
    await ear.say({"event": "auth", "data": {"token": token}})
    return ear


async def test_a_change_is_heard_with_ids_and_numbers_only(process: ApiProcess, shop: Tenant) -> None:
    person = shop.people[Role.STAFF]
    async with process.ear(person.token) as ear, process.client(shop.owner.token) as client:
        assert ear.ready["data"] == {
            "userId": str(person.user),
            "sessionId": ear.ready["data"]["sessionId"],
            "lastId": 0,
        }
        made = await make_customer(client)
        first = await ear.next()
        await client.patch(f"/customers/{made['id']}", json={"name": "Grace"})
        second = await ear.next()
        await client.delete(f"/customers/{made['id']}")
        third = await ear.next()
    assert first == {
        "id": 1, "event": "customer:changed", "data": {"id": made["id"], "version": 1, "change": "created"}
    }  # fmt: skip
    assert [frame["data"]["change"] for frame in (second, third)] == ["updated", "archived"]
    assert [frame["id"] for frame in (second, third)] == [2, 3]


async def test_only_roles_that_may_read_customers_hear_of_them(process: ApiProcess, shop: Tenant) -> None:
    async with (
        process.ear(shop.people[Role.MEMBER].token) as member,
        process.ear(shop.people[Role.ADMIN].token) as admin,
        process.client(shop.owner.token) as client,
    ):
        await make_customer(client)
        assert (await admin.next())["event"] == "customer:changed"
        await member.has_heard_nothing()


async def test_another_tenant_hears_nothing(process: ApiProcess, shop: Tenant, other_tenant: Tenant) -> None:
    async with (
        process.ear(other_tenant.owner.token) as stranger,
        process.ear(shop.owner.token) as own,
        process.client(shop.owner.token) as client,
        process.client(other_tenant.owner.token) as stranger_client,
    ):
        for _ in range(5):
            await make_customer(client)
        assert len(await own.many(5)) == 5
        theirs = await make_customer(stranger_client)
        assert (await stranger.next())["data"]["id"] == theirs["id"]


async def test_a_ticket_opens_one_socket(process: ApiProcess, shop: Tenant) -> None:
    ticket = await process.ticket(shop.owner.token)
    async with process.raw(f"?ticket={ticket}") as connection:
        assert (await Ear(connection).next())["event"] == "ready"
    async with process.raw(f"?ticket={ticket}") as connection:
        ear = Ear(connection)
        assert (await ear.next())["data"] == {"code": "unauthenticated"}
        assert await ear.closed() == (4401, "unauthenticated")


async def test_of_many_who_use_a_ticket_at_once_one_gets_in(process: ApiProcess, shop: Tenant) -> None:
    ticket = await process.ticket(shop.owner.token)

    async def tried() -> str:
        async with process.raw(f"?ticket={ticket}") as connection:
            return str((await Ear(connection).next())["event"])

    heard = await asyncio.gather(*(tried() for _ in range(8)))
    assert sorted(heard) == ["error"] * 7 + ["ready"]


async def test_a_ticket_is_good_for_30_seconds_and_stored_as_a_digest(
    process: ApiProcess, shop: Tenant, house: House
) -> None:
    async with process.client(shop.owner.token) as client:
        answer = await client.post("/ws/ticket", headers={"Idempotency-Key": "ignored"})
        again = await client.post("/ws/ticket", headers={"Idempotency-Key": "ignored"})
    ticket = answer.json()["ticket"]
    assert ticket != again.json()["ticket"]
    remaining = datetime.fromisoformat(answer.json()["expiresAt"]) - datetime.now(UTC)
    assert timedelta(seconds=25) < remaining <= timedelta(seconds=31)
    assert ticket.encode() not in [row["digest"] for row in await rows(house.database.admin, "table directory.tickets")]
    await rows(house.database.admin, "update directory.tickets set expires_at = now() - interval '1 second'")
    async with process.raw(f"?ticket={ticket}") as connection:
        assert await Ear(connection).closed() == (4401, "unauthenticated")


async def test_a_ticket_is_no_access_token_nor_the_reverse(process: ApiProcess, shop: Tenant) -> None:
    async with process.client(await process.ticket(shop.owner.token)) as client:
        assert (await client.get("/auth/me")).status_code == 401
    async with process.raw(f"?ticket={shop.owner.token}") as connection:
        assert await Ear(connection).closed() == (4401, "unauthenticated")


async def test_a_token_in_the_first_frame_lets_in(process: ApiProcess, shop: Tenant) -> None:
    async with process.raw() as connection:
        ear = await auth(connection, shop.owner.token)
        assert (await ear.next())["data"]["userId"] == str(shop.owner.user)


@pytest.mark.parametrize(
    "first", ['{"event":"auth","data":{"token":"no token"}}', '{"event":"resume","data":{"lastId":0}}', "[]", '{"a":']
)
async def test_any_other_first_frame_does_not(process: ApiProcess, shop: Tenant, first: str) -> None:
    async with process.raw() as connection:
        await connection.send(first)
        assert await Ear(connection).closed() == (4401, "unauthenticated")


async def test_who_says_nothing_is_closed_within_five_seconds(process: ApiProcess) -> None:
    async with process.raw() as connection:
        assert await Ear(connection).closed(within=6) == (4401, "unauthenticated")


@pytest.mark.parametrize("query", ["?token={}", "?access_token={}", "?ticket=a&token={}", "?ticket=a&ticket={}"])
async def test_a_token_in_the_address_is_refused(process: ApiProcess, shop: Tenant, query: str) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        async with process.raw(query.format(shop.owner.token)):
            raise AssertionError
    assert refusal.value.response.status_code == 403


@pytest.mark.parametrize("origin", ["https://evil.example.com", "null", "http://app.example.com", f"{ORIGIN}.evil.com"])
async def test_a_foreign_page_is_refused(process: ApiProcess, shop: Tenant, origin: str) -> None:
    ticket = await process.ticket(shop.owner.token)
    with pytest.raises(InvalidStatus):
        async with process.raw(f"?ticket={ticket}", origin=origin):
            raise AssertionError
    async with process.raw(f"?ticket={ticket}", origin=ORIGIN) as connection:
        assert (await Ear(connection).next())["event"] == "ready"


async def test_no_ticket_is_in_the_logs(
    process: ApiProcess, shop: Tenant, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    ticket = await process.ticket(shop.owner.token)
    with caplog.at_level(logging.DEBUG):
        async with process.raw(f"?ticket={ticket}") as connection:
            await Ear(connection).next()
        async with process.raw(f"?ticket={ticket}") as connection:
            await Ear(connection).closed()
    own = [record.getMessage() for record in caplog.records if not record.name.startswith("websockets.client")]
    assert ticket not in "".join([*own, *capfd.readouterr()])


async def test_what_is_not_understood_gets_an_error_and_the_fifth_closes(process: ApiProcess, shop: Tenant) -> None:
    async with process.ear(shop.owner.token) as ear:
        await ear.say({"event": "message:shout", "ref": "r1"})
        assert await ear.next() == {"event": "error", "data": {"code": "unknown_event"}, "ref": "r1"}
        await ear.say({"event": "resume", "data": {"lastId": "1"}, "ref": 7})
        assert await ear.next() == {"event": "error", "data": {"code": "validation_error"}, "ref": 7}
        for bad in ("[" * 10_000, '{"event":"resume","data":{"lastId":0},"more":1}'):
            await ear.connection.send(bad)
            assert await ear.next() == {"event": "error", "data": {"code": "validation_error"}}
        await ear.connection.send("no JSON")
        assert await ear.closed() == (1008, "too_many_bad_frames")


async def test_frames_have_a_size_and_are_text(process: ApiProcess, shop: Tenant) -> None:
    fits = json.dumps({"event": "x", "data": "y" * 65_000})
    async with process.ear(shop.owner.token) as ear:
        await ear.connection.send(fits)
        assert (await ear.next())["event"] == "error"
        await ear.connection.send("z" * 65_537)
        assert (await ear.closed())[0] == 1009
    async with process.ear(shop.owner.token) as ear:
        await ear.connection.send(b"{}")
        assert await ear.closed() == (1003, "text_only")
    async with process.ear(shop.owner.token) as ear:
        await ear.connection.send(b'{"event":"\xff"}', text=True)
        assert (await ear.closed())[0] == 1007


async def test_a_frame_in_very_many_pieces_is_refused(process: ApiProcess, shop: Tenant) -> None:
    async with process.ear(shop.owner.token) as ear:
        with contextlib.suppress(ConnectionClosed):
            await ear.connection.send("" for _ in range(5_000))
        assert (await ear.closed())[0] == 1009


async def test_ten_are_open_at_most_and_one_that_closes_makes_room(process: ApiProcess, shop: Tenant) -> None:
    async with AsyncExitStack() as others:
        for _ in range(9):
            await others.enter_async_context(process.ear(shop.owner.token))
        async with process.ear(shop.owner.token), process.ear(shop.people[Role.STAFF].token):
            async with process.raw(f"?ticket={await process.ticket(shop.owner.token)}") as connection:
                ear = Ear(connection)
                assert (await ear.next())["data"] == {"code": "rate_limited"}
                assert await ear.closed() == (4429, "rate_limited")
            async with process.client(shop.owner.token) as client:
                assert (await client.get("/events/stream")).status_code == 429
        turnstile = (await process.hub())._turnstile
        await until(lambda: turnstile.open_of(shop.owner.user) == 9, within=5)
        async with process.ear(shop.owner.token):
            pass


@pytest.mark.parametrize("role", [Role.OWNER, Role.MEMBER])
async def test_a_session_that_ends_closes_its_socket_within_a_second(
    process: ApiProcess, shop: Tenant, house: House, role: Role
) -> None:
    async with process.ear(shop.people[role].token) as ear, process.ear(shop.people[Role.STAFF].token) as other:
        ended = "update directory.sessions set expires_at = now() where id = $1 returning id"
        await rows(house.database.admin, ended, ear.ready["data"]["sessionId"])
        assert await ear.closed(within=1) == (4401, "session_ended")
        await other.has_heard_nothing()


async def known_as(process: ApiProcess, person: Person, role: Role) -> None:
    """Wait until the person's socket counts for `role`: a second at most."""
    [own] = [each for each in (await process.hub())._subscribers() if each.actor.user == person.user]
    await until(lambda: own.actor.role is role, within=1)


async def test_a_lost_role_is_not_heard_with_a_second_later(process: ApiProcess, shop: Tenant, house: House) -> None:
    person = shop.people[Role.STAFF]
    lower = "update directory.memberships set role = $2 where user_id = $1"
    async with (
        process.ear(person.token) as ear,
        process.ear(shop.owner.token) as owner,
        process.client(shop.owner.token) as client,
    ):
        admin = await asyncpg.connect(house.database.admin)
        try:
            await admin.execute(lower, person.user, "member")
            await known_as(process, person, Role.MEMBER)
            await make_customer(client)
            assert (await owner.next())["id"] == 1
            await ear.has_heard_nothing()
            await admin.execute(lower, person.user, "staff")
            await known_as(process, person, Role.STAFF)
            await make_customer(client)
            assert (await ear.next())["id"] == 2
        finally:
            await admin.close()
