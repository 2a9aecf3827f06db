"""What always holds in the database: each invariant sees what breaks it, and nothing in a database that is whole."""

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from domains.shared.ids import new_id
from frontdesk.invariants import KINDS
from infra.postgres.invariants import INVARIANTS, findings, question
from tests.support.calendar_server import busy_from, calendar_of, calendar_server, imported
from tests.support.calendars import new_desk
from tests.support.customers import make_customer
from tests.support.databases import Databases, TestDatabase
from tests.support.days import TEN, at, instant
from tests.support.house import house_over
from tests.support.invariants import broken_in
from tests.support.invoices import asked, credited, issued
from tests.support.people import new_tenant
from tests.support.quotes import a_quote, moved
from tests.support.sealing import seal_all
from tests.support.visitors import hold, wait

SOMEBODY = "'01920000-0000-7000-8000-000000000000'::uuid"
"""No tenant's id, nor anything else's."""
_NOON = instant("12:00")
TWO_LUNCHES = calendar_of(
    *(busy_from(_NOON + timedelta(days=at), _NOON + timedelta(days=at, hours=1), uid=f"lunch {at}") for at in (0, 1))
)

PLANTED = {
    "an audit entry is sealed or waits for it, and not both": "delete from work.unsealed",
    "a part of an audit entry goes with its salt, and only with it": "update audit_log set origin_salt = null",
    "seals are numbered from one, without a gap, up to the end of their chain": "delete from audit_seals",
    "each seal follows from the one before, and the chain ends with the last": (
        "update audit_log set action = 'other' where id = (select entry_id from audit_seals where number = 2)"
    ),
    "no event tells of a version that its customer has not come to": "update customers set version = 0",
    "whoever was merged says into whom, and so does the merger": f"update customers set merged_into = {SOMEBODY}",
    "of those who were merged into each other one stands for itself": (
        "update customers c set merged_into = (select id from customers o where o.id <> c.id order by id limit 1)"
    ),
    "nothing is kept of a customer who was erased": "update customers set erased_at = now()",
    "a live visit blocks its person and its resources, for its blocked time": "delete from occupancies",
    "whoever is blocked is blocked by a live visit or a hold that has them": (
        "update appointments set status = 'cancelled'"
    ),
    "a time that is held blocks whom and what it has": (
        "update slot_holds set blocked_from = blocked_from - interval '1 hour'"
    ),
    "what is offered to who waits is told until when, and what is not offered holds nothing": (
        "update waiting_list set status = 'offered'"
    ),
    "no two live visits of one person meet, buffers counted": (
        f"insert into appointments select (jsonb_populate_record(a, jsonb_build_object('id', {SOMEBODY}))).*"
        " from appointments a"
    ),
    "what is busy elsewhere is so in a calendar of that person": f"update busy_times set user_id = {SOMEBODY}",
    "no two busy times of one calendar meet": "update busy_times set ends_at = ends_at + interval '1 day'",
    "a calendar of others is read again": "delete from work.envelopes where kind = 'appointments.fetch_calendar'",
    "a quote's taxes add up to its tax total": "update quotes set taxes = '[]'",
    "a quote without taxes in its prices asks what its items come to": "update quotes set items = '[]'",
    "a quote with taxes in its prices asks no more than its items come to": (
        "update quotes set prices_include_tax = true, items = '[]'"
    ),
    "versions of a quote are counted, and a later one that was sent took the place of the one before": (
        f"update quotes set superseded_by = {SOMEBODY}"
    ),
    "the deposit of a quote is its share of the total": 'update quotes set deposit = \'{"percent": "50"}\'',
    "the deposit of an invoice is its share of the total": "update invoices set deposit = '{\"amount\": 1}'",
    "the postings of every ledger entry come to nothing": "update ledger_postings set amount = amount + 1",
    "what the ledger says is to be received of an invoice is due of it": (
        "delete from ledger_postings where account = 'receivable'"
    ),
    "what was paid of an invoice is what its payments gave it": "delete from payments",
    "what came of a payment is applied, unapplied, given back or lost": "update payments set refunded_amount = 1",
    "what went beyond what came of a payment is a loss, while nothing is left of it": (
        "update payments set overdrawn_amount = 1"
    ),
    "an invoice's taxes add up to its tax total": "update invoices set taxes = '[]'",
    "an invoice without taxes in its prices asks what its items come to": "update invoices set items = '[]'",
    "an invoice with taxes in its prices asks no more than its items come to": (
        "update invoices set prices_include_tax = true, items = '[]'"
    ),
    "what was credited of an invoice is what its credit notes come to, in each tax": "delete from credit_notes",
    "a credit note's taxes add up to its tax total": "update credit_notes set taxes = '[]'",
    "a quote and its invoice name each other": f"update quotes set invoice_id = {SOMEBODY}",
    "what was given out as numbers is there, and no more": "update document_counters set last = last + 1",
    "a tenant is in the directory, has its own record, and both have one slug": "update tenants set slug = 'other'",
    "a tenant has an owner who is not suspended": (
        "update directory.memberships set suspended_at = now() where role = 'owner'"
    ),
    "a membership has its user, and a user's account its membership": "delete from users where role = 'staff'",
    "a user has the role of the membership": "update users set role = 'admin' where role = 'member'",
    "a tenant that is still to be founded is not there yet": (
        "insert into directory.registrations (id, tenant_id, email, password_hash, tenant_name, display_name, profile,"
        f" terms_version, terms_accepted_at) select {SOMEBODY}, id, 'a@b.c', 'x', 'x', 'x', '{{}}', '1', now()"
        " from directory.tenants"
    ),
    "an address is written as it is compared": "update directory.accounts set email = upper(email)",
    "somebody knows what to do with each envelope": (
        f"insert into work.envelopes (tenant_id, id, kind, subject_id, due_at)"
        f" select id, {SOMEBODY}, 'nobody.knows', {SOMEBODY}, now() from directory.tenants"
    ),
    "an envelope that follows an event has it": (
        f"insert into work.envelopes (tenant_id, id, kind, subject_id, due_at)"
        f" select id, {SOMEBODY}, 'identity.mail_code', {SOMEBODY}, now() from directory.tenants"
    ),
    "an envelope that was put aside had been tried": (
        f"insert into work.envelopes (tenant_id, id, kind, subject_id, due_at, parked_at)"
        f" select id, {SOMEBODY}, 'identity.forget_registration', {SOMEBODY}, now(), now() from directory.tenants"
    ),
    "the business clock goes ahead only, and what is done does not pass it": "update work.clock set reached = '1 day'",
    "a request that is kept has a caller of its tenant, a digest and a result": (
        f"insert into idempotency_keys (tenant_id, caller_id, operation, key, fingerprint, result)"
        f" select id, {SOMEBODY}, 'createCustomer', 'k', decode(repeat('00', 32), 'hex'), '{{}}' from directory.tenants"
    ),
    "a tenant's events are numbered without a gap, up to the last number given": (
        "delete from work.stream; insert into event_log (tenant_id, seq, event_id, type, audience, subject_id,"
        " subject_version) select tenant_id, 3, id, 'customer.created', 'customers:read', id, 1 from events limit 1"
    ),
    "an event is numbered once, or waits for it": (
        "insert into event_log (tenant_id, seq, event_id, type, audience, subject_id, subject_version)"
        " select tenant_id, id, event_id, type, audience, subject_id, 1 from work.stream"
    ),
    "what a tenant is counted to have is what it has": "update usage_counters set used = used + 1",
    "what sockets hear of has happened": "delete from events",
    "the rows of public.customers belong to a tenant": f"update customers set tenant_id = {SOMEBODY}",
    "the rows of public.events belong to a tenant": f"update events set tenant_id = {SOMEBODY}",
    "the rows of public.customers have a version and times that go forward": (
        "update customers set updated_at = created_at - interval '1 day'"
    ),
}
"""Statements for a superuser, whom neither row-level security nor a foreign key holds up."""


@pytest.fixture(scope="module")
async def lived_in(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TestDatabase]:
    """A tenant with customers, a calendar, a waiting list, documents, a log sealed in part, and events that wait.

    What a test plants there it undoes.
    """
    database = await databases.new()
    async with house_over(database, tmp_path_factory.mktemp("lived in")) as house:
        tenant = await new_tenant(house)
        async with house.client(tenant.owner.token) as client:
            for _ in range(3):
                await make_customer(client)
            await seal_all(database)
            await make_customer(client)
        desk = await new_desk(house, tenant, bookableOnline=True)
        await desk.booked(startsAt=TEN)
        async with calendar_server(TWO_LUNCHES) as server:
            await imported(house, tenant.owner.token, desk.staff, server.url)
        assert (await hold(desk, startsAt=at("14:00"))).status_code == 201
        assert (await wait(desk, fromAt=at("09:30"), untilAt=at("11:00"))).status_code == 201
        quote = await a_quote(house, tenant, customerId=desk.customer)
        await moved(house, tenant, quote["id"], "sent")
        invoice = await issued(house, tenant, customerId=desk.customer)
        path = f"/invoices/{invoice['id']}/payments"
        await asked(house, tenant, "POST", path, json={"amount": 5_000, "method": "cash"})
        await credited(house, tenant, invoice["id"], amount=100)
    yield database
    assert await broken_in(database) == []


@pytest.fixture
async def inspector(lived_in: TestDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(lived_in.admin)
    yield connection
    await connection.close()


@pytest.mark.parametrize("name", PLANTED)
async def test_what_breaks_it_is_found(inspector: asyncpg.Connection, name: str) -> None:
    assert await findings(inspector, KINDS) == {}
    undone = inspector.transaction()
    await undone.start()
    await inspector.execute("set local session_replication_role = replica")
    await inspector.execute(PLANTED[name])
    found = await findings(inspector, KINDS)
    await undone.rollback()
    assert found.get(name), sorted(found)
    assert await findings(inspector, KINDS) == {}


def test_each_of_the_list_is_shown_to_be_found() -> None:
    names = [each.name for each in INVARIANTS]
    assert len(set(names)) == len(names)
    assert set(names) <= set(PLANTED)


async def test_every_table_of_tenants_is_looked_at(inspector: asyncpg.Connection) -> None:
    tables = await inspector.fetch(
        "select format('%s.%s', table_schema, table_name) as name from information_schema.columns"
        " where column_name = 'tenant_id' and table_schema in ('public', 'work', 'directory')"
    )
    asked = await question(inspector, thorough=False)
    missed = {row["name"] for row in tables if f"the rows of {row['name']} belong to a tenant" not in asked}
    assert missed == {"directory.registrations"}


def cpu_seconds(pid: int) -> float:
    """Of a process of this machine, so far."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


async def test_it_costs_a_few_milliseconds(inspector: asyncpg.Connection) -> None:
    asked, server = await question(inspector, thorough=False), inspector.get_server_pid()
    before = cpu_seconds(server)
    for _ in range(10):
        assert await findings(inspector, KINDS, asked=asked) == {}
    assert cpu_seconds(server) - before < 10 * 0.1


async def test_a_tenant_that_lapses_leaves_what_is_allowed(inspector: asyncpg.Connection) -> None:
    insert = (
        "insert into events (tenant_id, id, type, version, subject_id, subject_version, occurred_at, data)"
        " values ($1, $1, $2, 1, $1, 1, now(), '{}')"
    )
    await inspector.execute(insert, new_id(), "registration.code_wanted")
    assert await findings(inspector, KINDS) == {}
    await inspector.execute(insert, stray := new_id(), "customer.created")
    assert await findings(inspector, KINDS) == {"the rows of public.events belong to a tenant": [f"tenant {stray}"]}
    await inspector.execute("delete from events where tenant_id = $1", stray)
