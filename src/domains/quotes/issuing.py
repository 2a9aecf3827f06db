"""Putting a quote out: its number, its link, and its end."""

import copy
from datetime import date, datetime
from uuid import UUID

from domains.billing import DocumentKind, Publishing, reached, standing_for
from domains.customers import Customers
from domains.quotes.events import QuoteSuperseded
from domains.quotes.links import QuoteLinks
from domains.quotes.model import Quote
from domains.quotes.ports import Quotes
from domains.shared.audit import Note
from domains.shared.work import UnitOfWork

EXPIRE_QUOTE = "quotes.expire"


class QuoteIssuing:
    """A step of other capabilities, inside their work."""

    def __init__(
        self, quotes: Quotes, publishing: Publishing, customers: Customers, links: QuoteLinks, work: UnitOfWork
    ) -> None:
        self.quotes = quotes
        self.publishing = publishing
        self.customers = customers
        self.links = links
        self.work = work

    async def today(self, *, now: datetime) -> date:
        """The day that it is for the business."""
        return await self.publishing.today(now=now)

    async def issue(self, quote: Quote, *, now: datetime, mailed: bool = False) -> None:
        """Send a draft. Its number comes last: others wait for it until the work ends.

        `NotFound` where its customer was erased, `InvalidTransition` where the version before it was accepted. One that
        is `mailed` is `Conflict` where the customer has no address. Versions are locked before their customer.
        """
        if quote.revision_of is not None:
            await self._supersede(quote.revision_of, quote.id, now=now)
        await (reached if mailed else standing_for)(self.customers, quote.customer_id)
        defaults = await self.publishing.settings.defaults()
        quote.must_be_sendable(today=defaults.day_of(now))
        link = await self.publishing.link(quote, self.links)
        if over := quote.over_at(defaults.zone):
            self.work.later(EXPIRE_QUOTE, quote.id, at=over)
        quote.send(await self.publishing.number(DocumentKind.QUOTE, defaults, now=now), link, now=now)

    async def _supersede(self, earlier: UUID, later: UUID, *, now: datetime) -> None:
        """Whoever accepts the earlier version at the same time waits for its row, as this does."""
        quote = await self.quotes.for_change(earlier)
        before = copy.copy(quote)
        quote.supersede(later, now=now)
        await self.quotes.save(quote)
        self.work.record(QuoteSuperseded.about(quote))
        self.work.note(Note(action="quote.superseded", subject=quote.id, before=before, after=quote))
