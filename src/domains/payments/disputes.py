"""A dispute: a charge that its cardholder contests."""

from datetime import datetime
from typing import Self
from uuid import UUID, uuid5

import msgspec

from domains.payments.model import Payment
from domains.payments.status import DISPUTE_RANK, DisputeStatus
from domains.shared.ids import new_id


class Dispute(msgspec.Struct, kw_only=True):
    """`dispute_id` is the provider's, `told_at` is since when it is as it is known.

    `turn` counts how often it was opened again; `taken_back` is what the invoice lost by it.
    """

    id: UUID
    payment_id: UUID
    dispute_id: str
    amount: int
    taken_back: int = 0
    currency: str
    status: DisputeStatus
    turn: int = 0
    told_at: datetime | None = None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, payment: Payment, amount: int, *, dispute_id: str, now: datetime) -> Self:
        """One that is open."""
        return cls(
            id=new_id(), payment_id=payment.id, dispute_id=dispute_id, amount=amount, currency=payment.currency,
            status=DisputeStatus.OPEN, created_at=now, updated_at=now,
        )  # fmt: skip

    @property
    def source(self) -> UUID:
        """What its movements are booked under: another each time that it is opened again."""
        return uuid5(self.id, str(self.turn)) if self.turn else self.id

    @property
    def is_won(self) -> bool:
        return self.status is DisputeStatus.WON

    @property
    def is_lost(self) -> bool:
        return self.status is DisputeStatus.LOST

    def is_overtaken(self, status: DisputeStatus, *, at: datetime) -> bool:
        """Whether `status`, as it was `at`, is not newer than what is known."""
        known = self.told_at or self.updated_at
        return (at, DISPUTE_RANK[status]) <= (known, DISPUTE_RANK[self.status])
