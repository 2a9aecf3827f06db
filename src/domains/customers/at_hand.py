"""Taking a customer's record in hand, to change it."""

from collections.abc import Collection
from uuid import UUID

from domains.customers.model import Customer
from domains.customers.ports import Customers
from domains.shared.versions import must_be_current


async def at_hand(customers: Customers, customer_id: UUID, *, expected: Collection[int] | None) -> Customer:
    """The customer, locked until the work ends.

    Raises `NotFound`, `VersionConflict` where its version is none of `expected`, and `CustomerMerged` where another one
    stands for it.
    """
    customer = await customers.for_change(customer_id)
    must_be_current(customer.version, expected)
    customer.must_stand_for_itself()
    return customer
