"""How far a payment has come, and how far what follows it."""

from enum import StrEnum
from types import MappingProxyType


class PaymentStatus(StrEnum):
    """`failed` may still succeed: whoever pays tries another card. The last three follow `succeeded`."""

    PENDING = "pending"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"


OPEN = frozenset({PaymentStatus.PENDING, PaymentStatus.PROCESSING, PaymentStatus.FAILED})
"""What may still become money."""

RECEIVED = frozenset(
    {
        PaymentStatus.SUCCEEDED,
        PaymentStatus.PARTIALLY_REFUNDED,
        PaymentStatus.REFUNDED,
        PaymentStatus.DISPUTED,
    }
)
"""What was money once."""


class PaymentMethod(StrEnum):
    """`card` is by a payment intent, the others are told by staff."""

    CARD = "card"
    CASH = "cash"
    CHEQUE = "cheque"
    TRANSFER = "transfer"
    OTHER = "other"


class RefundStatus(StrEnum):
    """`failed` may follow `succeeded`: the customer's bank sent it back."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class RefundReason(StrEnum):
    """Why money goes back."""

    DUPLICATE = "duplicate"
    FRAUDULENT = "fraudulent"
    OTHER = "other"
    REQUESTED_BY_CUSTOMER = "requested_by_customer"


class DisputeStatus(StrEnum):
    """`won` may be opened again, and `lost` may be won after all: the newest that was told counts."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class IntentState(StrEnum):
    """What a provider says of an intent."""

    WAITING = "waiting"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


DISPUTE_RANK: MappingProxyType[DisputeStatus, int] = MappingProxyType(
    {DisputeStatus.OPEN: 0, DisputeStatus.WON: 1, DisputeStatus.LOST: 2}
)
"""Which of two that were told for the same second counts."""

INTENT_RANK: MappingProxyType[IntentState, int] = MappingProxyType(
    {
        IntentState.WAITING: 0,
        IntentState.PROCESSING: 1,
        IntentState.FAILED: 2,
        IntentState.CANCELLED: 3,
        IntentState.SUCCEEDED: 4,
    }
)
"""Which of two that were told for the same second counts."""
