"""Drafting quotes: made, changed and deleted until they are sent."""

import copy
from collections.abc import Collection
from uuid import UUID

from domains.billing import Drafts
from domains.quotes.commands import ChangeQuote, CreateQuote
from domains.quotes.events import QuoteChanged, QuoteCreated, QuoteDeleted
from domains.quotes.model import Quote
from domains.quotes.ports import Quotes
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.versions import must_be_current
from domains.shared.work import UnitOfWork


class QuoteDrafting:
    """Drafts the quotes of a business."""

    def __init__(self, actor: Actor, quotes: Quotes, drafts: Drafts, work: UnitOfWork) -> None:
        self.actor = actor
        self.quotes = quotes
        self.drafts = drafts
        self.work = work

    @idempotent
    async def create(self, order: CreateQuote) -> Quote:
        """Draft a quote for a customer.

        - All sums are ours: an item is quantity by price, rounded half up; then come discounts, then each tax on the
          sum of what bears it. A discount on the whole is spread over items with the same taxes, in proportion.
        - An item without `taxes` and `taxRate` bears the business's default tax. Optional items count when `selected`.
        - `deposit` is what of the total is asked for first: a percentage of it, half up, or an amount.
        - The currency is the business's own unless one is given, and stays. A number is given when it is sent.
        """
        self.actor.must(Permission.QUOTES_WRITE)
        async with self.work:
            quote = await self.drafts.begin(Quote, order)
            await self.quotes.add(quote)
            self.work.record(QuoteCreated.about(quote))
            self.work.note(Note(action="quote.created", subject=quote.id, after=quote))
            return self.work.result(quote)

    async def change(self, quote_id: UUID, order: ChangeQuote, *, expected: Collection[int] | None) -> Quote:
        """Change a draft.

        - An absent field stays as it is; `null` clears it; `items` are replaced whole. One with the `id` that it has
          in the draft stays that one.
        - What is no draft any more is `invalid_transition`.
        """
        self.actor.must(Permission.QUOTES_WRITE)
        async with self.work:
            quote = await self.quotes.for_change(quote_id)
            must_be_current(quote.version, expected)
            before = copy.copy(quote)
            changed = await self.drafts.revise(quote, order)
            if changed:
                await self.quotes.save(quote)
                self.work.record(QuoteChanged.about(quote, fields=changed))
                self.work.note(Note(action="quote.updated", subject=quote.id, before=before, after=quote))
        return quote

    async def delete(self, quote_id: UUID, *, expected: Collection[int] | None) -> None:
        """Delete a draft.

        - It is gone. What was sent has a number and stays: `invalid_transition`.
        """
        self.actor.must(Permission.QUOTES_WRITE)
        async with self.work:
            quote = await self.quotes.for_change(quote_id)
            must_be_current(quote.version, expected)
            quote.must_be_draft()
            await self.quotes.remove(quote.id)
            self.work.record(QuoteDeleted.about(quote))
            self.work.note(Note(action="quote.deleted", subject=quote.id, before=quote))
