"""To whom documents go."""

from uuid import UUID

from domains.customers import Customer, Customers
from domains.shared.errors import Conflict, NotFound


async def standing_for(customers: Customers, customer_id: UUID) -> Customer:
    """The customer, or whoever it was merged into. `NotFound` once it is erased."""
    customer = await customers.for_change(customer_id)
    while customer.merged_into is not None:
        customer = await customers.for_change(customer.merged_into)
    return customer


async def reached(customers: Customers, customer_id: UUID) -> Customer:
    """The same, with an address: without one it is `Conflict`."""
    customer = await standing_for(customers, customer_id)
    if not customer.emails:
        raise Conflict("The customer has no e-mail address.")
    return customer


async def reachable(customers: Customers, customer_id: UUID) -> Customer | None:
    """The same, or None where nobody can be reached any more."""
    try:
        return await reached(customers, customer_id)
    except (Conflict, NotFound):
        return None
