"""What becomes of a quote: sent under its number, accepted, rejected, or expired when its last day is over."""

import copy
from collections.abc import Collection
from uuid import UUID

from domains.billing import BillingSettings
from domains.quotes.commands import ChangeQuoteStatus
from domains.quotes.events import QuoteAccepted, QuoteExpired, QuoteRejected, QuoteSent
from domains.quotes.issuing import EXPIRE_QUOTE, QuoteIssuing
from domains.quotes.model import Quote
from domains.quotes.ports import Quotes
from domains.quotes.status import QuoteStatus
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.events import Event
from domains.shared.permissions import Permission
from domains.shared.versions import must_be_current
from domains.shared.work import UnitOfWork


class Deciding:
    """Moves quotes on, as staff say."""

    def __init__(self, actor: Actor, quotes: Quotes, issuing: QuoteIssuing, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.quotes = quotes
        self.issuing = issuing
        self.clock = clock
        self.work = work

    async def move(self, quote_id: UUID, order: ChangeQuoteStatus, *, expected: Collection[int] | None) -> Quote:
        """Move a quote on: `draft` to `sent`, and from there to `accepted`, `rejected` or `expired`, which are final.

        - `sent` gives it a public link and the next number of the business's format; numbers have no gaps. It needs an
          item. Nobody is told: that is what `POST /quotes/{quoteId}/send` is for.
        - It expires by itself when its last day is over in the business's time zone; on later days it is neither sent
          nor accepted: `deadline_passed`.
        - The status that it has already changes nothing; any other way is `invalid_transition`.
        """
        self.actor.must(Permission.QUOTES_WRITE)
        async with self.work:
            quote = await self.quotes.for_change(quote_id)
            must_be_current(quote.version, expected)
            if order.status is quote.status:
                return quote
            quote.must_lead_to(order.status)
            before = copy.copy(quote)
            event = await self._moved(quote, order)
            await self.quotes.save(quote)
            self.work.record(event)
            self.work.note(Note(action=event.type, subject=quote.id, before=before, after=quote))
        return quote

    async def _moved(self, quote: Quote, order: ChangeQuoteStatus) -> Event:
        now = self.clock.now()
        match order.status:
            case QuoteStatus.SENT:
                await self.issuing.issue(quote, now=now)
                return QuoteSent.about(quote)
            case QuoteStatus.ACCEPTED:
                quote.accept(now=now, today=await self.issuing.today(now=now))
                return QuoteAccepted.about(quote)
            case QuoteStatus.REJECTED:
                quote.reject(order.reason, now=now)
                return QuoteRejected.about(quote)
            case _:
                quote.expire(now=now)
                return QuoteExpired.about(quote)


class Expiring:
    """Ends offers whose last day is over."""

    def __init__(self, quotes: Quotes, settings: BillingSettings, clock: Clock, work: UnitOfWork) -> None:
        self.quotes = quotes
        self.settings = settings
        self.clock = clock
        self.work = work

    async def expire(self, quote_id: UUID) -> None:
        """Expire a quote on which nobody has decided. Where the business has moved to the west, its day is longer."""
        async with self.work:
            quote = await self.quotes.find(quote_id)
            over = quote.over_at((await self.settings.defaults()).zone) if quote else None
            if quote is None or over is None or not quote.is_offered:
                return
            if self.clock.now() < over:
                self.work.later(EXPIRE_QUOTE, quote.id, at=over)
                return
            before = copy.copy(quote)
            quote.expire(now=self.clock.now())
            await self.quotes.save(quote)
            self.work.record(QuoteExpired.about(quote))
            self.work.note(Note(action="quote.expired", subject=quote.id, before=before, after=quote))
