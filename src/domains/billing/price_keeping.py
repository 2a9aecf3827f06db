"""Keeping the price list of a business."""

import copy
from collections.abc import Collection
from uuid import UUID

from domains.billing.defaults import BillingSettings
from domains.billing.price_list import ChangePriceItem, CreatePriceItem, PriceItem, PriceItemChanged
from domains.billing.price_ports import PriceItems
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.versions import must_be_current
from domains.shared.work import UnitOfWork

MOST_PRICES = 10_000
"""A list is searched by going through it."""


class PriceKeeping:
    """Keeps the prices of a business."""

    def __init__(
        self, actor: Actor, prices: PriceItems, settings: BillingSettings, clock: Clock, work: UnitOfWork
    ) -> None:
        self.actor = actor
        self.prices = prices
        self.settings = settings
        self.clock = clock
        self.work = work

    @idempotent
    async def create(self, order: CreatePriceItem) -> PriceItem:
        """Add a price to the list.

        - `unitPrice` is in the minor unit of `currency`, which is the business's own where none is given.
        - No other in the list has the same `sku`: `already_exists`. Beyond 10,000 that are not archived it is
          `conflict`.
        """
        self.actor.must(Permission.SERVICES_WRITE)
        async with self.work:
            price = PriceItem.create(order, await self.settings.defaults(), now=self.clock.now())
            await self.prices.add(price)
            await self.prices.must_hold(MOST_PRICES)
            self.work.record(PriceItemChanged.about(price, fields=["created_at"]))
            self.work.note(Note(action="price_item.created", subject=price.id, after=price))
            return self.work.result(price)

    async def change(self, price_id: UUID, order: ChangePriceItem, *, expected: Collection[int] | None) -> PriceItem:
        """Change a price.

        - An absent field stays as it is; `null` clears it.
        - Documents that were made of it stay as they are.
        """
        self.actor.must(Permission.SERVICES_WRITE)
        async with self.work:
            price = await self.prices.for_change(price_id)
            must_be_current(price.version, expected)
            before, defaults = copy.copy(price), await self.settings.defaults()
            await self._keep(before, price, price.change(order, defaults, now=self.clock.now()), "price_item.updated")
        return price

    async def archive(self, price_id: UUID, *, expected: Collection[int] | None) -> None:
        """Archive a price: no further item is made of it. Archiving one that is archived already changes nothing."""
        self.actor.must(Permission.SERVICES_WRITE)
        async with self.work:
            price = await self.prices.for_change(price_id)
            must_be_current(price.version, expected)
            if price.is_current:
                before = copy.copy(price)
                price.archive(now=self.clock.now())
                await self._keep(before, price, ["archived_at"], "price_item.archived")

    async def _keep(self, before: PriceItem, price: PriceItem, changed: list[str], action: str) -> None:
        if changed:
            await self.prices.save(price)
            self.work.record(PriceItemChanged.about(price, fields=changed))
            self.work.note(Note(action=action, subject=price.id, before=before, after=price))
