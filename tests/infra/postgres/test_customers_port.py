"""The port `Customers`: the one in memory and the one in Postgres keep the same promises."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Protocol
from uuid import UUID

import pytest

from domains.customers import ChangeCustomer, CreateCustomer, Customer, Customers
from domains.shared.errors import NotFound
from domains.shared.ids import new_id
from domains.shared.postal import PostalAddress
from domains.shared.work import UnitOfWork
from infra.postgres.customers import PostgresCustomers
from infra.postgres.database import Database
from infra.postgres.recording import Origin
from infra.postgres.work import PostgresWork
from tests.support.databases import TestDatabase
from tests.support.fakes import NOON, MemoryWork
from tests.support.fakes_customers import MemoryCustomers
from tests.support.people import Tenant
from tests.support.work import CLOCK

FULL = CreateCustomer(
    name="Grace Hopper",
    company="Navy",
    emails=("grace@example.com", "g@example.com"),
    phones=("+12125550101",),
    addresses=(
        PostalAddress(street="1 Main St", city="Rome", zip_code="00100", country="IT"),
        PostalAddress(city="München"),
    ),
    tags=("vip", "new"),
    notes="Nanoseconds: 𝔊 \\ ' \" %s {}",
    preferred_language="en",
    source="web",
    custom={"gate": "1", "dog": True, "size": 1.5, "count": 3, "none": None},
)


class Refused(Exception):
    """What a use case raises on its way."""


class Shelf(Protocol):
    """One place where customers are kept, for two tenants."""

    @property
    def customers(self) -> Customers: ...
    @property
    def work(self) -> UnitOfWork: ...
    @property
    def tenants(self) -> tuple[UUID, UUID]: ...


class Kept:
    """A `Shelf`."""

    def __init__(self, customers: Customers, work: UnitOfWork, tenants: tuple[UUID, UUID]) -> None:
        self.customers = customers
        self.work = work
        self.tenants = tenants


@pytest.fixture(params=["memory", "postgres"])
async def shelf(
    request: pytest.FixtureRequest, database: TestDatabase, tenant: Tenant, other_tenant: Tenant
) -> AsyncIterator[Shelf]:
    tenants = (tenant.id, other_tenant.id)
    if request.param == "memory":
        memory = MemoryWork()
        yield Kept(MemoryCustomers(memory), memory, tenants)
        return
    pool = Database(database.app, size=2)
    work = PostgresWork(pool, None, Origin(), {}, CLOCK)
    yield Kept(PostgresCustomers(work), work, tenants)
    await pool.close()


async def added(shelf: Shelf, order: CreateCustomer = FULL) -> Customer:
    customer = Customer.create(order, now=NOON)
    async with shelf.work.within(shelf.tenants[0]):
        await shelf.customers.add(customer)
    return customer


async def kept(shelf: Shelf, customer_id: UUID, tenant: int = 0) -> Customer:
    async with shelf.work.within(shelf.tenants[tenant]):
        return await shelf.customers.for_change(customer_id)


@pytest.mark.parametrize("order", [FULL, CreateCustomer(company="Navy"), CreateCustomer(name="'; drop table --")])
async def test_what_is_added_is_found_as_it_was(shelf: Shelf, order: CreateCustomer) -> None:
    customer = await added(shelf, order)
    assert await kept(shelf, customer.id) == customer


async def test_what_is_saved_is_found_changed(shelf: Shelf) -> None:
    customer = await added(shelf)
    order = ChangeCustomer(name=None, emails=None, addresses=None, tags=("old",), notes=None, custom={"dog": 1})
    async with shelf.work.within(shelf.tenants[0]):
        found = await shelf.customers.for_change(customer.id)
        found.change(order, now=NOON + timedelta(hours=1))
        found.archive(now=NOON + timedelta(hours=2))
        await shelf.customers.save(found)
    again = await kept(shelf, customer.id)
    assert again == found
    assert (again.version, again.archived_at, again.custom["dog"]) == (3, NOON + timedelta(hours=2), 1)
    assert again.custom["dog"] is not True


async def test_what_is_changed_and_not_saved_is_lost(shelf: Shelf) -> None:
    customer = await added(shelf)
    async with shelf.work.within(shelf.tenants[0]):
        found = await shelf.customers.for_change(customer.id)
        found.change(ChangeCustomer(notes="lost"), now=NOON)
    assert await kept(shelf, customer.id) == customer


async def test_nobody_there_is_not_found(shelf: Shelf) -> None:
    with pytest.raises(NotFound):
        await kept(shelf, new_id())


async def test_another_tenant_s_is_not_found(shelf: Shelf) -> None:
    customer = await added(shelf)
    with pytest.raises(NotFound):
        await kept(shelf, customer.id, tenant=1)
    assert await kept(shelf, customer.id) == customer


async def test_what_was_refused_on_the_way_never_was(shelf: Shelf) -> None:
    customer, other = await added(shelf), Customer.create(FULL, now=NOON)
    with pytest.raises(Refused):
        await refused_on_the_way(shelf, customer, other)
    assert await kept(shelf, customer.id) == customer
    with pytest.raises(NotFound):
        await kept(shelf, other.id)


async def refused_on_the_way(shelf: Shelf, customer: Customer, other: Customer) -> None:
    async with shelf.work.within(shelf.tenants[0]):
        await shelf.customers.add(other)
        found = await shelf.customers.for_change(customer.id)
        found.change(ChangeCustomer(notes="refused"), now=NOON)
        await shelf.customers.save(found)
        raise Refused
