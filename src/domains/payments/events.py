"""What happens to payments."""

from typing import Any
from uuid import UUID

from domains.payments.model import Payment
from domains.shared.events import Event


def about(payment: Payment) -> dict[str, Any]:
    """What every event of a payment tells."""
    return {
        "subject": payment.id,
        "subject_version": payment.version,
        "customer_id": payment.customer_id,
        "invoice_id": payment.invoice_id,
        "currency": payment.currency,
    }


class PaymentEvent(Event, frozen=True):
    """`amount` is in the minor unit of `currency`."""

    customer_id: UUID
    invoice_id: UUID
    amount: int
    currency: str


class PaymentCreated(PaymentEvent, frozen=True):
    """An intent was made."""

    type = "payment.created"


class PaymentSucceeded(PaymentEvent, frozen=True):
    """The money is there. `applied` is what the invoice took."""

    type = "payment.succeeded"

    applied: int


class PaymentFailed(PaymentEvent, frozen=True):
    """A card was declined, or is not there any more."""

    type = "payment.failed"


class PaymentCancelled(PaymentEvent, frozen=True):
    """Its intent is over."""

    type = "payment.cancelled"


class PaymentRefunded(PaymentEvent, frozen=True):
    """`amount` went back, by the refund `refund_id`."""

    type = "payment.refunded"

    refund_id: UUID


class RefundFailed(PaymentEvent, frozen=True):
    """`amount` did not go back."""

    type = "payment.refund_failed"

    refund_id: UUID


class PaymentDisputed(PaymentEvent, frozen=True):
    """The cardholder contests `amount`."""

    type = "payment.disputed"


class DisputeClosed(PaymentEvent, frozen=True):
    """`won`: the money is back."""

    type = "payment.dispute_closed"

    won: bool
