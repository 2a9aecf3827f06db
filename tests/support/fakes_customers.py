"""Customers in memory."""

import copy
from typing import cast
from uuid import UUID

from domains.customers import Customer
from domains.shared.errors import NotFound
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
