"""What customers do with a quote, by its link and without an account."""

import copy
from uuid import UUID

import msgspec

from domains.billing import DocumentDefaults, DocumentKind, PublicLinks
from domains.quotes.commands import AcceptQuote, RejectQuote
from domains.quotes.events import QuoteAccepted, QuoteRejected
from domains.quotes.model import Quote
from domains.quotes.ports import Quotes
from domains.quotes.standing import StandingOffers
from domains.quotes.status import QuoteStatus
from domains.quotes.views import OfferView
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.events import Event
from domains.shared.idempotency import idempotent
from domains.shared.work import UnitOfWork


class Answered(msgspec.Struct, frozen=True):
    """A quote as its customer sees it after answering. Erasing the customer takes it from the kept results."""

    customer_id: UUID
    offer: OfferView


class Answering:
    """Shows quotes to those who have their links, and takes their answers."""

    def __init__(
        self, quotes: Quotes, public: PublicLinks, standing: StandingOffers, clock: Clock, work: UnitOfWork
    ) -> None:
        self.quotes = quotes
        self.public = public
        self.standing = standing
        self.clock = clock
        self.work = work

    async def show(self, token: str) -> OfferView:
        """Show a quote to whoever has its link.

        - What nobody accepted in time is `expired`, as is what a later version took the place of: `newerUrl` leads to
          that one.
        """
        quote_id = await self.public.bind(DocumentKind.QUOTE, token)
        async with self.work:
            quote = await self.quotes.read(quote_id)
            defaults = await self.standing.must_hold(quote)
        return OfferView.of(quote, business=defaults.business)

    @idempotent
    async def accept(self, token: str, order: AcceptQuote) -> Answered:
        """Accept a quote, by name and signature, with the optional items that are wanted and no others.

        - Without `optionalItemIds` it is accepted as it was shown.
        - Accepting it again by the same name answers the same, and changes nothing; by another it is `conflict`. One
          that was rejected is `invalid_transition`, one whose time is over `expired`.
        - The sums are those of what was chosen; a fixed discount or deposit takes all of it at most.
        """
        quote_id = await self.public.bind(DocumentKind.QUOTE, token)
        async with self.work:
            quote = await self.quotes.for_change(quote_id)
            defaults = await self.standing.must_hold(quote)
            if quote.is_accepted:
                quote.must_be_accepted_by(order.name)
            else:
                quote.must_lead_to(QuoteStatus.ACCEPTED)
                before, now = copy.copy(quote), self.clock.now()
                quote.sign(order, now=now, today=now.astimezone(defaults.zone).date())
                await self._keep(quote, before, QuoteAccepted.about(quote))
            return self.work.result(_answered(quote, defaults))

    @idempotent
    async def reject(self, token: str, order: RejectQuote) -> Answered:
        """Reject a quote, with a reason if one wants to give it.

        - Rejecting it again answers the same, and changes nothing. One that was accepted is `invalid_transition`, one
          whose time is over `expired`.
        """
        quote_id = await self.public.bind(DocumentKind.QUOTE, token)
        async with self.work:
            quote = await self.quotes.for_change(quote_id)
            defaults = await self.standing.must_hold(quote)
            if quote.status is not QuoteStatus.REJECTED:
                before = copy.copy(quote)
                quote.reject(order.reason, now=self.clock.now())
                await self._keep(quote, before, QuoteRejected.about(quote))
            return self.work.result(_answered(quote, defaults))

    async def _keep(self, quote: Quote, before: Quote, event: Event) -> None:
        await self.quotes.save(quote)
        self.work.record(event)
        self.work.note(Note(action=event.type, subject=quote.id, before=before, after=quote))


def _answered(quote: Quote, defaults: DocumentDefaults) -> Answered:
    return Answered(quote.customer_id, OfferView.of(quote, business=defaults.business))
