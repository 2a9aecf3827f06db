"""What happens to payments."""

from uuid import UUID

from domains.customers import OfCustomer


class OfPayment(OfCustomer, frozen=True):
    """`amount` is in the minor unit of `currency`."""

    invoice_id: UUID
    amount: int
    currency: str


class PaymentCreated(OfPayment, frozen=True):
    """An intent was made."""

    type = "payment.created"


class PaymentSucceeded(OfPayment, frozen=True):
    """The money is there. `applied` is what the invoice took."""

    type = "payment.succeeded"

    applied: int


class PaymentFailed(OfPayment, frozen=True):
    """A card was declined, or is not there any more."""

    type = "payment.failed"


class PaymentCancelled(OfPayment, frozen=True):
    """Its intent is over."""

    type = "payment.cancelled"


class PaymentRefunded(OfPayment, frozen=True):
    """`amount` went back, by the refund `refund_id`."""

    type = "payment.refunded"

    refund_id: UUID


class RefundFailed(OfPayment, frozen=True):
    """`amount` did not go back."""

    type = "payment.refund_failed"

    refund_id: UUID


class PaymentDisputed(OfPayment, frozen=True):
    """The cardholder contests `amount`."""

    type = "payment.disputed"


class DisputeClosed(OfPayment, frozen=True):
    """`won`: the money is back."""

    type = "payment.dispute_closed"

    won: bool
