"""Whom an e-mail address or a phone number reaches, in the bound tenant."""

from collections.abc import AsyncIterator

import pytest

from domains.customers import ContactOwner, Contribution, CreateCustomer, Customer, Merger
from infra.postgres.customer_contacts import PostgresContacts
from infra.postgres.customer_mergers import PostgresMergers
from infra.postgres.customers import PostgresCustomers
from infra.postgres.database import Database
from infra.postgres.work import PostgresWork
from tests.support.databases import TestDatabase
from tests.support.fakes import NOON
from tests.support.people import Tenant
from tests.support.work import work_over


@pytest.fixture
async def pool(database: TestDatabase) -> AsyncIterator[Database]:
    pool = Database(database.app, size=2)
    yield pool
    await pool.close()


async def kept(work: PostgresWork, *contacts: str, archived: bool = False) -> Customer:
    emails = tuple(each for each in contacts if "@" in each)
    phones = tuple(each for each in contacts if each.startswith("+"))
    customer = Customer.create(CreateCustomer(name="Ada", emails=emails, phones=phones), now=NOON)
    if archived:
        customer.archive(now=NOON)
    async with work:
        await PostgresCustomers(work).add(customer)
    return customer


async def owners(work: PostgresWork, *contacts: str) -> list[ContactOwner]:
    async with work:
        return list(await PostgresContacts(work).owners(contacts))


def owned(contact: str, customer: Customer) -> ContactOwner:
    return ContactOwner(contact=contact, customer=customer.id, is_archived=customer.is_archived)


async def test_each_contact_has_its_owners_current_ones_first(pool: Database, tenant: Tenant) -> None:
    work = work_over(pool, tenant.id)
    away = await kept(work, "ada@example.com", archived=True)
    one = await kept(work, "ada@example.com", "grace@example.com", "+15551234567")
    two = await kept(work, "ada@example.com", "+15557654321")
    assert await owners(work, "ada@example.com", "+15551234567", "nobody@example.com") == [
        owned("+15551234567", one),
        *(owned("ada@example.com", each) for each in (one, two, away)),
    ]
    assert await owners(work) == []


async def test_whoever_was_merged_is_reached_as_the_last_of_the_chain(pool: Database, tenant: Tenant) -> None:
    work = work_over(pool, tenant.id)
    first, second, third = [await kept(work, f"{name}@example.com") for name in ("first", "second", "third")]
    merge = "update customers set merged_into = $2 where id = $1"
    for one, into in ((first, second), (second, third)):
        async with work:
            await work.connection.execute(merge, one.id, into.id)
            merger = Merger(customer=one.id, into=into.id, merged_at=NOON, contribution=Contribution())
            await PostgresMergers(work).add(merger)
    assert await owners(work, "first@example.com", "third@example.com") == [
        owned("first@example.com", third),
        owned("third@example.com", third),
    ]


async def test_another_tenants_contacts_reach_nobody(pool: Database, tenant: Tenant, other_tenant: Tenant) -> None:
    await kept(work_over(pool, tenant.id), "ada@example.com")
    assert await owners(work_over(pool, other_tenant.id), "ada@example.com") == []
