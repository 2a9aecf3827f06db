"""Letters are written down, taken once, and raised where nobody can tell. Attack 204, architecture 4."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from domains.letters import RaisedLetters
from domains.shared.clock import Clock
from domains.shared.errors import Conflict
from domains.shared.ids import new_id
from domains.shared.vendors import TryLater
from frontdesk.callers import Caller
from infra.postgres.clock import BusinessClock
from infra.postgres.database import Database
from infra.postgres.recording import Origin
from infra.postgres.unsettled import in_doubt, unsettled
from tests.support.databases import TestDatabase
from tests.support.house import House
from tests.support.letters import TO, Mood, MoodyServer, moody_server
from tests.support.people import new_tenant
from tests.support.post_office import PostOffice, a_tenant, post_office
from tests.support.soon import becomes, until

CODE = {"displayName": "Grace", "tenantName": "Harbor", "code": "123456"}


@pytest.fixture
async def server() -> AsyncIterator[MoodyServer]:
    async with moody_server() as moody:
        yield moody


@pytest.fixture
async def office(own_database: TestDatabase, server: MoodyServer) -> AsyncIterator[PostOffice]:
    async with post_office(own_database, server.url) as running:
        yield running


async def test_a_letter_is_written_down_delivered_once_and_its_words_erased(
    office: PostOffice, server: MoodyServer
) -> None:
    tenant, envelope = a_tenant()
    await office.send(tenant, envelope)
    assert await office.states(tenant) == [("pending", None, True)]
    assert server.taken.total() == 0
    await office.work()
    assert await office.states(tenant) == [("done", None, False)]
    assert server.taken == {TO: 1}
    [letter] = await office.rows("select id from letters where tenant_id = $1", tenant)
    assert server.message_ids == [f"<{letter['id']}@example.com>"]


async def test_one_envelope_sends_a_letter_once_however_often_it_is_done(
    office: PostOffice, server: MoodyServer
) -> None:
    tenant, envelope = a_tenant()
    await asyncio.gather(*(office.send(tenant, envelope) for _ in range(3)))
    await office.work()
    await office.send(tenant, envelope)
    await office.work()
    assert server.taken == {TO: 1}
    await office.send(tenant, envelope, to="other@example.com")
    await office.send(tenant, new_id())
    await office.work()
    assert server.taken == {TO: 2, "other@example.com": 1}


async def test_secret_words_are_stored_nowhere_and_such_a_letter_may_be_repeated(
    office: PostOffice, server: MoodyServer
) -> None:
    tenant, envelope = a_tenant()

    async def is_put_off() -> None:
        server.mood = Mood.REFUSES_NOW
        with pytest.raises(TryLater):
            await office.send(tenant, envelope, "verification_code", **CODE)
        assert await office.states(tenant) == [("pending", "451 4.7.1", False)]
        server.mood = Mood.TAKES

    await is_put_off()
    await office.send(tenant, envelope, "verification_code", **CODE)
    assert (await office.states(tenant), server.taken) == ([("done", None, False)], {TO: 1})
    await is_put_off()
    await office.send(tenant, envelope, "verification_code", **{**CODE, "code": "654321"})
    assert server.taken == {TO: 2}
    [row] = await office.rows("select to_jsonb(letters)::text as all from letters where tenant_id = $1", tenant)
    assert "123456" not in row["all"]
    assert "654321" not in row["all"]


async def test_a_secret_letter_in_doubt_is_sent_again_but_not_for_ever(office: PostOffice, server: MoodyServer) -> None:
    tenant, envelope = a_tenant()
    server.mood = Mood.LEAVES_AFTER_THE_DOT
    for _ in range(2):
        with pytest.raises(TryLater):
            await office.send(tenant, envelope, "verification_code", **CODE)
    await office.send(tenant, envelope, "verification_code", **CODE)
    assert (await office.states(tenant), await office.raised(tenant)) == ([("unknown", None, False)], ["unknown"])
    assert server.taken == {TO: 3}


@pytest.mark.parametrize("mood", [Mood.REFUSES, Mood.REFUSES_THE_MESSAGE])
async def test_what_is_refused_for_good_has_failed_and_is_shown(
    office: PostOffice, server: MoodyServer, own_database: TestDatabase, mood: Mood
) -> None:
    tenant, envelope = a_tenant()
    server.mood = mood
    await office.send(tenant, envelope)
    await office.work()
    await office.let_time_pass(tenant)
    await office.work()
    [(state, told, has_words)] = await office.states(tenant)
    assert (state, str(told)[:2], has_words) == ("failed", "55", False)
    relaying = Database(own_database.relay, size=1)
    [shown] = await unsettled(relaying, "mail", most=10)
    assert (shown.tenant, shown.state, await in_doubt(relaying)) == (tenant, "failed", 0)
    await relaying.close()
    assert server.asked == {TO: 1} or mood is Mood.REFUSES_THE_MESSAGE


@pytest.mark.parametrize("mood", [Mood.REFUSES_NOW, Mood.REFUSES_US, Mood.LEAVES_BEFORE_DATA])
async def test_what_is_not_taken_now_is_tried_later_until_it_is(
    office: PostOffice, server: MoodyServer, mood: Mood
) -> None:
    tenant, envelope = a_tenant()
    server.mood = mood
    await office.send(tenant, envelope)
    for _ in range(3):
        await office.work()
        await office.let_time_pass(tenant)
    [(state, _, has_words)] = await office.states(tenant)
    assert (state, has_words, server.taken.total()) == ("pending", True, 0)
    assert await office.raised(tenant) == []
    server.mood = Mood.TAKES
    await office.work()
    assert (await office.states(tenant), server.taken) == ([("done", None, False)], {TO: 1})


async def test_the_next_try_comes_later_and_later_and_ends_after_a_day(office: PostOffice, server: MoodyServer) -> None:
    tenant, envelope = a_tenant()
    server.mood = Mood.REFUSES_NOW
    await office.send(tenant, envelope)
    waits = []
    for _ in range(3):
        await office.work()
        [row] = await office.rows(
            "select due_at - now() as wait from work.envelopes where tenant_id = $1 and kind = 'letters.deliver'",
            tenant,
        )
        waits.append(row["wait"])
        await office.let_time_pass(tenant)
    assert [round(wait / timedelta(seconds=10)) for wait in waits] == [1, 2, 4]
    await office.rows("update letters set prepared_at = now() - interval '25 hours' where tenant_id = $1", tenant)
    await office.work()
    assert await office.states(tenant) == [("failed", "too_late", False)]
    assert await office.raised(tenant) == ["failed"]


async def test_a_letter_whose_answer_is_lost_is_not_sent_again_but_raised(
    office: PostOffice, server: MoodyServer, own_database: TestDatabase
) -> None:
    tenant, envelope = a_tenant()
    server.mood = Mood.LEAVES_AFTER_THE_DOT
    await office.send(tenant, envelope)
    await office.work()
    server.mood = Mood.TAKES
    await office.let_time_pass(tenant)
    await office.send(tenant, envelope)
    await office.work()
    assert server.taken == {TO: 1}
    assert (await office.states(tenant), await office.raised(tenant)) == ([("unknown", None, True)], ["unknown"])
    relaying = Database(own_database.relay, size=1)
    assert await in_doubt(relaying) == 1
    await relaying.close()


async def decide(office: PostOffice, tenant: object, verb: str) -> None:
    caller = Caller(tenant=tenant, origin=Origin("operator"))  # type: ignore[arg-type]  # a UUID of `a_tenant`
    async with office.container(context={Caller: caller, Clock: await office.container.get(BusinessClock)}) as scope:
        [row] = await office.rows("select id from letters where tenant_id = $1", tenant)
        await getattr(await scope.get(RaisedLetters), verb)(row["id"])


@pytest.mark.breaks_invariants("a tenant that nobody founded")
@pytest.mark.parametrize(("verb", "taken", "state"), [("resend", 2, "done"), ("dismiss", 1, "failed")])
async def test_an_operator_decides_about_a_letter_in_doubt_once(
    office: PostOffice, server: MoodyServer, verb: str, taken: int, state: str
) -> None:
    tenant, envelope = a_tenant()
    server.mood = Mood.LEAVES_AFTER_THE_DOT
    await office.send(tenant, envelope)
    with pytest.raises(Conflict):
        await decide(office, tenant, verb)
    await office.work()
    server.mood = Mood.TAKES
    await decide(office, tenant, verb)
    await office.work()
    assert server.taken.total() == taken
    [(found, _, has_words)] = await office.states(tenant)
    assert (found, has_words, await office.raised(tenant)) == (state, False, [])
    with pytest.raises(Conflict):
        await decide(office, tenant, verb)
    noted = await office.rows("select action from audit_log where tenant_id = $1", tenant)
    assert [row["action"] for row in noted] == ["letter.resent" if verb == "resend" else "letter.dismissed"]


async def test_a_slow_server_holds_four_places_and_others_go_on(office: PostOffice, server: MoodyServer) -> None:
    server.mood = Mood.IS_SLOW
    tenants = [a_tenant() for _ in range(8)]
    for tenant, envelope in tenants:
        await office.send(tenant, envelope)
    working = asyncio.create_task(office.relay.once())

    async def busy() -> int:
        return sum([state == "busy" for tenant, _ in tenants for _, state, _ in await office.states(tenant)])

    await until(lambda: server.at_once == 4, within=10)
    await becomes(4, busy, within=10)
    assert server.most_at_once == 4
    server.open.set()
    await working
    assert server.taken.total() == 4


async def test_a_dead_server_is_left_alone_for_a_while(own_database: TestDatabase) -> None:
    async with post_office(own_database, "smtp://127.0.0.1:1") as office:
        tenant, envelope = a_tenant()
        await office.send(tenant, envelope)
        reasons = []
        for _ in range(8):
            await office.work()
            reasons += [told for _, told, _ in await office.states(tenant)]
            await office.let_time_pass(tenant)
    assert reasons == ["SMTPConnectError"] * 6 + ["resting"] * 2


async def test_the_language_is_the_persons_then_the_tenants_then_english(house: House, office: PostOffice) -> None:
    found = {}
    tenant = await new_tenant(house)
    async with post_office(house.database, "smtp://127.0.0.1:1") as here:
        await here.rows(
            "update tenants set locale = 'es-MX', timezone = 'America/Lima' where tenant_id = $1", tenant.id
        )
        await here.send(tenant.id, new_id())
        [row] = await here.rows("select language, timezone from letters where tenant_id = $1", tenant.id)
        found["tenant"] = tuple(row)
        nobody, envelope = a_tenant()
        await here.send(nobody, envelope)
        [row] = await here.rows("select language, timezone from letters where tenant_id = $1", nobody)
        found["english"] = tuple(row)
    assert found == {"tenant": ("es", "America/Lima"), "english": ("en", "UTC")}


async def test_letters_are_forgotten_after_a_month(office: PostOffice, server: MoodyServer) -> None:
    tenant, envelope = a_tenant()
    server.mood = Mood.LEAVES_AFTER_THE_DOT
    await office.send(tenant, envelope)
    await office.work()
    assert await office.raised(tenant) == ["unknown"]
    due = await office.rows("select due_at - now() as left from work.envelopes where kind = 'letters.forget'")
    assert timedelta(days=29) < due[0]["left"] <= timedelta(days=30)
    await office.rows("update work.envelopes set due_at = now() where tenant_id = $1", tenant)
    await office.work()
    assert (await office.states(tenant), await office.raised(tenant)) == ([], [])


async def test_a_letter_without_an_envelope_is_refused(office: PostOffice) -> None:
    tenant, _ = a_tenant()
    with pytest.raises(RuntimeError, match="sent for an envelope"):
        await office.send(tenant, None)  # type: ignore[arg-type]  # what a request would do
    assert await office.states(tenant) == []
