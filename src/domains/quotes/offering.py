"""Offering a quote to its customer by mail."""

import copy
from uuid import UUID

from domains.billing import BillingSettings, DocumentMailing, reached
from domains.customers import Customer, Customers
from domains.identity import Letters
from domains.quotes.events import QuoteSent
from domains.quotes.issuing import QuoteIssuing
from domains.quotes.links import QuoteLinks
from domains.quotes.model import Quote
from domains.quotes.ports import Quotes
from domains.quotes.status import QuoteStatus
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork

MAIL_QUOTE = "quotes.mail"


class Offering:
    """Sends quotes to their customers."""

    def __init__(
        self, actor: Actor, quotes: Quotes, customers: Customers, issuing: QuoteIssuing, clock: Clock, work: UnitOfWork
    ) -> None:
        self.actor = actor
        self.quotes = quotes
        self.customers = customers
        self.issuing = issuing
        self.clock = clock
        self.work = work

    @idempotent
    async def send(self, quote_id: UUID) -> Quote:
        """Mail a quote to its customer, with a link to accept or reject it.

        - A draft becomes `sent`, with its number; one that is sent already is mailed again. Any other is
          `invalid_transition`.
        - The letter goes to the customer's main address, in the customer's language; without an address it is
          `conflict`.
        """
        self.actor.must(Permission.QUOTES_WRITE)
        async with self.work:
            quote = await self.quotes.for_change(quote_id)
            before = copy.copy(quote)
            if quote.is_offered:
                await reached(self.customers, quote.customer_id)
            else:
                quote.must_lead_to(QuoteStatus.SENT)
                await self.issuing.issue(quote, now=self.clock.now(), mailed=True)
                await self.quotes.save(quote)
                self.work.record(QuoteSent.about(quote))
            self.work.later(MAIL_QUOTE, quote.id, at=self.clock.now())
            self.work.note(Note(action="quote.sent", subject=quote.id, before=before, after=quote))
            return self.work.result(quote)


class QuoteMailing(DocumentMailing):
    """The letters of quotes."""

    def __init__(self, letters: Letters, links: QuoteLinks, customers: Customers) -> None:
        super().__init__(letters, links, customers)

    async def mail(self, quote: Quote, customer: Customer, *, business: str) -> None:
        words = {
            "validUntil": quote.valid_until.isoformat() if quote.valid_until else "",
            "deposit": str(quote.deposit_amount),
            "revision": str(quote.revision) if quote.revision > 1 else "",
        }
        await self.write("quote_sent", quote, customer, business=business, words=words)


class QuoteLetters:
    """Has the letters written with which quotes go out."""

    def __init__(self, quotes: Quotes, settings: BillingSettings, mailing: QuoteMailing, work: UnitOfWork) -> None:
        self.quotes = quotes
        self.settings = settings
        self.mailing = mailing
        self.work = work

    async def send(self, quote_id: UUID) -> None:
        """What was decided meanwhile, or has nobody and no address any more, is not mailed."""
        async with self.work:
            quote = await self.quotes.read(quote_id)
            customer = await self.mailing.reader(quote)
            business = (await self.settings.defaults()).business
        if quote.is_offered and customer:
            await self.mailing.mail(quote, customer, business=business)
