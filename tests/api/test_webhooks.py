"""Webhooks that come in: proven on the raw body, kept once, applied once. Attacks C5 70 to 73, 75, 76, 78 to 81, 86."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from domains.inbox import Arrivals, Replaying
from domains.shared.errors import Conflict, NotFound
from domains.shared.ids import new_id
from domains.shared.limits import LimitName, Rate, RateLimits
from infra.postgres.database import Database
from infra.postgres.inbox import PostgresInbox, stuck_deliveries
from infra.postgres.routes import PostgresRoutes
from tests.faults.severed import COMMIT, line_to
from tests.support.customers import make_customer
from tests.support.databases import TestDatabase, rows
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.toy_provider import ToyHouse, signed, toy_house
from tests.support.work import CLOCK, work_over


@pytest.fixture
async def toy(database: TestDatabase, tmp_path: Path) -> AsyncIterator[ToyHouse]:
    async with toy_house(database, tmp_path) as running:
        yield running


class Shop:
    """One tenant's integration, and a customer whose tags count effects."""

    def __init__(self, toy: ToyHouse, tenant: Tenant, integration: UUID, customer: str) -> None:
        self.toy = toy
        self.key = str(tenant.id)
        self.tenant = tenant
        self.integration = integration
        self.customer = customer

    def event(self, tag: str = "paid", **fields: Any) -> dict[str, Any]:
        return {"id": f"evt_{tag}", "type": "tagged", "customer": self.customer, "tag": tag, **fields}

    async def deliver(self, event: dict[str, Any]) -> int:
        return (await self.toy.deliver(self.key, self.integration, event)).status_code

    async def gets(self, customer: str) -> None:
        """A customer of this id, as if it had been made only now."""
        await rows(
            self.toy.database.admin,
            "insert into customers"
            " (tenant_id, id, name, emails, phones, addresses, tags, custom, created_at, updated_at)"
            " values ($1, $2, 'Ada', '{}', '{}', '[]', '{}', '{}', now(), now())",
            self.tenant.id,
            UUID(customer),
        )
        self.customer = customer

    async def tags(self) -> list[str]:
        [row] = await rows(self.toy.database.admin, "select tags from customers where id = $1", UUID(self.customer))
        return list(row["tags"])

    async def states(self) -> list[str]:
        found = await rows(
            self.toy.database.admin, "select state from inbox where tenant_id = $1 order by id", self.tenant.id
        )
        return [row["state"] for row in found]


@pytest.fixture
async def shop(house: House, toy: ToyHouse, tenant: Tenant) -> Shop:
    integration = await toy.integrate(tenant.id, str(tenant.id))
    async with house.client(tenant.owner.token) as client:
        return Shop(toy, tenant, integration, (await make_customer(client))["id"])


async def test_a_proven_event_is_kept_as_it_came_and_applied(shop: Shop) -> None:
    body = msgspec.json.encode(shop.event()) + b"  \n"
    answer = await shop.toy.post(shop.key, body, signed(body, shop.integration))
    assert (answer.status_code, await shop.states(), await shop.tags()) == (200, ["received"], [])
    [kept] = await rows(
        shop.toy.database.admin,
        "select body, event_id, now() - received_at as age from inbox where tenant_id = $1",
        shop.tenant.id,
    )
    assert (kept["body"], kept["event_id"], kept["age"] < timedelta(minutes=1)) == (body, "evt_paid", True)
    await shop.toy.work()
    assert (await shop.states(), await shop.tags()) == (["applied"], ["paid"])


async def test_what_is_not_proven_leaves_nothing(shop: Shop, other_tenant: Tenant) -> None:
    theirs = await shop.toy.integrate(other_tenant.id, str(other_tenant.id))
    body = msgspec.json.encode(shop.event())
    reserialised = msgspec.json.format(body, indent=1)
    right = signed(body, shop.integration)
    bad = {
        "no signature": (shop.key, body, None),
        "wrong secret": (shop.key, body, signed(body, "another secret")),
        "another tenant's secret": (shop.key, body, signed(body, theirs)),
        "of another body": (shop.key, reserialised, right),
        "empty body": (shop.key, b"", right),
        "altered": (shop.key, body, right[:-1] + ("0" if right[-1] != "0" else "1")),
        "301 s old": (shop.key, body, signed(body, shop.integration, ago=301)),
        "302 s ahead": (shop.key, body, signed(body, shop.integration, ago=-302)),
        "not a time": (shop.key, body, right.replace("t=", "t=x")),
        "negative": (shop.key, body, right.replace("t=", "t=-")),
        "two times": (shop.key, body, f"t=1,{right}"),
        "unknown key": (str(new_id()), body, right),
        "another tenant's key": (str(other_tenant.id), body, right),
    }
    answers = {name: await shop.toy.post(key, sent, signature) for name, (key, sent, signature) in bad.items()}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(bad, 401)
    bodies = [{**answer.json(), "requestId": "", "timestamp": ""} for answer in answers.values()]
    assert all(body == bodies[0] for body in bodies)
    count = "select count(*) from inbox where tenant_id = any ($1)"
    assert (await rows(shop.toy.database.admin, count, [shop.tenant.id, other_tenant.id]))[0][0] == 0
    assert (await shop.toy.post(shop.key, body, right)).status_code == 200


@pytest.mark.parametrize("ago", [290, -299])
async def test_five_minutes_either_way_are_taken(shop: Shop, ago: int) -> None:
    body = msgspec.json.encode(shop.event())
    assert (await shop.toy.post(shop.key, body, signed(body, shop.integration, ago=ago))).status_code == 200


async def test_while_a_secret_is_replaced_either_is_good(shop: Shop) -> None:
    ours = str(shop.integration)
    for tag, secrets in {"a": ["nobody's", f"old-{ours}"], "b": [ours, "nobody's"]}.items():
        body = msgspec.json.encode(shop.event(tag))
        stamps = [signed(body, secret) for secret in secrets]
        header = ",".join([stamps[0], *(stamp.partition(",")[2] for stamp in stamps[1:])])
        assert (await shop.toy.post(shop.key, body, header)).status_code == 200
    await shop.toy.work()
    assert sorted(await shop.tags()) == ["a", "b"]


async def test_the_same_event_again_is_taken_and_does_nothing(shop: Shop) -> None:
    assert await shop.deliver(shop.event()) == 200
    await shop.toy.work()
    assert [await shop.deliver(shop.event()), await shop.deliver(shop.event(tag="paid", amount=7))] == [200, 200]
    await rows(
        shop.toy.database.admin,
        "update inbox set received_at = received_at - interval '29 days' where tenant_id = $1",
        shop.tenant.id,
    )
    assert await shop.deliver(shop.event()) == 200
    await shop.toy.work()
    assert (await shop.tags(), await shop.states()) == (["paid"], ["applied"])


async def test_two_envelopes_of_one_delivery_have_one_effect(shop: Shop) -> None:
    await shop.deliver(shop.event())
    await rows(
        shop.toy.database.admin, "insert into work.envelopes (tenant_id, id, kind, subject_id, due_at)"
        " select tenant_id, $2, kind, subject_id, due_at from work.envelopes"
        " where tenant_id = $1 and kind = 'inbox.apply'", shop.tenant.id, new_id(),
    )  # fmt: skip
    await shop.toy.work()
    assert (await shop.tags(), await shop.states()) == (["paid"], ["applied"])


async def test_the_same_event_fifty_times_at_once_has_one_effect(shop: Shop) -> None:
    statuses = await asyncio.gather(*(shop.deliver(shop.event()) for _ in range(50)))
    assert set(statuses) == {200}
    await shop.toy.work()
    assert (await shop.tags(), await shop.states()) == (["paid"], ["applied"])


async def test_an_event_of_the_same_id_to_another_tenant_is_another(
    shop: Shop, house: House, other_tenant: Tenant
) -> None:
    theirs = await shop.toy.integrate(other_tenant.id, str(other_tenant.id))
    answer = await shop.toy.deliver(str(other_tenant.id), theirs, shop.event())
    assert (answer.status_code, await shop.deliver(shop.event())) == (200, 200)
    await shop.toy.work()
    assert await shop.tags() == ["paid"], "another tenant's event reaches nothing of ours"
    found = await rows(shop.toy.database.admin, "select state from inbox where tenant_id = $1", other_tenant.id)
    assert [row["state"] for row in found] == ["waiting"]


async def test_an_unknown_type_and_unknown_fields_are_kept(shop: Shop) -> None:
    assert await shop.deliver({"id": "evt_new", "type": "of.next.year", "more": {"than": ["we", "know"]}}) == 200
    assert await shop.deliver(shop.event("b", unknown=1)) == 200
    await shop.toy.work()
    assert (await shop.states(), await shop.tags()) == (["applied", "applied"], ["b"])


async def test_an_event_waits_for_what_it_is_about(shop: Shop, house: House) -> None:
    event = shop.event() | {"customer": str(new_id())}
    assert await shop.deliver(event) == 200
    await shop.toy.work()
    assert await shop.states() == ["waiting"]
    await shop.gets(event["customer"])
    await shop.toy.work()
    assert await shop.tags() == [], "its next try is a minute away"
    pool = Database(shop.toy.database.app, size=1)
    work = work_over(pool, shop.tenant.id)
    async with work:
        await Arrivals(PostgresInbox(work), CLOCK, work).tell(f"customer:{shop.customer}")
    await pool.close()
    await shop.toy.work()
    assert (await shop.tags(), await shop.states()) == (["paid"], ["applied"])


async def test_what_never_comes_is_stranded_after_three_days_shown_and_replayed(shop: Shop) -> None:
    event = shop.event() | {"customer": str(new_id())}
    admin, tenant = shop.toy.database.admin, shop.tenant.id
    await shop.deliver(event)
    await rows(admin, "update inbox set received_at = received_at - interval '3 days' where tenant_id = $1", tenant)
    await shop.toy.work()
    assert await shop.states() == ["stranded"]
    relaying = Database(shop.toy.database.relay, size=1)
    [stuck] = [each for each in await stuck_deliveries(relaying, most=100) if each.tenant == tenant]
    assert stuck.state == "stranded"
    await shop.gets(event["customer"])
    await replay(shop, stuck.id)
    await shop.toy.work()
    assert (await shop.tags(), await shop.states()) == (["paid"], ["applied"])
    assert [each for each in await stuck_deliveries(relaying, most=100) if each.tenant == tenant] == []
    await relaying.close()


async def replay(shop: Shop, delivery: UUID, *, again: bool = False) -> None:
    pool = Database(shop.toy.database.app, size=1)
    work = work_over(pool, shop.tenant.id)
    try:
        await Replaying(PostgresInbox(work), CLOCK, work).replay(delivery, again=again)
    finally:
        await pool.close()


async def test_a_replay_of_what_was_applied_is_refused_unless_it_is_wanted(shop: Shop) -> None:
    await shop.deliver(shop.event())
    await shop.toy.work()
    [row] = await rows(shop.toy.database.admin, "select id from inbox where tenant_id = $1", shop.tenant.id)
    with pytest.raises(Conflict):
        await replay(shop, row["id"])
    with pytest.raises(NotFound):
        await replay(shop, new_id())
    await shop.toy.work()
    assert await shop.tags() == ["paid"]
    await replay(shop, row["id"], again=True)
    await shop.toy.work()
    assert await shop.tags() == ["paid", "paid"]
    noted = await rows(
        shop.toy.database.admin, "select subject_id from audit_log where action = 'webhook.replayed'"
        " and tenant_id = $1", shop.tenant.id,
    )  # fmt: skip
    assert [each["subject_id"] for each in noted] == [row["id"]]


async def test_one_that_cannot_be_applied_blocks_no_other(shop: Shop) -> None:
    await shop.deliver({"id": "evt_boom", "type": "boom"})
    await shop.deliver(shop.event())
    await shop.toy.work()
    assert (await shop.tags(), await shop.states()) == (["paid"], ["received", "applied"])
    await rows(
        shop.toy.database.admin, "update work.envelopes set parked_at = now() where kind = 'inbox.apply'"
        " and tenant_id = $1", shop.tenant.id,
    )  # fmt: skip
    relaying = Database(shop.toy.database.relay, size=1)
    [stuck] = [each for each in await stuck_deliveries(relaying, most=100) if each.tenant == shop.tenant.id]
    assert stuck.state == "parked"
    await replay(shop, stuck.id)
    assert [each for each in await stuck_deliveries(relaying, most=100) if each.tenant == shop.tenant.id] == []
    await relaying.close()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"id": "a", "id": "b"}', 400),
        (b'{"id": "\\u0000"}', 400),
        (b'{"id": ""}', 400),
        (b'{"id": "%s"}' % (b"x" * 256), 400),
        (b"not json", 400),
        (b"\xff\xfe", 400),
        (b'{"id": "%s"}' % (b"x" * 1_048_576), 413),
    ],
)
async def test_a_proven_body_that_cannot_be_read_is_refused(shop: Shop, body: bytes, status: int) -> None:
    assert (await shop.toy.post(shop.key, body, signed(body, shop.integration))).status_code == status
    if status == 400:
        unproven = await shop.toy.post(shop.key, body, signed(body, "nobody"))
        assert unproven.status_code == 401, "nothing is parsed before it is proven"
    assert await shop.states() == []
    assert await shop.deliver(shop.event()) == 200


@pytest.mark.parametrize("headers", [{"content-type": "text/plain"}, {"content-encoding": "gzip"}])
async def test_another_type_and_a_packed_body_are_refused(shop: Shop, headers: dict[str, str]) -> None:
    body = msgspec.json.encode(shop.event())
    assert (await shop.toy.post(shop.key, body, signed(body, shop.integration), **headers)).status_code == 415
    assert await shop.states() == []
    assert (await shop.toy.post(shop.key, body, signed(body, shop.integration))).status_code == 200


async def test_only_refusals_count_against_the_sender(database: TestDatabase, tmp_path: Path, shop: Shop) -> None:
    limits = RateLimits({LimitName.ANONYMOUS: (Rate(3, 60),)})
    async with toy_house(database, tmp_path, limits=limits) as toy:
        shop.toy = toy
        assert [await shop.deliver(shop.event(str(n))) for n in range(6)] == [200] * 6
        refused = [(await toy.post(shop.key, b"{}", "t=1,v1=0")).status_code for _ in range(4)]
        assert refused == [401, 401, 401, 429]
        assert await shop.deliver(shop.event("late")) == 429


@pytest.mark.parametrize(("cut", "kept"), [("cut_before", 0), ("cut_after", 1)])
async def test_a_commit_that_is_cut_off_is_made_good_by_the_providers_next_try(
    database: TestDatabase, tmp_path: Path, shop: Shop, cut: str, kept: int
) -> None:
    body = msgspec.json.encode(shop.event())
    async with line_to(database.app) as (line, near):
        cuts = [partial(getattr(line, cut), COMMIT)]
        severed = msgspec.structs.replace(database, app=near)
        async with toy_house(severed, tmp_path, proven=lambda: cuts.pop()() if cuts else None) as toy:
            answer = await toy.post(shop.key, body, signed(body, shop.integration))
            assert len(await shop.states()) == kept
            assert (await toy.post(shop.key, body, signed(body, shop.integration))).status_code == 200
    assert (answer.status_code, answer.headers["retry-after"], line.cuts) == (503, "1", 1)
    await shop.toy.work()
    assert (await shop.tags(), await shop.states()) == (["paid"], ["applied"])


async def test_a_key_leads_to_one_tenant_who_alone_may_take_it_away(
    database: TestDatabase, tenant: Tenant, other_tenant: Tenant
) -> None:
    pool = Database(database.app, size=1)
    ours, theirs = work_over(pool, tenant.id), work_over(pool, other_tenant.id)
    number, subject = f"+1{new_id().int % 10**10}", new_id()
    async with ours:
        assert await PostgresRoutes(ours).add("number", number, subject)
    async with theirs:
        assert not await PostgresRoutes(theirs).add("number", number, new_id())
        assert not await PostgresRoutes(theirs).remove("number", number)
        assert await PostgresRoutes(theirs).find("webhook:toy", number) is None
        found = await PostgresRoutes(theirs).find("number", number)
    assert found is not None
    assert (found.tenant, found.subject) == (tenant.id, subject)
    async with ours:
        assert await PostgresRoutes(ours).remove("number", number)
        assert await PostgresRoutes(ours).find("number", number) is None
    await pool.close()
