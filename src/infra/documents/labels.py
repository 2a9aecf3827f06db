"""What stands on every document, in English: the catalogues of letters have it in other languages."""

from collections.abc import Callable, Mapping
from types import MappingProxyType


def marked(text: str) -> str:
    """`text`, to be found by who looks for what must be translated."""
    return text


_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "amount": marked("Amount"),
        "balance": marked("Balance"),
        "cancelled_on": marked("Cancelled on"),
        "closing": marked("Balance at the end"),
        "corrects": marked("Invoice"),
        "credit_note": marked("Credit note"),
        "credited": marked("Credited"),
        "customer": marked("For"),
        "date": marked("Date"),
        "deposit": marked("Deposit"),
        "deposit_due": marked("Of it due as a deposit"),
        "deposit_due_on": marked("Deposit due on"),
        "description": marked("Description"),
        "dispute": marked("Dispute"),
        "discount": marked("Discount"),
        "draft": marked("Draft"),
        "due": marked("Amount due"),
        "due_on": marked("Due on"),
        "inclusive": marked("Prices include taxes; the subtotal does not."),
        "invoice": marked("Invoice"),
        "invoice_total": marked("Total of the invoice"),
        "method": marked("Paid by"),
        "method_card": marked("Card"),
        "method_cash": marked("Cash"),
        "method_cheque": marked("Cheque"),
        "method_other": marked("Other"),
        "method_transfer": marked("Transfer"),
        "not_chosen": marked("Optional, not part of the total"),
        "notes": marked("Notes"),
        "number": marked("Number"),
        "opening": marked("Balance before"),
        "overdue": marked("Of it overdue"),
        "page": marked("Page"),
        "paid": marked("Paid"),
        "payment": marked("Payment"),
        "period": marked("Period"),
        "price": marked("Price"),
        "quantity": marked("Quantity"),
        "quote": marked("Quote"),
        "receipt": marked("Receipt"),
        "refund": marked("Refund"),
        "refunded": marked("Refunded"),
        "statement": marked("Statement of account"),
        "subtotal": marked("Subtotal"),
        "tax": marked("Tax"),
        "tax_number": marked("Tax number"),
        "terms": marked("Terms"),
        "total": marked("Total"),
        "unapplied": marked("Of it more than was due"),
        "valid_until": marked("Valid until"),
        "version": marked("Version"),
        "void": marked("Cancelled invoice"),
    }
)


def labels_by(translated: Callable[[str], str]) -> dict[str, str]:
    return {name: translated(text) for name, text in _LABELS.items()}
