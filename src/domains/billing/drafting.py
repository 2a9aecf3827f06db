"""Drafting documents: what they begin with, and for whom they are."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeVar
from uuid import UUID

import msgspec

from domains.billing.commands import Draft, Revision
from domains.billing.defaults import BillingSettings
from domains.billing.document import Priced
from domains.billing.items import WantedItem
from domains.billing.price_list import PriceItem
from domains.billing.price_ports import PriceItems
from domains.customers import Customers
from domains.shared.clock import Clock
from domains.shared.errors import ValidationFailed, together

Drafted = TypeVar("Drafted", bound=Priced)


class Drafts:
    """A step of others, inside their work. A draft is for a customer who was not merged into another."""

    def __init__(self, customers: Customers, settings: BillingSettings, prices: PriceItems, clock: Clock) -> None:
        self.customers = customers
        self.settings = settings
        self.prices = prices
        self.clock = clock

    async def begin(self, kind: type[Drafted], order: Draft) -> Drafted:
        """A draft as ordered. Raises `NotFound` and `CustomerMerged`."""
        (await self.customers.for_change(order.customer_id)).must_stand_for_itself()
        defaults = await self.settings.defaults()
        items = await self._priced(order.items, order.currency or defaults.currency)
        return kind.draft(msgspec.structs.replace(order, items=items), defaults, now=self.clock.now())

    async def revise(self, draft: Priced, order: Revision) -> list[str]:
        """Carry out `order`, and name the fields that are now different. Raises `NotFound` and `CustomerMerged`."""
        if order.items:
            order = msgspec.structs.replace(order, items=await self._priced(order.items, draft.currency))
        changed = draft.revise(order, await self.settings.defaults(), now=self.clock.now())
        if "customer_id" in changed:
            (await self.customers.for_change(draft.customer_id)).must_stand_for_itself()
        return changed

    async def _priced(self, wanted: Sequence[WantedItem], currency: str) -> tuple[WantedItem, ...]:
        """The items with what they take from the price list. Raises `ValidationFailed` naming all that is wrong."""
        prices = {each.price_item_id for each in wanted if each.price_item_id is not None}
        services = {each.service_id for each in wanted if each.service_id is not None}
        known = {
            "priceItemId": await self.prices.all_of(prices) if prices else {},
            "serviceId": await self.prices.of_services(services) if services else {},
        }
        return tuple(
            together(*(partial(_lent, each, known, currency, f"items[{at}]") for at, each in enumerate(wanted)))
        )


def _lent(wanted: WantedItem, known: Mapping[str, Mapping[UUID, PriceItem]], currency: str, field: str) -> WantedItem:
    given = {"priceItemId": wanted.price_item_id, "serviceId": wanted.service_id}
    named = [(name, lender) for name, lender in given.items() if lender is not None]
    if not named:
        return wanted
    name, lender = named[-1]
    if len(named) > 1:
        raise ValidationFailed.of(f"{field}.{name}", "conflict", "Expected either priceItemId or serviceId.")
    if lender not in known[name]:
        raise ValidationFailed.of(f"{field}.{name}", "unknown", "There is none with this id.")
    return known[name][lender].lend(wanted, currency=currency, field=f"{field}.{name}")
