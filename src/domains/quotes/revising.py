"""Offering anew: the versions of a quote."""

from uuid import UUID

import msgspec

from domains.billing import standing_for
from domains.customers import Customers
from domains.quotes.events import QuoteCreated, QuoteRevised
from domains.quotes.model import Quote
from domains.quotes.ports import Quotes
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork


class Revised(msgspec.Struct, frozen=True, kw_only=True):
    """The next version of a quote, and whether it was made just now. `customer_id` says whose it is."""

    quote: Quote
    customer_id: UUID
    is_new: bool


class Revising:
    """Makes later versions of quotes."""

    def __init__(self, actor: Actor, quotes: Quotes, customers: Customers, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.quotes = quotes
        self.customers = customers
        self.clock = clock
        self.work = work

    @idempotent
    async def revise(self, quote_id: UUID) -> Revised:
        """Make the next version of a quote that was sent: a draft with the same content and the next `revision`.

        - What is offered stays so until the draft is sent, which gives it a number of its own and takes the place of
          the earlier one: that one is `expired` then, or stays `rejected`, and its link leads to the later one.
        - There is one draft at a time: the same is answered with 200 while it is there. Deleting it makes room.
        - What was accepted, is a draft itself or has a later version in its place is `invalid_transition`.
        """
        self.actor.must(Permission.QUOTES_WRITE)
        async with self.work:
            quote = await self.quotes.for_change(quote_id)
            quote.must_be_last()
            if draft := await self.quotes.version_after(quote_id):
                return self._result(draft, is_new=False)
            customer = await standing_for(self.customers, quote.customer_id)
            draft = quote.next_version(customer.id, now=self.clock.now())
            await self._keep(quote, draft)
            return self._result(draft, is_new=True)

    async def _keep(self, quote: Quote, draft: Quote) -> None:
        await self.quotes.add(draft)
        self.work.record(QuoteCreated.about(draft))
        self.work.record(QuoteRevised.about(quote, revision_id=draft.id))
        self.work.note(Note(action="quote.created", subject=draft.id, after=draft))

    def _result(self, draft: Quote, *, is_new: bool) -> Revised:
        return self.work.result(Revised(quote=draft, customer_id=draft.customer_id, is_new=is_new))
