"""A payment: what was asked for, what came, and what went back."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

import msgspec

from domains.payments.errors import Overrefund
from domains.payments.status import (
    INTENT_RANK,
    OPEN,
    RECEIVED,
    IntentState,
    PaymentMethod,
    PaymentStatus,
    RefundReason,
    RefundStatus,
)
from domains.shared.errors import InvalidTransition
from domains.shared.ids import new_id
from domains.shared.versions import Resource

_OF_INTENT = {
    IntentState.WAITING: PaymentStatus.PENDING,
    IntentState.PROCESSING: PaymentStatus.PROCESSING,
    IntentState.FAILED: PaymentStatus.FAILED,
    IntentState.CANCELLED: PaymentStatus.CANCELLED,
}


class Claim(msgspec.Struct, frozen=True):
    """What is asked for: `amount` of an invoice, of its customer."""

    invoice: UUID
    customer: UUID
    amount: int
    currency: str


class Parts(msgspec.Struct, frozen=True):
    """What of a movement is its invoice's, what was unapplied, and what is beyond what came of the payment."""

    applied: int
    unapplied: int
    beyond: int


class Payment(Resource, kw_only=True):
    """Amounts are in the minor unit of `currency`.

    `applied_amount` is what its invoice has of it, `unapplied_amount` what is there beyond that, `refunded_amount` what
    went back or is on its way, `lost_amount` what disputes took. `overdrawn_amount` is what went beyond what came: a
    dispute takes what it is about, also where that was refunded. `own_account`: by the business's own account at the
    provider, not the platform's. `told_at` and `told` are the newest that the provider said of the intent.
    """

    invoice_id: UUID
    customer_id: UUID
    amount: int
    applied_amount: int = 0
    unapplied_amount: int = 0
    refunded_amount: int = 0
    lost_amount: int = 0
    overdrawn_amount: int = 0
    currency: str
    method: PaymentMethod
    status: PaymentStatus
    own_account: bool = False
    intent_id: str | None = None
    charge_id: str | None = None
    failure_code: str | None = None
    disputed: bool = False
    told: IntentState | None = None
    told_at: datetime | None = None
    note: str | None = None
    received_on: date | None = None
    succeeded_at: datetime | None = None

    @classmethod
    def asked(cls, claim: Claim, *, own_account: bool, now: datetime) -> Self:
        """One by card, of which the provider has not heard yet."""
        return cls(
            id=new_id(), invoice_id=claim.invoice, customer_id=claim.customer, amount=claim.amount,
            currency=claim.currency, method=PaymentMethod.CARD, status=PaymentStatus.PENDING, own_account=own_account,
            created_at=now, updated_at=now,
        )  # fmt: skip

    @classmethod
    def taken(cls, claim: Claim, *, method: PaymentMethod, received_on: date, note: str | None, now: datetime) -> Self:
        """One that staff tell of."""
        return cls(
            id=new_id(), invoice_id=claim.invoice, customer_id=claim.customer, amount=claim.amount,
            currency=claim.currency, method=method, status=PaymentStatus.SUCCEEDED, received_on=received_on,
            note=note, succeeded_at=now,
            created_at=now, updated_at=now,
        )  # fmt: skip

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_received(self) -> bool:
        return self.status in RECEIVED

    @property
    def refundable(self) -> int:
        """What is left to give back."""
        return max(0, self.amount - self.refunded_amount - self.lost_amount) if self.is_received else 0

    def know(self, intent_id: str, *, now: datetime) -> None:
        """Bear the id that the provider gave."""
        self.intent_id = intent_id
        self.touch(now)

    def hear(self, state: IntentState, *, at: datetime, failure_code: str | None, now: datetime) -> bool:
        """Take what the provider said `at` a time; whether anything is different. Older news change nothing.

        What succeeded stays so, and what was cancelled becomes nothing else but that. The provider tells whole seconds:
        it succeeded when it was asked for, at the earliest.
        """
        if self.is_received or (self.status is PaymentStatus.CANCELLED and state is not IntentState.SUCCEEDED):
            return False
        is_final = state in {IntentState.SUCCEEDED, IntentState.CANCELLED}
        if not is_final and self.told_at and self.told and _rank(state, at) <= _rank(self.told, self.told_at):
            return False
        self.told, self.told_at = state, at
        self.failure_code = failure_code if state is IntentState.FAILED else None
        self.status = PaymentStatus.SUCCEEDED if state is IntentState.SUCCEEDED else _OF_INTENT[state]
        if state is IntentState.SUCCEEDED:
            self.succeeded_at = max(at, self.created_at)
        self.touch(now)
        return True

    def apply(self, amount: int) -> None:
        """Count what the invoice took of it; the rest is unapplied."""
        self.applied_amount, self.unapplied_amount = amount, self.amount - amount

    def lose(self, amount: int) -> Parts:
        """Count what has gone: of what was unapplied first, then the invoice's, then beyond what came."""
        unapplied = min(amount, self.unapplied_amount)
        applied = min(amount - unapplied, self.applied_amount)
        parts = Parts(applied, unapplied, amount - unapplied - applied)
        self.unapplied_amount -= unapplied
        self.applied_amount -= applied
        self.overdrawn_amount += parts.beyond
        return parts

    def regain(self, amount: int, *, applied: int) -> Parts:
        """Count what is there again: of what is beyond what came first, then `applied` at most, unapplied the rest."""
        beyond = min(amount, self.overdrawn_amount)
        applied = min(amount - beyond, applied)
        parts = Parts(applied, amount - beyond - applied, beyond)
        self.applied_amount += applied
        self.unapplied_amount += parts.unapplied
        self.overdrawn_amount -= beyond
        return parts

    def give_back(self, amount: int, *, now: datetime) -> None:
        """Set `amount` aside for a refund. Raise `Overrefund`, or `InvalidTransition` for what never came."""
        if not self.is_received or self.disputed:
            raise InvalidTransition(f"What is {self.status.value} is not refunded.")
        if amount > self.refundable:
            raise Overrefund(f"{self.refundable} is left to refund.")
        self.set_aside(amount, now=now)

    def set_aside(self, amount: int, *, now: datetime) -> None:
        """Count a refund, whoever made it."""
        self.refunded_amount += amount
        self._settle_status(now)

    def take_again(self, amount: int, *, now: datetime) -> None:
        """Undo a refund that came to nothing."""
        self.refunded_amount -= amount
        self._settle_status(now)

    def dispute(self, *, disputed: bool, now: datetime) -> None:
        """Follow a dispute. `disputed`: one of the payment's is open, or was lost."""
        self.disputed = disputed
        self._settle_status(now)

    def _settle_status(self, now: datetime) -> None:
        if self.disputed:
            self.status = PaymentStatus.DISPUTED
        elif self.refunded_amount == 0:
            self.status = PaymentStatus.SUCCEEDED
        elif self.refunded_amount < self.amount:
            self.status = PaymentStatus.PARTIALLY_REFUNDED
        else:
            self.status = PaymentStatus.REFUNDED
        self.touch(now)


class Refund(Resource, kw_only=True):
    """What goes back of one payment. `refund_id` is the provider's; `taken_back` is what the invoice lost by it."""

    payment_id: UUID
    amount: int
    taken_back: int = 0
    currency: str
    status: RefundStatus
    reason: RefundReason
    refund_id: str | None = None
    failure_code: str | None = None

    @classmethod
    def of(cls, payment: Payment, amount: int, *, reason: RefundReason, now: datetime) -> Self:
        """One that is on its way."""
        return cls(
            id=new_id(), payment_id=payment.id, amount=amount, currency=payment.currency,
            status=RefundStatus.PENDING, reason=reason, created_at=now, updated_at=now,
        )  # fmt: skip

    @property
    def is_settled(self) -> bool:
        return self.status is not RefundStatus.PENDING

    def settle(self, status: RefundStatus, *, failure_code: str | None = None, now: datetime) -> None:
        self.status, self.failure_code = status, failure_code
        self.touch(now)


def _rank(state: IntentState, at: datetime) -> tuple[datetime, int]:
    return at, INTENT_RANK[state]
