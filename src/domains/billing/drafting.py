"""Drafting documents: what they begin with, and for whom they are."""

from typing import TypeVar

from domains.billing.commands import Draft, Revision
from domains.billing.defaults import BillingSettings
from domains.billing.document import Priced
from domains.customers import Customers
from domains.shared.clock import Clock

Drafted = TypeVar("Drafted", bound=Priced)


class Drafts:
    """A step of others, inside their work. A draft is for a customer who was not merged into another."""

    def __init__(self, customers: Customers, settings: BillingSettings, clock: Clock) -> None:
        self.customers = customers
        self.settings = settings
        self.clock = clock

    async def begin(self, kind: type[Drafted], order: Draft) -> Drafted:
        """A draft as ordered. Raises `NotFound` and `CustomerMerged`."""
        (await self.customers.for_change(order.customer_id)).must_stand_for_itself()
        return kind.draft(order, await self.settings.defaults(), now=self.clock.now())

    async def revise(self, draft: Priced, order: Revision) -> list[str]:
        """Carry out `order`, and name the fields that are now different. Raises `NotFound` and `CustomerMerged`."""
        changed = draft.revise(order, await self.settings.defaults(), now=self.clock.now())
        if "customer_id" in changed:
            (await self.customers.for_change(draft.customer_id)).must_stand_for_itself()
        return changed
