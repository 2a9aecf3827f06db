"""The quotes of the demo tenant: for its customers one by one, and how far each has come."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from domains.billing import Deposit, Discount, WantedItem
from domains.quotes.commands import CreateQuote
from domains.quotes.status import QuoteStatus

_BOILER = WantedItem(description="Boiler, supplied and fitted", unit_price=289_000, tax_rate="8.875")
_TAP = WantedItem(description="Replace the kitchen tap", quantity="1.5", unit_price=12_500, tax_rate="8.875")
_YEARLY = WantedItem(
    description="Yearly service, first year", unit_price=18_900, tax_rate="8.875", optional=True, selected=False
)
_ITEMS: Mapping[str, Sequence[WantedItem]] = {
    "Ada Lovelace": (_BOILER, _YEARLY),
    "Bluebird Bakery": (_TAP,),
    "Emmy Noether": (_TAP, _YEARLY),
}
STATUSES: Mapping[str, Sequence[QuoteStatus]] = {
    "Ada Lovelace": (QuoteStatus.SENT,),
    "Bluebird Bakery": (),
    "Emmy Noether": (QuoteStatus.SENT, QuoteStatus.ACCEPTED),
}


def quote_for(name: str, customer: UUID) -> CreateQuote | None:
    """What the customer of that name was offered; None where that is nothing."""
    if name not in _ITEMS:
        return None
    return CreateQuote(
        customer_id=customer,
        items=tuple(_ITEMS[name]),
        discount=Discount(percent="5") if name == "Ada Lovelace" else None,
        deposit=Deposit(percent="30") if name == "Emmy Noether" else None,
        terms="Payment within 30 days.",
    )
