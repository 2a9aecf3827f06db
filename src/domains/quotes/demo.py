"""The quotes of the demo tenant: for its customers one by one, and how far each has come."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from domains.billing import Deposit, Discount, WantedItem
from domains.quotes.commands import ChangeQuote, CreateQuote
from domains.quotes.status import QuoteStatus

_BOILER = WantedItem(description="Boiler, supplied and fitted", unit_price=289_000, tax_rate="8.875")
STATUSES: Mapping[str, Sequence[QuoteStatus]] = {
    "Ada Lovelace": (QuoteStatus.SENT,),
    "Bluebird Bakery": (),
    "Emmy Noether": (QuoteStatus.SENT, QuoteStatus.ACCEPTED),
}


REVISIONS: Mapping[str, ChangeQuote] = {"Ada Lovelace": ChangeQuote(discount=Discount(percent="8"))}
"""What was changed in the next version of what was sent to them."""


def quote_for(name: str, customer: UUID, prices: Mapping[str, UUID]) -> CreateQuote | None:
    """What the customer of that name was offered, by the price list; None where that is nothing."""
    if name not in STATUSES:
        return None
    return CreateQuote(
        customer_id=customer,
        items=_items(name, prices),
        discount=Discount(percent="5") if name == "Ada Lovelace" else None,
        deposit=Deposit(percent="30") if name == "Emmy Noether" else None,
        terms="Payment within 30 days.",
    )


def _items(name: str, prices: Mapping[str, UUID]) -> tuple[WantedItem, ...]:
    tap = WantedItem(price_item_id=prices["Replace the kitchen tap"], quantity="1.5")
    yearly = WantedItem(
        description="Yearly service, first year", price_item_id=prices["Yearly service"], optional=True, selected=False
    )
    first = _BOILER if name == "Ada Lovelace" else tap
    return (first,) if name == "Bluebird Bakery" else (first, yearly)
