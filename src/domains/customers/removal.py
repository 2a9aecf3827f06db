"""Removing customers: erasing a person, and deleting a record that nothing refers to."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domains.customers.at_hand import at_hand
from domains.customers.events import CustomerDeleted, CustomerErased
from domains.customers.ports import Customers
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork


class Removals(Protocol):
    """What is kept of the tenant's customers, to be taken away."""

    async def erase(self, customer: UUID, *, now: datetime) -> None:
        """Empty all that is about the person, whoever was merged into this one included."""
        ...

    async def delete(self, customer: UUID) -> None:
        """Take the record away with its timeline. Raises `CustomerInUse` where anything else refers to it."""
        ...


class Removal:
    """Takes customers away."""

    def __init__(self, actor: Actor, customers: Customers, removals: Removals, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.customers = customers
        self.removals = removals
        self.clock = clock
        self.work = work

    @idempotent
    async def erase(self, customer_id: UUID, *, expected: Collection[int] | None) -> None:
        """Erase all that is kept about a person: record, notes, timeline, what the audit log says of them.

        - Customers who were merged into this one are erased with it; one that was merged itself is `customer_merged`.
        - What refers to the customer, such as an invoice, stays, and refers to nobody any more.
        - It cannot be undone.
        """
        self.actor.must(Permission.CUSTOMERS_ERASE)
        async with self.work:
            customer = await at_hand(self.customers, customer_id, expected=expected)
            await self.removals.erase(customer.id, now=self.clock.now())
            self.work.record(CustomerErased(subject=customer.id, subject_version=customer.version + 1))
            self.work.note(Note(action="customer.erased", subject=customer.id))
            return self.work.result(None)

    async def delete(self, customer_id: UUID, *, expected: Collection[int] | None) -> None:
        """Delete a record for good, with its timeline.

        - Where anything refers to the customer, a note or another customer too, it is `customer_in_use`.
        """
        self.actor.must(Permission.CUSTOMERS_ERASE)
        async with self.work:
            customer = await at_hand(self.customers, customer_id, expected=expected)
            await self.removals.delete(customer.id)
            self.work.record(CustomerDeleted.about(customer))
            self.work.note(Note(action="customer.deleted", subject=customer.id, before=customer))
