"""Putting a quote out: its number, its link, and its end."""

from datetime import date, datetime
from secrets import token_urlsafe

from domains.billing import BillingSettings, DocumentKind, DocumentNumbers, Series
from domains.inbox import Routes
from domains.quotes.links import PUBLIC_QUOTE, QuoteLinks
from domains.quotes.model import Quote
from domains.shared.work import UnitOfWork

EXPIRE_QUOTE = "quotes.expire"
_BYTES = 32


class Issuing:
    """A step of other capabilities, inside their work."""

    def __init__(
        self,
        numbers: DocumentNumbers,
        routes: Routes,
        links: QuoteLinks,
        settings: BillingSettings,
        work: UnitOfWork,
    ) -> None:
        self.numbers = numbers
        self.routes = routes
        self.links = links
        self.settings = settings
        self.work = work

    async def today(self, *, now: datetime) -> date:
        """The day that it is for the business."""
        return now.astimezone((await self.settings.defaults()).zone).date()

    async def issue(self, quote: Quote, *, now: datetime) -> None:
        """Send a draft. Its number comes last: others wait for it until the work ends."""
        defaults = await self.settings.defaults()
        quote.must_be_sendable(today=await self.today(now=now))
        token = token_urlsafe(_BYTES)
        await self.routes.add(PUBLIC_QUOTE, token, quote.id)
        if over := quote.over_at(defaults.zone):
            self.work.later(EXPIRE_QUOTE, quote.id, at=over)
        series = Series.at(DocumentKind.QUOTE, defaults.numbering.quote, now, defaults.zone)
        quote.send(await self.numbers.next(series), self.links.lock(quote, token), now=now)
