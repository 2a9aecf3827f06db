"""Quotes on paper."""

from uuid import UUID

import msgspec

from domains.billing import BillingSettings, DocumentKind, PrintedDocument, Typesetting, party_of
from domains.customers import Customers
from domains.quotes.model import Quote
from domains.quotes.ports import Quotes
from domains.shared.actor import Actor
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork


class QuotePaper(msgspec.Struct, frozen=True):
    """A quote as PDF. `name` names it; it is not fit for a file yet."""

    name: str
    content: bytes


class Printing:
    """Makes PDFs of quotes."""

    def __init__(
        self,
        actor: Actor,
        quotes: Quotes,
        customers: Customers,
        settings: BillingSettings,
        typesetting: Typesetting,
        work: UnitOfWork,
    ) -> None:
        self.actor = actor
        self.quotes = quotes
        self.customers = customers
        self.settings = settings
        self.typesetting = typesetting
        self.work = work

    async def pdf(self, quote_id: UUID) -> QuotePaper:
        """Show a quote as PDF, in the language of its customer, or else of the business.

        - Its words, dates and amounts are written as that language writes them. US Letter where that is usual, else A4;
          what stands on it besides is in the `documents` of the business.
        - A draft has the date of its last change, and no number.
        """
        self.actor.must(Permission.QUOTES_READ)
        async with self.work:
            quote = await self.quotes.read(quote_id)
            customer = await self.customers.for_change(quote.customer_id)
            head, defaults = await self.settings.letterhead(), await self.settings.defaults()
        printed = PrintedDocument(
            kind=DocumentKind.QUOTE,
            number=quote.number,
            language=customer.preferred_language or head.language,
            head=head,
            customer=party_of(customer),
            issued_on=(quote.sent_at or quote.updated_at).astimezone(defaults.zone).date(),
            valid_until=quote.valid_until,
            currency=quote.currency,
            prices_include_tax=quote.prices_include_tax,
            items=quote.items,
            subtotal=quote.subtotal,
            discount_total=quote.discount_total,
            taxes=quote.taxes,
            total=quote.total,
            notes=quote.notes,
            terms=quote.terms,
        )
        return QuotePaper(_name(quote), await self.typesetting.document(printed))


def _name(quote: Quote) -> str:
    return f"quote-{quote.number or quote.id}"
