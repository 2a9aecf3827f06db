"""What happens to payments."""

from typing import Any
from uuid import UUID

from domains.payments.model import Payment
from domains.shared.events import Event


def about(payment: Payment) -> dict[str, Any]:
    """What every event of a payment tells, but for its amount, which is in the minor unit of `currency`."""
    return {
        "subject": payment.id,
        "subject_version": payment.version,
        "customer_id": payment.customer_id,
        "invoice_id": payment.invoice_id,
        "currency": payment.currency,
    }


class PaymentCreated(Event, frozen=True):
    """An intent was made."""

    type = "payment.created"

    customer_id: UUID
    invoice_id: UUID
    amount: int
    currency: str


class PaymentSucceeded(Event, frozen=True):
    """The money is there. `applied` is what the invoice took."""

    type = "payment.succeeded"

    customer_id: UUID
    invoice_id: UUID
    amount: int
    currency: str
    applied: int


class PaymentFailed(Event, frozen=True):
    """A card was declined, or is not there any more."""

    type = "payment.failed"

    customer_id: UUID
    invoice_id: UUID
    amount: int
    currency: str


class PaymentCancelled(Event, frozen=True):
    """Its intent is over."""

    type = "payment.cancelled"

    customer_id: UUID
    invoice_id: UUID
    amount: int
    currency: str


class PaymentRefunded(Event, frozen=True):
    """`amount` went back, by the refund `refund_id`."""

    type = "payment.refunded"

    customer_id: UUID
    invoice_id: UUID
    amount: int
    currency: str
    refund_id: UUID


class RefundFailed(Event, frozen=True):
    """`amount` did not go back."""

    type = "payment.refund_failed"

    customer_id: UUID
    invoice_id: UUID
    amount: int
    currency: str
    refund_id: UUID


class PaymentDisputed(Event, frozen=True):
    """The cardholder contests `amount`."""

    type = "payment.disputed"

    customer_id: UUID
    invoice_id: UUID
    amount: int
    currency: str


class DisputeClosed(Event, frozen=True):
    """`won`: the money is back."""

    type = "payment.dispute_closed"

    customer_id: UUID
    invoice_id: UUID
    amount: int
    currency: str
    won: bool
