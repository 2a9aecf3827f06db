"""Putting a quote out: its number, its link, and its end."""

from datetime import date
from secrets import token_urlsafe

from domains.billing import BillingSettings, DocumentKind, DocumentNumbers, Series
from domains.inbox import Routes
from domains.quotes.links import PUBLIC_QUOTE, QuoteLinks
from domains.quotes.model import Quote
from domains.shared.clock import Clock
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
        clock: Clock,
        work: UnitOfWork,
    ) -> None:
        self.numbers = numbers
        self.routes = routes
        self.links = links
        self.settings = settings
        self.clock = clock
        self.work = work

    async def today(self) -> date:
        """The day that it is for the business."""
        return self.clock.now().astimezone((await self.settings.defaults()).zone).date()

    async def issue(self, quote: Quote) -> None:
        """Send a draft. Its number comes last: others wait for it until the work ends."""
        now, defaults = self.clock.now(), await self.settings.defaults()
        quote.must_be_sendable(today=await self.today())
        token = token_urlsafe(_BYTES)
        await self.routes.add(PUBLIC_QUOTE, token, quote.id)
        if over := quote.over_at(defaults.zone):
            self.work.later(EXPIRE_QUOTE, quote.id, at=over)
        series = Series.at(DocumentKind.QUOTE, defaults.numbering.quote, now, defaults.zone)
        quote.send(await self.numbers.next(series), self.links.lock(quote, token), now=now)
