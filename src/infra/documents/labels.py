"""What stands on every document, in English: the catalogues of letters have it in other languages."""

from collections.abc import Callable, Mapping
from types import MappingProxyType


def marked(text: str) -> str:
    """`text`, to be found by who looks for what must be translated."""
    return text


_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "amount": marked("Amount"),
        "customer": marked("For"),
        "date": marked("Date"),
        "description": marked("Description"),
        "discount": marked("Discount"),
        "draft": marked("Draft"),
        "inclusive": marked("Prices include taxes; the subtotal does not."),
        "not_chosen": marked("Optional, not part of the total"),
        "notes": marked("Notes"),
        "number": marked("Number"),
        "price": marked("Price"),
        "quantity": marked("Quantity"),
        "quote": marked("Quote"),
        "subtotal": marked("Subtotal"),
        "tax": marked("Tax"),
        "terms": marked("Terms"),
        "total": marked("Total"),
        "valid_until": marked("Valid until"),
    }
)


def labels_by(translated: Callable[[str], str]) -> dict[str, str]:
    return {name: translated(text) for name, text in _LABELS.items()}
