"""Drafting documents: what they begin with, and for whom they are."""

from collections.abc import Sequence
from functools import partial
from typing import TypeVar

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
        ids = {each.price_item_id for each in wanted if each.price_item_id is not None}
        known = await self.prices.all_of(ids) if ids else {}
        lent = (
            partial(_lent, each, known.get(each.price_item_id), currency, f"items[{at}].priceItemId")
            if each.price_item_id is not None
            else partial(_itself, each)
            for at, each in enumerate(wanted)
        )
        return tuple(together(*lent))


def _lent(wanted: WantedItem, price: PriceItem | None, currency: str, field: str) -> WantedItem:
    if price is None:
        raise ValidationFailed.of(field, "unknown", "Expected the id of a price.")
    return price.lend(wanted, currency=currency, field=field)


def _itself(wanted: WantedItem) -> WantedItem:
    return wanted
