"""Customers in memory."""

import copy
from collections.abc import Sequence
from typing import cast
from uuid import UUID

from domains.customers import Customer, CustomField
from domains.shared.errors import AlreadyExists, NotFound
from tests.support.fakes import MemoryWork


class MemoryCustomers:
    """The `Customers` of the tenant to which the work is bound."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work

    async def add(self, customer: Customer) -> None:
        self._work.table("customers")[self._work.tenant, customer.id] = copy.deepcopy(customer)

    async def for_change(self, customer_id: UUID) -> Customer:
        found = self._work.table("customers").get((self._work.tenant, customer_id))
        if found is None:
            raise NotFound.one("customer")
        return cast("Customer", copy.deepcopy(found))

    async def save(self, customer: Customer) -> None:
        await self.add(customer)


class MemoryCustomFields:
    """The `CustomFields` of the tenant to which the work is bound."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work

    async def all(self) -> Sequence[CustomField]:
        own = (field for (tenant, _), field in self._work.table("fields").items() if tenant == self._work.tenant)
        return sorted(copy.deepcopy(list(own)), key=lambda field: str(field.key))

    async def count(self) -> int:
        return len(await self.all())

    async def add(self, field: CustomField) -> None:
        if field.key in {each.key for each in await self.all()}:
            raise AlreadyExists("The key is taken.")
        await self.save(field)

    async def for_change(self, field_id: UUID) -> CustomField:
        found = self._work.table("fields").get((self._work.tenant, field_id))
        if found is None:
            raise NotFound.one("field")
        return cast("CustomField", copy.deepcopy(found))

    async def save(self, field: CustomField) -> None:
        self._work.table("fields")[self._work.tenant, field.id] = copy.deepcopy(field)

    async def remove(self, field_id: UUID) -> None:
        del self._work.table("fields")[self._work.tenant, field_id]
