"""Putting a quote out: its number, its link, and its end."""

from datetime import date, datetime

from domains.billing import DocumentKind, Publishing, standing_for
from domains.customers import Customers
from domains.quotes.links import QuoteLinks
from domains.quotes.model import Quote
from domains.shared.work import UnitOfWork

EXPIRE_QUOTE = "quotes.expire"


class QuoteIssuing:
    """A step of other capabilities, inside their work."""

    def __init__(self, publishing: Publishing, customers: Customers, links: QuoteLinks, work: UnitOfWork) -> None:
        self.publishing = publishing
        self.customers = customers
        self.links = links
        self.work = work

    async def today(self, *, now: datetime) -> date:
        """The day that it is for the business."""
        return await self.publishing.today(now=now)

    async def issue(self, quote: Quote, *, now: datetime) -> None:
        """Send a draft. Its number comes last: others wait for it until the work ends.

        `NotFound` where its customer was erased.
        """
        await standing_for(self.customers, quote.customer_id)
        defaults = await self.publishing.settings.defaults()
        quote.must_be_sendable(today=defaults.day_of(now))
        link = await self.publishing.link(quote, self.links)
        if over := quote.over_at(defaults.zone):
            self.work.later(EXPIRE_QUOTE, quote.id, at=over)
        quote.send(await self.publishing.number(DocumentKind.QUOTE, defaults, now=now), link, now=now)
