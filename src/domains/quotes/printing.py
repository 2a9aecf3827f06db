"""Quotes on paper."""

from uuid import UUID

import msgspec

from domains.billing import BillingSettings, Party, PrintedQuote, Typesetting, address_lines
from domains.customers import Customer, Customers
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

        - Its words, dates and amounts are written as that language writes them. US Letter where that is usual, else A4.
        - A draft has the date of its last change, and no number.
        """
        self.actor.must(Permission.QUOTES_READ)
        async with self.work:
            quote = await self.quotes.read(quote_id)
            customer = await self.customers.for_change(quote.customer_id)
            head, defaults = await self.settings.letterhead(), await self.settings.defaults()
        printed = PrintedQuote(
            number=quote.number,
            language=customer.preferred_language or head.language,
            country=head.country,
            business=head.business,
            customer=_party(customer),
            issued_on=(quote.sent_at or quote.updated_at).astimezone(defaults.zone).date(),
            valid_until=quote.valid_until,
            currency=quote.currency,
            prices_include_tax=quote.prices_include_tax,
            items=quote.items,
            discount=quote.discount,
            subtotal=quote.subtotal,
            discount_total=quote.discount_total,
            taxes=quote.taxes,
            total=quote.total,
            notes=quote.notes,
            terms=quote.terms,
        )
        return QuotePaper(_name(quote), await self.typesetting.quote(printed))


def _party(customer: Customer) -> Party:
    name = customer.company or customer.name or ""
    attention = (customer.name,) if customer.company and customer.name else ()
    address = msgspec.to_builtins(customer.addresses[0]) if customer.addresses else {}
    return Party(name, (*attention, *address_lines(address)))


def _name(quote: Quote) -> str:
    return f"quote-{quote.number or quote.id}"
