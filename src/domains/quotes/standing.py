"""Whether an offer still stands."""

from domains.billing import BillingSettings, DocumentDefaults
from domains.quotes.errors import OfferOver
from domains.quotes.links import QuoteLinks
from domains.quotes.model import Quote
from domains.quotes.ports import Quotes
from domains.shared.clock import Clock


class StandingOffers:
    """A step of others, inside their work."""

    def __init__(self, quotes: Quotes, links: QuoteLinks, settings: BillingSettings, clock: Clock) -> None:
        self.quotes = quotes
        self.links = links
        self.settings = settings
        self.clock = clock

    async def must_hold(self, quote: Quote) -> DocumentDefaults:
        """What the business has in its documents. Raises `OfferOver` where it is over, or where another has its place.

        The link of the later version is told: it is for the same customer.
        """
        if quote.superseded_by is not None:
            newer_url = self.links.url(await self.quotes.read(quote.superseded_by))
            raise OfferOver("A later version took the place of this offer.", newer_url=newer_url)
        defaults = await self.settings.defaults()
        quote.must_be_open(today=defaults.day_of(self.clock.now()))
        return defaults
